import { stringify } from 'csv-stringify/sync';

/** A cell of a table. An amount is a string, as everywhere. */
export type Cell = string | number | boolean | null | undefined;

/**
 * Lines of a CSV file (RFC 4180: commas, quotes where needed, CRLF), each with its line end.
 *
 * A cell that a spreadsheet would take for a formula (one that begins with `=`, `+`, `-`, `@`, a tab, a line end
 * or NUL, and is not a plain negative number) gets an apostrophe in front, so that a title or a comment from outside
 * cannot run anything.
 *
 * @source https://owasp.org/www-community/attacks/CSV_Injection
 */
export function csvLines(rows: readonly (readonly Cell[])[]): string {
  return stringify(
    rows.map((row) => row.map(harmless)),
    { record_delimiter: 'windows', cast: { boolean: String } },
  );
}

/** Some spreadsheets take signs of full width for the others in some locales. */
const FORMULA = /^[=+\-@＝＋－＠\t\r\n\0]/;

const NEGATIVE_NUMBER = /^-\d+(?:\.\d+)?$/;

function harmless(cell: Cell): Cell {
  return typeof cell === 'string' && FORMULA.test(cell) && !NEGATIVE_NUMBER.test(cell) ? `'${cell}` : cell;
}
