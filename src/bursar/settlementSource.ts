import * as v from 'valibot';
import { isIterable } from '../input/iterable.js';
import { readSettlementCsv, type SettlementCsvOptions } from './readSettlementCsv.js';
import { readSettlementXml } from './readSettlementXml.js';
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
