import { isUtf8 } from 'node:buffer';
import { createReadStream } from 'node:fs';
import { pipeline, Readable } from 'node:stream';
import type { CsvError, Info } from 'csv-parse';
import * as v from 'valibot';
import { isIterable } from '../input/iterable.js';
import { type TextHeader, withLine, withTextHeader } from './rowLines.js';
import { type UnreadableRow, unreadableRow } from './unreadableRow.js';

/** A file by its path, or its text piece by piece. */
export type TextSource = string | Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>;

/** The format of a CSV file. */
export type CsvRowsOptions = {
  /**
   * The delimiter of cells.
   *
   * @defaultValue `","`
   */
  readonly delimiter?: string;
};

/** The maximum length of a line, in characters. */
export const LINE_LENGTH_MAX = 10_000_000;

/** Returns the last row of a source whose rest cannot be read. */
export function unreadableRest(line: number, expected: string, found: string): UnreadableRow {
  const unreadable = { line, expected, found: `${found}; the rest was not read`, restNotRead: true } as const;
  return withLine({ unreadable }, line);
}

/**
 * Reads a CSV file (RFC 4180, UTF-8, with a header line) row by row, as objects with the columns as fields. Spaces
 * around cells are dropped. A line with too few or too many cells becomes a row that an import reports as a finding. So
 * does text that is not CSV, and a header with a column twice; nothing after them is read.
 *
 * @param source - the file's path, or its text
 * @param options - the delimiter
 * @returns the rows; memory does not grow with their number
 * @throws any error of the file system
 *
 * @example
 * ```ts
 * import { csvRows } from 'patron-fees/import';
 *
 * const rows = [];
 * for await (const row of csvRows(['patronId,amount\n', 'u17,12.50\n'])) rows.push(row);
 * rows; //=> [{ patronId: 'u17', amount: '12.50' }]
 * ```
 */
export function csvRows(
  source: TextSource,
  options: CsvRowsOptions = {},
): AsyncGenerator<Readonly<Record<string, string>> | UnreadableRow> {
  const columns: TextHeader = { names: null };
  return withTextHeader(csvObjects(source, options, columns), columns);
}

async function* csvObjects(
  source: TextSource,
  options: CsvRowsOptions,
  columns: TextHeader,
): AsyncGenerator<Readonly<Record<string, string>> | UnreadableRow> {
  for await (const read of csvLinesIn(source, options)) {
    if ('unreadable' in read) {
      yield read;
      continue;
    }
    const { header, cells, line } = read;
    if (!read.isHeader) {
      yield withLine(Object.fromEntries(header.map((name, at) => [name, cells[at] as string])), line);
      continue;
    }
    columns.names = header;
    const twice = header.find((name, at) => name !== '' && header.indexOf(name) < at);
    if (twice === undefined) continue;
    yield unreadableRest(line, 'each column once', `${JSON.stringify(twice.slice(0, 80))} twice`);
    return;
  }
}

/** A line of a CSV file. */
type CsvLine = {
  /** The line where it ends, counted from 1. */
  readonly line: number;
  /** The names of the columns. */
  readonly header: readonly string[];
  /** The cells without spaces around them, as many as the header has. */
  readonly cells: readonly string[];
  /** Whether it is the header itself. */
  readonly isHeader: boolean;
};

