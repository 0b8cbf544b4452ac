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

/**
 * Checks the options of a CSV file.
 *
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT`
 */
export function checkedCsvOptions(options: CsvOptions): Required<CsvOptions> {
  return checkedArgument(optionsSchema, options, 'options');
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
    { record_delimiter: 'windows', cast: { boolean: String } },
  );
}

/**
 * Formats the lines of a list job as CSV, piece by piece: a header, then each line.
 *
 * @param columns - the names of the line's fields, in order; or a name, and how to get its cell
 * @param options - the format of ids and codes
 * @param texts - the columns with free text, which are escaped with any options
 * @returns the pieces; the generator's return value is that of the lines
 */
export async function* csvText<Line, Report>(
  lines: Lines<Line, Report>,
  columns: readonly (CellName<Line> | readonly [name: string, cellOf: (line: Line) => Cell])[],
  options: CsvOptions,
  texts: readonly string[] = [],
): AsyncGenerator<string, Report, undefined> {
  const { identifiers } = checkedCsvOptions(options);
  const names = columns.map((column) => (typeof column === 'string' ? column : column[0]));
  const isKept = (column: number) => identifiers === 'asIs' && !texts.includes(names[column] as string);
  const cellOf = (line: Line, column: (typeof columns)[number]) =>
    typeof column === 'string' ? (line[column] as Cell) : column[1](line);
  yield csvLines([names]);
  return yield* textOf(lines, (line) => csvLines([columns.map((column) => cellOf(line, column))], isKept));
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

/** The fields of a line whose values are cells. */
type CellName<Line> = {
  [Name in keyof Line & string]: Line[Name] extends Cell ? Name : never;
}[keyof Line & string];

/** Some spreadsheets treat full-width signs like ASCII signs in some locales. */
const FORMULA = /^[=+\-@＝＋－＠\t\r\n\0]/;

const NEGATIVE_NUMBER = /^-\d+(?:\.\d+)?$/;

/** Returns whether a spreadsheet would run a cell as a formula. */
export function isFormula(cell: Cell): boolean {
  return typeof cell === 'string' && FORMULA.test(cell) && !NEGATIVE_NUMBER.test(cell);
}
