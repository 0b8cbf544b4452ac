import type Database from 'libsql';

/** A patron, as the library system knows them. */
export type Patron = {
  readonly patronId: string;
  readonly name: string;
  readonly barcode: string;
  readonly email: string;
  readonly group: string;
  /** The language in which the library writes to them, such as `de`. */
  readonly language: string;
  readonly hasOverdueLoans: boolean;
};

/** An item that a patron has on loan. */
export type Loan = {
  readonly title: string;
  readonly barcode: string;
  readonly library: string;
  readonly dueAt: string;
};

/** The patrons and loans of a library system, as far as the desk needs them. patron-fees stores neither. */
export type Directory = {
  readonly add: (patron: Patron, loans: readonly Loan[]) => void;
  readonly find: (patronId: string) => Patron | undefined;
  readonly loansOf: (patronId: string) => readonly Loan[];
  /**
   * The patron whose barcode or id is the words; else at most `limit` patrons of whom each word is part of the name or the
   * barcode, in any order and without regard to case and accents.
   */
  readonly search: (words: string, limit: number) => readonly Patron[];
  readonly all: () => readonly Patron[];
  readonly groups: () => readonly string[];
};

const tables = `
  CREATE TABLE IF NOT EXISTS desk_patrons (
    patron_id TEXT PRIMARY KEY, name TEXT NOT NULL, barcode TEXT NOT NULL UNIQUE, email TEXT NOT NULL,
    user_group TEXT NOT NULL, language TEXT NOT NULL, overdue INTEGER NOT NULL);
  CREATE TABLE IF NOT EXISTS desk_loans (
    patron_id TEXT NOT NULL, title TEXT NOT NULL, barcode TEXT NOT NULL, library TEXT NOT NULL, due_at TEXT NOT NULL);
  CREATE INDEX IF NOT EXISTS desk_loans_of ON desk_loans (patron_id);
  CREATE TABLE IF NOT EXISTS desk_found_by (patron_id TEXT PRIMARY KEY, words TEXT NOT NULL);`;

/** The words of a search that are looked for; the others are left out. SQLite takes a limited number of conditions. */
const WORDS_MAX = 20;

const columns =
  'patron_id AS patronId, name, barcode, email, user_group AS "group", language, overdue AS hasOverdueLoans';

/** The directory in a SQLite database. */
export function directoryIn(database: Database.Database): Directory {
  database.exec(tables);
  const addPatron = database.prepare('INSERT INTO desk_patrons VALUES (?, ?, ?, ?, ?, ?, ?)');
  const addWords = database.prepare('INSERT INTO desk_found_by VALUES (?, ?)');
  const addLoan = database.prepare('INSERT INTO desk_loans VALUES (?, ?, ?, ?, ?)');
  const patronsWhere = (condition: string, ...values: readonly (string | number)[]) =>
    (database.prepare(`SELECT ${columns} FROM desk_patrons ${condition}`).all(...values) as Patron[]).map(
      (row) => ({ ...row, hasOverdueLoans: Boolean(row.hasOverdueLoans) }),
    );
  return {
    add({ patronId, name, barcode, email, group, language, hasOverdueLoans }, loans) {
      addPatron.run(patronId, name, barcode, email, group, language, hasOverdueLoans ? 1 : 0);
      addWords.run(patronId, plainText(`${name} ${barcode}`));
      for (const loan of loans) addLoan.run(patronId, loan.title, loan.barcode, loan.library, loan.dueAt);
    },
    find: (patronId) => patronsWhere('WHERE patron_id = ?', patronId)[0],
    loansOf: (patronId) =>
      database
        .prepare(
          'SELECT title, barcode, library, due_at AS dueAt FROM desk_loans WHERE patron_id = ? ORDER BY due_at',
        )
        .all(patronId) as Loan[],
    search(entered, limit) {
      // A text in SQLite ends at this character.
      const words = entered.replaceAll('\0', ' ').trim();
      const scanned = patronsWhere('WHERE barcode = ?1 OR patron_id = ?1', words);
      if (scanned.length > 0) return scanned;
      const parts = plainText(words)
        .split(/[\s,]+/)
        .filter(Boolean)
        .slice(0, WORDS_MAX);
      if (parts.length === 0) return [];
      const conditions = parts.map(() => "words LIKE ? ESCAPE '\\'").join(' AND ');
      return patronsWhere(
        `JOIN desk_found_by USING (patron_id) WHERE ${conditions} ORDER BY name, patron_id LIMIT ?`,
        ...parts.map((part) => `%${part.replace(/[\\%_]/g, '\\$&')}%`),
        limit,
      );
    },
    all: () => patronsWhere('ORDER BY patron_id'),
    groups: () => [...new Set(patronsWhere('ORDER BY user_group').map(({ group }) => group))],
  };
}

/** A text without accents and capitals. */
function plainText(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}
