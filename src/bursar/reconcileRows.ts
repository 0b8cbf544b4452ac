import { parseLooseAmount } from '../money/money.js';
import { type BursarDifference, differenceOf } from './bursarDifference.js';
import type { PatronRows, ReadRow } from './reconcileAccount.js';
import { settlementOfRow } from './settlementRow.js';
import { readingsOf, type SettlementCsvFile, type SettlementXmlFile } from './settlementSource.js';

/** A file to read: that of the export, or an answer. */
export type RowSource = {
  /** The job that imported the answer; null for the file of the export. */
  readonly answer: string | null;
  /** The file. */
  readonly source: SettlementCsvFile | SettlementXmlFile;
};

/** Reads the rows of a source; a difference for each row that cannot be read. */
export async function* readRows(
  { source, answer }: RowSource,
  currency: string,
  digits: number,
): AsyncGenerator<(ReadRow & { readonly patronId: string }) | BursarDifference> {
  let row = 0;
  for await (const reading of readingsOf(source)) {
    if ('broken' in reading) {
      const { expected, found } = reading.broken;
      yield differenceOf('FILE_BROKEN', { answer, detail: `expected ${expected}, found ${found}` });
      return;
    }
    row += 1;
    const read = settlementOfRow(reading, row, currency, digits);
    if ('code' in read) {
      const { reference, patronId, message } = read;
      yield differenceOf('ROW_UNREADABLE', { answer, row, reference, patronId, detail: message });
      continue;
    }
    const { reference, patronId, transferId, kind, amount, paymentReference = null } = read;
    const minor = BigInt(parseLooseAmount(amount, digits)) * (kind === 'fee' ? 1n : -1n);
    yield { row, reference, patronId, transferId, minor, paymentReference };
  }
}

/** Adds a row to those of its patron. */
export function keepRow(
  rows: Map<string, PatronRows>,
  patronId: string,
  answer: string | null,
  row: ReadRow,
): void {
  const known = rows.get(patronId) ?? { file: [], answers: new Map<string, ReadRow[]>() };
  rows.set(patronId, known);
  if (answer === null) {
    known.file.push(row);
    return;
  }
  const list = known.answers.get(answer) ?? [];
  known.answers.set(answer, list);
  list.push(row);
}