/** Reads the lines of a CSV file: first its header. */
export async function* csvLinesIn(
  source: TextSource,
  { delimiter = ',' }: CsvRowsOptions,
): AsyncGenerator<CsvLine | UnreadableRow> {
  let fault:
    | { readonly error: CsvError | NotUtf8; readonly line: number; readonly blank: number }
    | undefined;
  const { parse } = await import('csv-parse');
  const parser = parse({
    delimiter,
    info: true,
    bom: true,
    skip_empty_lines: true,
    relax_quotes: true,
    relax_column_count: true,
    max_record_size: LINE_LENGTH_MAX,
    // An error would destroy the parser with the rows that it has, so a fault ends the text instead.
    skip_records_with_error: true,
    on_skip: (error) => {
      const { lines: line, empty_lines: blank } = Object(error) as Info;
      if (error !== undefined) fault ??= { error, line, blank };
    },
  });
  async function* untilFault(): AsyncGenerator<string> {
    try {
      for await (const piece of textPieces(source)) {
        if (fault !== undefined) return;
        yield piece;
      }
    } catch (error) {
      if (!(error instanceof NotUtf8)) throw error;
      fault ??= { error, line: error.line, blank: 0 };
    }
  }
  // Also closes the file if the reader stops early.
  pipeline(Readable.from(untilFault()), parser, () => {});
  let header: readonly string[] | undefined;
  let last = { lines: 0, empty_lines: 0 };
  for await (const entry of parser) {
    const { record, info } = entry as { readonly record: readonly string[]; readonly info: Info };
    // The beginning of a line that cannot be read may end with half an amount.
    if (fault !== undefined && info.lines >= fault.line) break;
    const isHeader = header === undefined;
    const cells = record.map((cell) => cell.trim());
    header ??= cells;
    last = info;
    if (cells.length === header.length) yield { line: info.lines, header, cells, isHeader };
    else yield unreadableRow(info.lines, `${header.length} cells, as in the header`, String(cells.length));
  }
  if (fault === undefined) return;
  const { error, line, blank } = fault;
  if (error instanceof NotUtf8) return yield unreadableRest(line, 'a CSV file in UTF-8', error.message);
  // The parser is where the text ends, not at the line where the row begins.
  const begins = last.lines + 1 + blank - last.empty_lines;
  const isQuote = error.code === 'CSV_QUOTE_NOT_CLOSED';
  yield unreadableRest(begins, 'a CSV file', isQuote ? 'a quote that is not closed' : error.message);
}

/** Thrown for bytes that are not UTF-8. */
export class NotUtf8 extends Error {
  constructor(
    /** The line with the first of them, counted from 1. */
    readonly line: number,
  ) {
    super('bytes that are not UTF-8');
  }
}

/** Reads a source as text, up to the line with the first bytes that are not UTF-8. */
export async function* textPieces(source: TextSource): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let lineEnds = 0;
  // The last bytes, because a character may begin in one piece and end in the next.
  let tail: Uint8Array = new Uint8Array();
  const counted = (text: string) => {
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lineEnds += 1;
    return text;
  };
  for await (const piece of typeof source === 'string' ? createReadStream(source) : source) {
    if (typeof piece === 'string') {
      yield counted(piece);
      continue;
    }
    const bytes = piece as Uint8Array;
    // Latin text in UTF-16 is UTF-8 as well, with a zero beside each letter.
    if (tail.length === 0 && bytes.subarray(0, 2).includes(0)) throw new NotUtf8(1);
    let text: string;
    try {
      text = decoder.decode(bytes, { stream: true });
    } catch {
      const sound = soundLines(Buffer.concat([begunCharacter(tail), bytes]));
      yield counted(sound);
      throw new NotUtf8(lineEnds + 1);
    }
    tail = Buffer.concat([tail, bytes.subarray(-3)]).subarray(-3);
    yield counted(text);
  }
  if (begunCharacter(tail).length > 0) throw new NotUtf8(lineEnds + 1);
}

/** Returns the lines before the first one that is not UTF-8. */
function soundLines(bytes: Buffer): string {
  let end = 0;
  for (let next = bytes.indexOf(10); next >= 0; next = bytes.indexOf(10, end)) {
    if (!isUtf8(bytes.subarray(end, next))) break;
    end = next + 1;
  }
  return bytes.toString('utf8', 0, end);
}

/** Returns the bytes of a last character that is not complete. */
function begunCharacter(tail: Uint8Array): Uint8Array {
  let start = tail.length - 1;
  while (start >= 0 && (tail[start] as number) < 0xc0) start -= 1;
  const first = tail[start] ?? 0;
  const length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  return start < 0 || tail.length - start >= length ? tail.subarray(tail.length) : tail.subarray(start);
}

/** The schema of a source. */
export const textSourceField = v.custom<TextSource>(
  (source) => (typeof source === 'string' && source !== '') || isIterable(source),
  'a path, or text piece by piece',
);
