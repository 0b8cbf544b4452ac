import { type AlmaTransactionKind, CREDIT_TYPE } from './almaCodes.js';
import type { FeeRow } from './feeRow.js';

/** The figures of a row, in minor units; those of a credit made positive. */
export type RowFigures = {
  /** Whether the row is a credit. */
  readonly isCredit: boolean;
  /** The amount charged or credited. */
  readonly original: number;
  /** The balance. */
  readonly balance: number;
  /** Paid by transactions. */
  readonly paid: number;
  /** Waived by transactions. */
  readonly waived: number;
  /** Exported by transactions. */
  readonly exported: number;
  /** Reported as paid by the external billing system. */
  readonly settled: number;
  /** The amount that payments and waivers do not explain: it was exported, or its use is unknown. */
  readonly gone: number;
};

/** Sums the transactions of a row by kind. */
export function rowFigures(row: FeeRow): RowFigures {
  const isCredit = row.feeType === CREDIT_TYPE;
  const sign = isCredit ? -1 : 1;
  const sumOf = (kind: AlmaTransactionKind) =>
    row.transactions.reduce(
      (sum, transaction) => sum + (transaction.kind === kind ? transaction.amount : 0),
      0,
    );
  const [original, balance] = [sign * row.original, sign * row.balance];
  const [paid, waived] = [sumOf('payment'), sumOf('waiver')];
  return {
    isCredit,
    original,
    balance,
    paid,
    waived,
    exported: sumOf('export'),
    settled: sumOf('settlement'),
    gone: original - balance - paid - waived,
  };
}
