import type { Readable } from 'node:stream';
import { csvRows, jsonLines, type Rows, type UnreadableRow } from 'patron-fees/import';
import { openInput } from './eventSource.js';
import { readJson } from './policyFile.js';
import { CliError, type Terminal } from './terminal.js';

/**
 * Opens a file of rows: CSV, if its name ends so or a delimiter is given; otherwise JSON lines, or JSON over several
 * lines.
 *
 * @param delimiter - of cells, one character or `tab`
 * @throws {@link CliError} if the file cannot be read at all
 */
export async function rowsOf(terminal: Terminal, file: string, delimiter: string | undefined): Promise<Rows> {
  const sign = delimiter === 'tab' ? '\t' : delimiter;
  if (sign !== undefined && [...sign].length !== 1)
    throw new CliError(`--delimiter ${sign}: expected one character, or tab.`);
  const { input, size = Number.POSITIVE_INFINITY } = await openInput(terminal, file);
  const { header, pieces } = await begunText(input);
  const isCsv = sign !== undefined || /\.csv$/i.test(file);
  const other = otherDelimiter(header, isCsv ? (sign ?? ',') : undefined);
  if (other !== undefined) {
    input.destroy();
    const between = sign === '\t' ? 'tabs' : JSON.stringify(sign ?? ',');
    const expected = isCsv ? `columns with ${between} between them` : 'JSON lines';
    const found = JSON.stringify(header.slice(0, HEADER_SHOWN_MAX));
    throw new CliError(`${file}: expected ${expected}, found ${found}: --delimiter ${other}?`);
  }
  if (isCsv) return csvRows(pieces, { delimiter: sign ?? ',' });
  // JSON over several lines is no JSON lines, but people have it.
  const value = size > WHOLE_FILE_BYTES_MAX ? undefined : await readJson(file).catch(() => undefined);
  if (value === undefined) return jsonLines(pieces);
  input.destroy();
  return Array.isArray(value) ? value : [value];
}

/** A larger file is read line by line: it must not fill the memory. */
const WHOLE_FILE_BYTES_MAX = 16_777_216;

/** The length of a header in a message. */
const HEADER_SHOWN_MAX = 80;

/** A longer line is no header. */
const HEADER_BYTES_MAX = 65_536;

/** Reads the first line of a text, and returns it with the whole text. */
async function begunText(input: Readable) {
  const iterator = input[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  const read: Buffer[] = [];
  let begin = '';
  for (let isOpen = true; isOpen && !begin.includes('\n') && begin.length < HEADER_BYTES_MAX; ) {
    const { done, value } = await iterator.next();
    isOpen = done !== true;
    if (isOpen) read.push(Buffer.from(value));
    begin = Buffer.concat(read).toString('utf8').trimStart();
  }
  async function* pieces() {
    yield* read;
    yield* { [Symbol.asyncIterator]: () => iterator };
  }
  return { header: (begin.split('\n')[0] as string).trimEnd(), pieces: pieces() };
}

/** Returns how to name the delimiter of a header, if it is not the one in use, or none is and it is not JSON. */
function otherDelimiter(header: string, inUse: string | undefined): string | undefined {
  if (inUse === undefined ? /^[[{"]/.test(header) : header.includes(inUse)) return undefined;
  const counts = [',', ';', '\t', '|'].map((sign) => ({ sign, count: header.split(sign).length - 1 }));
  const [most] = counts.sort((a, b) => b.count - a.count);
  if (most === undefined || most.count === 0) return undefined;
  return most.sign === '\t' ? 'tab' : `"${most.sign}"`;
}

/** Reads the first row: an import of no rows is that of a wrong file. */
export async function begunRows(file: string, rows: Rows): Promise<Rows> {
  if (Array.isArray(rows) && rows.length > 0) return rows;
  const iterator = (async function* () {
    yield* rows;
  })();
  const { done, value } = await iterator.next();
  if (done === true) throw new CliError(`${file}: expected rows, found none.`);
  return (async function* () {
    yield value;
    yield* iterator;
  })();
}

/** Reads the first file once more; the rows of standard input are kept. */
export async function rowsAgain(
  terminal: Terminal,
  file: string,
  rows: Rows[],
  delimiter: string | undefined,
): Promise<Rows> {
  if (file !== '-') return rowsOf(terminal, file, delimiter);
  const kept: unknown[] = [];
  for await (const row of rows[0] as Rows) kept.push(row);
  rows[0] = kept;
  return kept;
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
