import { createReadStream } from 'node:fs';
import { pipeline, Readable } from 'node:stream';
import { CsvError, type Info, parse } from 'csv-parse';
import * as v from 'valibot';

/** A line that is not a row: an import or a reconciliation reports it as a finding. */
export type UnreadableRow = {
  /** What is wrong. */
  readonly unreadable: {
    /** The line, counted from 1. */
    readonly line: number;
    /** What was expected. */
    readonly expected: string;
    /** What was found. */
    readonly found: string;
  };
};

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

/** Returns a row that reports a line. */
export function unreadableRow(line: number, expected: string, found: string): UnreadableRow {
  return { unreadable: { line, expected, found } };
}

/**
 * Reads a CSV file (RFC 4180, UTF-8, with a header line) row by row, as objects with the columns as fields. A line with
 * too few or too many cells, and text that is not CSV, become rows that an import reports as findings.
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
export async function* csvRows(
  source: TextSource,
  options: CsvRowsOptions = {},
): AsyncGenerator<Readonly<Record<string, string>> | UnreadableRow> {
  for await (const read of csvLinesIn(source, options)) {
    if ('unreadable' in read) yield read;
    else if (!read.isHeader)
      yield Object.fromEntries(read.header.map((name, at) => [name, read.cells[at] as string]));
  }
}

/** A line of a CSV file. */
type CsvLine = {
  /** The line where it ends, counted from 1. */
  readonly line: number;
  /** The names of the columns. */
  readonly header: readonly string[];
  /** The cells, as many as the header has. */
  readonly cells: readonly string[];
  /** Whether it is the header itself. */
  readonly isHeader: boolean;
};

/** Reads the lines of a CSV file: first its header. */
export async function* csvLinesIn(
  source: TextSource,
  { delimiter = ',' }: CsvRowsOptions,
): AsyncGenerator<CsvLine | UnreadableRow> {
  const parser = parse({
    delimiter,
    info: true,
    bom: true,
    skip_empty_lines: true,
    relax_quotes: true,
    relax_column_count: true,
    max_record_size: LINE_LENGTH_MAX,
  });
  // Also closes the file if the reader stops early. The parser throws any fault.
  pipeline(Readable.from(textPieces(source)), parser, () => {});
  let header: readonly string[] | undefined;
  try {
    for await (const entry of parser) {
      const { record, info } = entry as { readonly record: readonly string[]; readonly info: Info };
      const isHeader = header === undefined;
      header ??= record.map((name) => name.trim());
      if (record.length === header.length) yield { line: info.lines, header, cells: record, isHeader };
      else yield unreadableRow(info.lines, `${header.length} cells, as in the header`, String(record.length));
    }
  } catch (error) {
    if (!(error instanceof CsvError) && !(error instanceof NotUtf8)) throw error;
    yield unreadableRow(parser.info.lines, 'a CSV file in UTF-8', error.message);
  }
}

/** Thrown for bytes that are not UTF-8. */
export class NotUtf8 extends Error {}

/** Reads a source as text. */
export async function* textPieces(source: TextSource): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const decode = (bytes?: Uint8Array) => {
    try {
      return decoder.decode(bytes, { stream: bytes !== undefined });
    } catch {
      throw new NotUtf8('bytes that are not UTF-8');
    }
  };
  for await (const piece of typeof source === 'string' ? createReadStream(source) : source) {
    yield typeof piece === 'string' ? piece : decode(piece as Uint8Array);
  }
  yield decode();
}

/** The schema of a source. */
export const textSourceField = v.custom<TextSource>(
  (source) =>
    (typeof source === 'string' && source !== '') ||
    (typeof source === 'object' &&
      source !== null &&
      (Symbol.iterator in source || Symbol.asyncIterator in source)),
  'a path, or text piece by piece',
);
