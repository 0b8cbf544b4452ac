import { pipeline, Readable } from 'node:stream';
import type { Info } from 'csv-parse';
import { NOT_UTF8, utf8Text } from '../job/textFile.js';
import type { SettlementReading } from './settlementRow.js';

/** The format of a CSV file. */
export type SettlementCsvOptions = {
  /** The delimiter of cells; a comma if left out. */
  readonly delimiter?: string;
  /**
   * The names of the columns, if they differ from the export's.
   *
   * @defaultValue the export's names
   */
  readonly columns?: {
    /** The column of the reference; `reference` if left out. */
    readonly reference?: string;
    /** The column of the paid amount; `amount` if left out. */
    readonly amount?: string;
    /**
     * The column of the external system's reference for the payment; `paymentReference` if left out. Optional in the
     * file.
     */
    readonly paymentReference?: string;
    /** The column of the currency; `currency` if left out. Optional in the file. */
    readonly currency?: string;
  };
};

const ROW_LENGTH_MAX = 1_000_000;

type Column = 'reference' | 'amount' | 'paymentReference' | 'currency';

const mayBeMissing: ReadonlySet<Column> = new Set(['paymentReference', 'currency']);

/** The positions of the columns, and the total number of columns. */
type Header = { readonly width: number; readonly positions: ReadonlyMap<Column, number> };

/** Reads the rows of a CSV file (RFC 4180, UTF-8) with a header line one by one. Ignores other columns. */
export async function* readSettlementCsv(
  file: string,
  { delimiter = ',', columns = {} }: SettlementCsvOptions,
): AsyncGenerator<SettlementReading> {
  const { CsvError, parse } = await import('csv-parse');
  const parser = parse({
    delimiter,
    info: true,
    skip_empty_lines: true,
    max_record_size: ROW_LENGTH_MAX,
    // A quote within a title must not stop the import; a row with an extra cell is a finding of its own.
    relax_quotes: true,
    relax_column_count: true,
  });
  const text = { isUtf8: true };
  // Also closes the file if the reader stops early. The parser throws any fault.
  pipeline(Readable.from(piecesOf(file, text)), parser, () => {});
  const broken = (expected: string, found: string) => ({
    line: parser.info.lines,
    broken: { expected, found },
  });
  let header: Header | undefined;
  try {
    for await (const entry of parser) {
      const { record, info } = entry as { readonly record: readonly string[]; readonly info: Info };
      if (header !== undefined) {
        yield { line: info.lines, ...readingOf(record, header) };
        continue;
      }
      const found = headerOf(record, columns);
      if ('lacks' in found) {
        yield broken(`one column named ${JSON.stringify(found.lacks)}`, `columns ${shown(record)}`);
        return;
      }
      header = found;
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    yield broken('a CSV file', error.message);
    return;
  }
  if (!text.isUtf8) yield broken('a file in UTF-8', 'bytes that are not UTF-8');
  else if (header === undefined) yield broken('a header line', 'an empty file');
}

async function* piecesOf(file: string, text: { isUtf8: boolean }) {
  for await (const piece of utf8Text(file)) {
    if (piece === NOT_UTF8) text.isUtf8 = false;
    else yield piece;
  }
}

/** Finds the columns by name. Throws if a required column is missing, or if a column is repeated. */
function headerOf(
  names: readonly string[],
  columns: NonNullable<SettlementCsvOptions['columns']>,
): Header | { readonly lacks: string } {
  const positions = new Map<Column, number>();
  for (const column of ['reference', 'amount', 'paymentReference', 'currency'] as const) {
    const wanted = columns[column] ?? column;
    const found = names.flatMap((name, position) => (name.trim() === wanted ? [position] : []));
    const [position] = found;
    const mayMiss = mayBeMissing.has(column) && columns[column] === undefined;
    if (found.length > 1 || (position === undefined && !mayMiss)) return { lacks: wanted };
    if (position !== undefined) positions.set(column, position);
  }
  return { width: names.length, positions };
}

function readingOf(cells: readonly string[], { width, positions }: Header) {
  if (cells.length !== width) {
    return { misread: { expected: `${width} cells, as in the header`, found: String(cells.length) } };
  }
  return { row: Object.fromEntries([...positions].map(([column, at]) => [column, cells[at]])) };
}

function shown(names: readonly string[]): string {
  const list = names.map((name) => JSON.stringify(name)).join(', ');
  return list.length > 200 ? `${list.slice(0, 200)}…` : list;
}
