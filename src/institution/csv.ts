import { stringify } from 'csv-stringify/sync';
import * as v from 'valibot';
import { checkedArgument } from '../input/checkedArgument.js';

/** A cell of a table. An amount is a string, as everywhere. */
export type Cell = string | number | boolean | null | undefined;

/** How the cells of a CSV file are written. */
export type CsvOptions = {
  /**
   * How ids and codes are written that a spreadsheet would run as a formula, say the patron `=1+1`.
   *
   * - `escaped`: with an apostrophe in front, as every other cell. Safe to open in a spreadsheet; a program that matches
   *   ids must strip the apostrophe.
   * - `asIs`: unchanged, for a program that matches them. Do not open such a file in a spreadsheet. Names, titles and
   *   comments are escaped all the same.
   *
   * @defaultValue `'escaped'`
   */
  readonly identifiers?: 'escaped' | 'asIs';
};

/** The schema of the option that all CSV files have. */
export const identifiersField = v.optional(v.picklist(['escaped', 'asIs'], "'escaped' or 'asIs'"), 'escaped');

const optionsSchema = v.strictObject({ identifiers: identifiersField });

/**
 * Checks how cells are to be written.
 *
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT`
 */
export function checkedCsvOptions(options: CsvOptions): Required<CsvOptions> {
  return checkedArgument(optionsSchema, options, 'options');
}

/**
 * Lines of a CSV file (RFC 4180: commas, quotes where needed, CRLF), each with its line end.
 *
 * A cell that a spreadsheet would run as a formula (it begins with `=`, `+`, `-`, `@`, a tab, a line end or NUL, and is
 * not a plain negative number) gets an apostrophe in front.
 *
 * @param isKept - tells by the position of a column whether its cells stay as they are; none of them if left out
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

/** Some spreadsheets take full-width signs for the others in some locales. */
const FORMULA = /^[=+\-@＝＋－＠\t\r\n\0]/;

const NEGATIVE_NUMBER = /^-\d+(?:\.\d+)?$/;

/** Tells whether a spreadsheet would run a cell as a formula. */
export function isFormula(cell: Cell): boolean {
  return typeof cell === 'string' && FORMULA.test(cell) && !NEGATIVE_NUMBER.test(cell);
}
