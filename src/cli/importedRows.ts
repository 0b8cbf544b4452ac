import { csvRows, jsonLines, type Rows, type UnreadableRow } from 'patron-fees/import';
import { openInput } from './eventSource.js';
import { readJson } from './policyFile.js';
import { CliError, type Terminal } from './terminal.js';

/**
 * Opens a file of rows: CSV, if its name ends so or a delimiter is given; otherwise JSON lines, or JSON over several lines.
 *
 * @param delimiter - of cells, one character or `tab`
 * @throws {@link CliError} if the file cannot be read at all
 */
export async function rowsOf(terminal: Terminal, file: string, delimiter: string | undefined): Promise<Rows> {
  const sign = delimiter === 'tab' ? '\t' : delimiter;
  if (sign !== undefined && [...sign].length !== 1)
    throw new CliError(`--delimiter ${sign}: expected one character, or tab.`);
  const { input, size = Number.POSITIVE_INFINITY } = await openInput(terminal, file);
  if (sign !== undefined) return csvRows(input, { delimiter: sign });
  if (/\.csv$/i.test(file)) return csvRows(input);
  // JSON over several lines is no JSON lines, but people have it.
  const value = size > WHOLE_FILE_BYTES_MAX ? undefined : await readJson(file).catch(() => undefined);
  if (value === undefined) return jsonLines(input);
  input.destroy();
  return Array.isArray(value) ? value : [value];
}

/** A larger file is read line by line: it must not fill the memory. */
const WHOLE_FILE_BYTES_MAX = 16_777_216;

/** Reads the first row, so that a file of another form is refused once and before the work. */
export async function begunRows(file: string, rows: Rows, column: string | undefined): Promise<Rows> {
  if (Array.isArray(rows) && rows.length > 0) return rows;
  const iterator = (async function* () {
    yield* rows;
  })();
  const { done, value } = await iterator.next();
  if (done === true) throw new CliError(`${file}: expected rows, found none.`);
  const names = Object.keys(Object(value));
  const header = names.join(',').slice(0, 80);
  const other = names.length === 1 ? /[;\t|]/.exec(header)?.[0] : undefined;
  if (unreadableLine(value) === undefined && column !== undefined && !names.includes(column)) {
    const remedy = other === undefined ? '' : `: --delimiter ${other === '\t' ? 'tab' : `"${other}"`}?`;
    throw new CliError(`${file}: expected a column ${column}, found ${JSON.stringify(header)}${remedy}`);
  }
  return (async function* () {
    yield value;
    yield* iterator;
  })();
}

/** Returns what is wrong with a line that could not be read; undefined for a row. */
export function unreadableLine(row: unknown): UnreadableRow['unreadable'] | undefined {
  const { unreadable } = Object(row) as Partial<UnreadableRow>;
  return typeof Object(unreadable).line === 'number' ? unreadable : undefined;
}

/** Writes what is wrong with a line. */
export function lineText(file: string, { line, expected, found }: UnreadableRow['unreadable']): string {
  return `${file}:${line}: expected ${expected}, found ${found}`;
}
