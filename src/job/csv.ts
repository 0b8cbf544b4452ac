import { stringify } from 'csv-stringify/sync';
import * as v from 'valibot';
import { checkedArgument } from '../input/checkedArgument.js';

/** A cell of a table. Amounts are strings. */
export type Cell = string | number | boolean | null | undefined;

/** The format of the cells of a CSV file. */
export type CsvOptions = {
  /**
   * How to write ids and codes that a spreadsheet would run as a formula, e.g. a patron with the id `=1+1`.
   *
   * - `escaped`: with a leading apostrophe, like every other cell. Safe to open in a spreadsheet; a program that
   *   matches ids must strip the apostrophe.
   * - `asIs`: unchanged, for a program that matches them. Do not open such a file in a spreadsheet. Names, titles and
   *   comments are still escaped.
   *
   * @defaultValue `'escaped'`
   */
  readonly identifiers?: 'escaped' | 'asIs';
};

/** The schema of the option `identifiers` of all CSV files. */
export const identifiersField = v.optional(v.picklist(['escaped', 'asIs'], "'escaped' or 'asIs'"), 'escaped');

/** Lines of a list job, or a list of them; a generator's return value is the report. */
export type Lines<Line, Report> =
  | AsyncGenerator<Line, Report>
  | Generator<Line, Report>
  | AsyncIterable<Line>
  | Iterable<Line>;

const optionsSchema = v.strictObject({ identifiers: identifiersField });

/** A column of a CSV file. */
export type Column<Line> = {
  /** The name in the header. */
  readonly name: string;
  /** Returns the cell of a line. */
  readonly cellOf: (line: Line) => Cell;
  /** Whether its cells are ids or codes, which `identifiers: 'asIs'` leaves unchanged. */
  readonly identifies?: true;
};

/** A column, or the name of a field that has ids, codes, figures or dates, but no free text. */
export type Columns<Line> = readonly (CellName<Line> | Column<Line>)[];

/** The fields of a line whose values are cells. */
type CellName<Line> = {
  [Name in keyof Line & string]: Line[Name] extends Cell ? Name : never;
}[keyof Line & string];

/** A CSV file with the given columns: its header, and the text of lines. */
export type CsvTable<Line> = {
  /** The header, with its line end. */
  readonly head: string;
  /** Formats lines, each with its line end. */
  readonly format: (lines: readonly Line[]) => string;
};

/**
 * Returns how lines are written as a CSV file.
 *
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` for invalid options
 */
export function csvTable<Line>(columns: Columns<Line>, options: CsvOptions): CsvTable<Line> {
  const { identifiers } = checkedArgument(optionsSchema, options, 'options');
  const all = columns.map((column) => (typeof column === 'object' ? column : fieldColumn<Line>(column)));
  const isKept = (column: number) => identifiers === 'asIs' && all[column]?.identifies === true;
  return {
    head: csvLines([all.map(({ name }) => name)]),
    format: (lines) =>
      csvLines(
        lines.map((line) => all.map(({ cellOf }) => cellOf(line))),
        isKept,
      ),
  };
}

function fieldColumn<Line>(name: CellName<Line>): Column<Line> {
  return { name, cellOf: (line) => line[name] as Cell, identifies: true };
}

/**
 * Formats rows as lines of a CSV file (RFC 4180: commas, quotes where needed, CRLF), each with its line end.
 *
 * A cell that a spreadsheet would run as a formula (it begins with `=`, `+`, `-`, `@`, a tab, a line end or NUL, and is
 * not a plain negative number) gets a leading apostrophe.
 *
 * @param isKept - returns whether the column at an index is written unchanged; all columns are escaped if left out
 * @source https://owasp.org/www-community/attacks/CSV_Injection
 */
export function csvLines(
  rows: readonly (readonly Cell[])[],
  isKept: (column: number) => boolean = () => false,
): string {
  return stringify(
    rows.map((row) => row.map((cell, column) => (isFormula(cell) && !isKept(column) ? `'${cell}` : cell))),
    // Readers end a line at one character of a line end, too.
    { record_delimiter: 'windows', quoted_match: /[\r\n]/, cast: { boolean: String } },
  );
}

/**
 * Formats the lines of a list job as CSV, piece by piece: a header, then each line.
 *
 * @returns the pieces; the generator's return value is that of the lines
 */
export async function* csvText<Line, Report>(
  lines: Lines<Line, Report>,
  columns: Columns<Line>,
  options: CsvOptions,
): AsyncGenerator<string, Report, undefined> {
  const { head, format } = csvTable(columns, options);
  yield head;
  return yield* textOf(lines, (line) => format([line]));
}

/** Formats lines one by one. The generator's return value is that of the lines. */
export async function* textOf<Line, Report>(
  lines: Lines<Line, Report>,
  format: (line: Line) => string,
): AsyncGenerator<string, Report, undefined> {
  let report: Report | undefined;
  for await (const line of noting(lines, (returned) => (report = returned))) yield format(line);
  return report as Report;
}

/** Yields lines, and notes what their generator returns; undefined for a list. */
export async function* noting<Line, Report>(
  lines: Lines<Line, Report>,
  note: (returned: Report) => void,
): AsyncGenerator<Line> {
  note(yield* lines as AsyncGenerator<Line, Report>);
}

/** Some spreadsheets treat full-width signs like ASCII signs in some locales. */
const FORMULA = /^[=+\-@＝＋－＠\t\r\n\0]/;

const NEGATIVE_NUMBER = /^-\d+(?:\.\d+)?$/;

/** Returns whether a spreadsheet would run a cell as a formula. */
export function isFormula(cell: Cell): boolean {
  return typeof cell === 'string' && FORMULA.test(cell) && !NEGATIVE_NUMBER.test(cell);
}
