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

/** Some spreadsheets treat full-width signs like ASCII signs in some locales. */
const FORMULA = /^[=+\-@＝＋－＠\t\r\n\0]/;

const NEGATIVE_NUMBER = /^-\d+(?:\.\d+)?$/;

/** Returns whether a spreadsheet would run a cell as a formula. */
export function isFormula(cell: Cell): boolean {
  return typeof cell === 'string' && FORMULA.test(cell) && !NEGATIVE_NUMBER.test(cell);
}
