import { isUnreadable } from '../../job/unreadableRow.js';
import { type Table, withNeededColumns } from './importFinding.js';

/** The rows of one patron. */
export type PatronRows = {
  /** The patron, or null for rows without one. */
  readonly patronId: string | null;
  /** The rows of each table, by the table's name. */
  readonly rows: Readonly<Record<string, readonly unknown[]>>;
  /**
   * Whether other rows of this patron came earlier, or may have: of several tables if a row of a later patron came
   * first, of a single one only if the patron came before.
   */
  readonly isUnsorted: boolean;
};

/**
 * Joins tables by patron. Each table has to be sorted by patron: numbers by value, other ids by code units; lists are
 * sorted here. A single table need not be sorted, but the rows of a patron have to follow each other. For streams, only
 * the rows of one patron are kept in memory, and the patrons of a single table. Where one of several tables cannot be read
 * to its end, the accounts from there on are left out: rows of theirs would be missing.
 */
export async function* byPatron(tables: readonly Table[]): AsyncGenerator<PatronRows> {
  const cursors = await Promise.all((await withNeededColumns(tables)).map(cursorOf));
  try {
    let last: string | undefined;
    const patrons = new Set<string>();
    for (;;) {
      for (const cursor of cursors) yield* withoutPatron(cursor);
      const keys = cursors.flatMap(({ head }) => head?.key ?? []);
      const key = keys.reduce<string | undefined>(
        (least, one) => (least === undefined || comparePatrons(one, least) < 0 ? one : least),
        undefined,
      );
      if (key === undefined) return;
      const rows: Record<string, unknown[]> = {};
      for (const cursor of cursors) {
        const taken: unknown[] = [];
        rows[cursor.name] = taken;
        while (cursor.head?.key === key) {
          taken.push(cursor.head.row);
          await cursor.next();
          // A line that cannot be read does not part the rows around it.
          yield* withoutPatron(cursor);
        }
      }
      if (tables.length > 1 && cursors.some(({ isBroken }) => isBroken)) return;
      const isUnsorted =
        tables.length === 1 ? patrons.has(key) : last !== undefined && comparePatrons(key, last) <= 0;
      yield { patronId: key, rows, isUnsorted };
      if (isUnsorted) continue;
      last = key;
      if (tables.length === 1) patrons.add(key);
    }
  } finally {
    await Promise.all(cursors.map(({ close }) => close()));
  }
}

/** Compares two patrons: numbers by value and before other ids; other ids by code units. */
export function comparePatrons(a: string, b: string): number {
  const [isNumberA, isNumberB] = [isNumber(a), isNumber(b)];
  if (isNumberA !== isNumberB) return isNumberA ? -1 : 1;
  if (isNumberA && a.length !== b.length) return a.length - b.length;
  return a < b ? -1 : a > b ? 1 : 0;
}

const isNumber = (key: string) => /^(?:0|[1-9]\d*)$/.test(key);

type Head = { readonly key: string | null; readonly row: unknown };

type Cursor = {
  readonly name: string;
  head: Head | undefined;
  /** Whether the rest of the table was not read. */
  isBroken: boolean;
  readonly next: () => Promise<void>;
  readonly close: () => Promise<void>;
};

async function cursorOf({ name, rows, patron }: Table): Promise<Cursor> {
  const sorted = Array.isArray(rows) ? sortedRows(rows, patron) : rows;
  const iterator =
    Symbol.asyncIterator in sorted ? sorted[Symbol.asyncIterator]() : sorted[Symbol.iterator]();
  const cursor: Cursor = {
    name,
    head: undefined,
    isBroken: false,
    next: async () => {
      const { done, value } = await iterator.next();
      cursor.isBroken ||= isUnreadable(value) && value.unreadable.restNotRead === true;
      cursor.head = done === true ? undefined : { key: idIn(value, patron), row: value };
    },
    close: async () => {
      await iterator.return?.();
    },
  };
  await cursor.next();
  return cursor;
}

function sortedRows(rows: readonly unknown[], patron: string): readonly unknown[] {
  const keyed = rows.map((row) => ({ key: idIn(row, patron), row }));
  return keyed.sort((a, b) => comparePatrons(a.key ?? '', b.key ?? '')).map(({ row }) => row);
}

/** Takes the next rows that have no patron. */
async function* withoutPatron(cursor: Cursor): AsyncGenerator<PatronRows> {
  while (cursor.head !== undefined && cursor.head.key === null) {
    yield { patronId: null, rows: { [cursor.name]: [cursor.head.row] }, isUnsorted: false };
    await cursor.next();
  }
}

/** Reads the id in a field of a row, e.g. its patron; null if it has none. */
export function idIn(row: unknown, field: string): string | null {
  if (typeof row !== 'object' || row === null || isUnreadable(row)) return null;
  const value = fieldOf(row, field);
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  return typeof value === 'string' && value !== '' && value !== '\\N' ? value : null;
}

/** Reads a field of a row, or of a row that keeps its fields in a column `jsonb`, as FOLIO's tables do. */
export function fieldOf(row: object, field: string): unknown {
  try {
    if (Object.hasOwn(row, field)) return (row as Record<string, unknown>)[field];
    const inner = Object.hasOwn(row, 'jsonb') ? (row as Record<string, unknown>).jsonb : undefined;
    return typeof inner === 'object' && inner !== null && Object.hasOwn(inner, field)
      ? (inner as Record<string, unknown>)[field]
      : undefined;
  } catch {
    // A getter that throws: the field counts as missing.
    return undefined;
  }
}

/** Returns the value of a field, not parsed; `a.b` is the field b of an object a; null if it is empty. */
export function valueIn(row: unknown, path: string): unknown {
  let found: unknown = row;
  for (const field of path.split('.')) {
    found = typeof found === 'object' && found !== null ? fieldOf(found, field) : undefined;
  }
  return found === '' || found === '\\N' || found === undefined ? null : found;
}

/** Groups rows by a key, in their order; rows without a key are left out. */
export function grouped<Row>(
  rows: readonly Row[],
  keyOf: (row: Row) => string | undefined,
): ReadonlyMap<string, readonly Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const key = keyOf(row);
    if (key === undefined) continue;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [row]);
    else group.push(row);
  }
  return groups;
}
