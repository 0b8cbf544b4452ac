import { pipeline, Readable } from 'node:stream';
import type { Info } from 'csv-parse';
import * as v from 'valibot';
import { isIterable } from '../input/iterable.js';
import { NOT_UTF8, utf8Text } from '../job/textFile.js';
import { readXml } from '../job/xmlFile.js';
import { ALMA_NAMESPACE } from './bursarAlmaXml.js';
import type { SettlementReading, SettlementRow } from './settlementRow.js';

/** A CSV file with a header line, in UTF-8. An export's own file is valid too: it reports everything as paid. */
export type SettlementCsvFile = SettlementCsvOptions & {
  /** The path of the file. */
  readonly file: string;
  /** The file is CSV. */
  readonly format: 'csv';
};

/**
 * An XML file in the format of Alma's export, in UTF-8. The elements `bursarTransactionId` and `compositeSum` are read,
 * and also `paymentReference`, which Alma's own export does not have.
 */
export type SettlementXmlFile = {
  /** The path of the file. */
  readonly file: string;
  /** The file is XML. */
  readonly format: 'alma-xml';
};

/** Rows that your program has read from the external system's answer. */
export type SettlementRows = {
  /** The rows. */
  readonly rows: AsyncIterable<SettlementRow> | Iterable<SettlementRow>;
};

/** An external system's answer. */
export type SettlementSource = SettlementCsvFile | SettlementXmlFile | SettlementRows;

const file = v.pipe(v.string('a path'), v.nonEmpty('a path'));
const column = v.optional(v.pipe(v.string('a name'), v.nonEmpty('a name')));

const csvFile = v.strictObject({
  file,
  format: v.literal('csv'),
  delimiter: v.optional(v.pipe(v.string(), v.length(1))),
  columns: v.optional(
    v.strictObject({ reference: column, amount: column, paymentReference: column, currency: column }),
  ),
});

const xmlFile = v.strictObject({ file, format: v.literal('alma-xml') });

const OF_FORMATS = 'csv or alma-xml; a delimiter of one character and columns with csv';

/** The schema of a file, which can be read more than once. */
export const settlementFileField = v.union(
  [csvFile, xmlFile],
  `a file with its format, ${OF_FORMATS}`,
) as unknown as v.GenericSchema<SettlementCsvFile | SettlementXmlFile>;

/** The schema of an answer. */
export const settlementSourceField = v.union(
  [
    v.strictObject({
      rows: v.custom<SettlementRows['rows']>(isIterable),
    }),
    csvFile,
    xmlFile,
  ],
  `rows, or a file with its format, ${OF_FORMATS}`,
) as unknown as v.GenericSchema<SettlementSource>;

/** Reads an answer from its beginning. */
export function readingsOf(source: SettlementSource): AsyncGenerator<SettlementReading> {
  if ('rows' in source) return readingsOfRows(source.rows);
  return source.format === 'csv' ? readSettlementCsv(source.file, source) : readSettlementXml(source.file);
}

async function* readingsOfRows(rows: SettlementRows['rows']): AsyncGenerator<SettlementReading> {
  for await (const row of rows) yield { line: null, row };
}

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

/** The element of one fee or credit, and the elements in it that are read. */
const ROW = 'userFineFee';
const FIELDS: ReadonlyMap<string, string> = new Map([
  ['bursarTransactionId', 'reference'],
  ['compositeSum/sum', 'amount'],
  ['compositeSum/currency', 'currency'],
  ['paymentReference', 'paymentReference'],
]);

const form = {
  roots: ['xml-fragment', 'userExportedFineFees'],
  isNamespace: (uri: string) => uri === ALMA_NAMESPACE,
};

/**
 * Reads the rows of an XML file in the format of Alma's export one by one. Ignores other elements. Elements may be in
 * Alma's namespace or in no namespace.
 */
export function readSettlementXml(file: string): AsyncGenerator<SettlementReading> {
  return readXml<SettlementReading>(file, form, ({ open, emit, refuse, line }) => {
    /** The open row, and its depth. */
    let row: { readonly depth: number; readonly fields: Record<string, string> } | undefined;
    const field = () => (row === undefined ? undefined : FIELDS.get(open.slice(row.depth).join('/')));
    const text = (content: string) => {
      const name = field();
      if (name !== undefined && row !== undefined) row.fields[name] = (row.fields[name] ?? '') + content;
    };
    return {
      text,
      // `<sum>1<x/>2</sum>` is not 12.
      opening: (name) => {
        if (field() !== undefined) refuse(`text alone in ${open.at(-1)}`, `an element ${name.slice(0, 80)}`);
      },
      opened: () => {
        if (open.at(-1) === ROW && row === undefined) row = { depth: open.length, fields: {} };
        const repeated = field();
        // A second one would be ambiguous.
        if (repeated !== undefined && row !== undefined && repeated in row.fields) {
          refuse(`one ${open.at(-1)} in a ${ROW}`, 'two');
        } else if (repeated !== undefined) {
          text('');
        }
      },
      closed: () => {
        if (row?.depth !== open.length) return;
        emit({ line: line(), row: row.fields });
        row = undefined;
      },
    };
  });
}
