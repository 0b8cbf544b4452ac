import { createReadStream } from 'node:fs';
import { pipeline, Readable } from 'node:stream';
import { CsvError, type Info, parse } from 'csv-parse';
import type { UnreadableRow } from './byPatron.js';

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

const LINE_LENGTH_MAX = 10_000_000;

function unreadableRow(line: number, expected: string, found: string): UnreadableRow {
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
  { delimiter = ',' }: CsvRowsOptions = {},
): AsyncGenerator<Readonly<Record<string, string>> | UnreadableRow> {
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
  pipeline(Readable.from(textOf(source)), parser, () => {});
  let header: readonly string[] | undefined;
  try {
    for await (const entry of parser) {
      const { record, info } = entry as { readonly record: readonly string[]; readonly info: Info };
      if (header === undefined) header = record.map((name) => name.trim());
      else if (record.length !== header.length) {
        const expected = `${header.length} cells, as in the header`;
        yield unreadableRow(info.lines, expected, String(record.length));
      } else yield Object.fromEntries(header.map((name, at) => [name, record[at] as string]));
    }
  } catch (error) {
    if (!(error instanceof CsvError) && !(error instanceof NotUtf8)) throw error;
    yield unreadableRow(parser.info.lines, 'a CSV file in UTF-8', error.message);
  }
}

/**
 * Reads JSON lines: one JSON object a line. A line that is not JSON becomes a row that an import reports as a finding.
 *
 * @param source - the file's path, or its text
 * @returns the rows; memory does not grow with their number
 * @throws any error of the file system
 *
 * @example
 * ```ts
 * import { jsonLines } from 'patron-fees/import';
 *
 * const rows = [];
 * for await (const row of jsonLines(['{"id":1}\n{"id"', ':2}\n'])) rows.push(row);
 * rows; //=> [{ id: 1 }, { id: 2 }]
 * ```
 */
export async function* jsonLines(source: TextSource): AsyncGenerator<unknown> {
  let line = 0;
  let rest = '';
  const parsed = (text: string) => {
    line += 1;
    return text.trim() === '' ? [] : [jsonOf(text, line)];
  };
  try {
    for await (const piece of textOf(source)) {
      const lines = (rest + piece).split('\n');
      rest = lines.pop() ?? '';
      for (const text of lines) yield* parsed(text);
      if (rest.length > LINE_LENGTH_MAX) {
        yield unreadableRow(line + 1, `a line of at most ${LINE_LENGTH_MAX} characters`, 'a longer one');
        return;
      }
    }
    yield* parsed(rest);
  } catch (error) {
    if (!(error instanceof NotUtf8)) throw error;
    yield unreadableRow(line + 1, 'text in UTF-8', error.message);
  }
}

function jsonOf(text: string, line: number): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    return unreadableRow(line, 'a JSON object', (error as Error).message);
  }
}

class NotUtf8 extends Error {}

/** Reads a source as text. */
async function* textOf(source: TextSource): AsyncGenerator<string> {
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
