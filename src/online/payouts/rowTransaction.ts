import { minorUnits } from '../../money/money.js';
import type { PayoutRow } from '../../office/onlinePayments/keptReport.js';
import { amountIn, captureOf, type OnlinePayment, units } from '../../office/onlinePayments/onlinePayment.js';
import { idsOf, isSameTransaction, type TransactionIds } from '../../office/onlinePayments/transactionIds.js';

/** A row of a payment. */
export type PaymentRow = PayoutRow & { readonly type: 'capture' | 'refund' | 'chargeback' };

/**
 * Returns the ids of the transaction of a row. Its other ids are those of a capture, which may be another transaction.
 */
export function idsOfRow({ type, transaction, of, otherIds }: PaymentRow): TransactionIds {
  const isItsOwn = type === 'capture' && of === undefined;
  return idsOf({ externalTransactionId: transaction as string, ...(isItsOwn && otherIds && { otherIds }) });
}

/**
 * Returns a row with its transaction as a payment names it: as this row was recorded before, or by the id of its
 * capture.
 */
export function asRecorded(payment: OnlinePayment, row: PaymentRow): PaymentRow {
  if (row.type !== 'capture') return row;
  const ids = idsOfRow(row);
  const before = payment.payouts.find(({ rowId }) => rowId === row.rowId);
  if (before?.kind === 'return' && before.externalTransactionId === row.rowId) return asReturn(row);
  const known =
    before !== undefined && isSameTransaction(ids, idsOf(before)) ? before : captureOf(payment, ids);
  return known === undefined ? row : { ...row, transaction: known.externalTransactionId };
}

/** Returns the row of what was authorised and not taken as a refund, whose id is that of the row. */
export function asReturn(row: PaymentRow): PaymentRow & { readonly type: 'refund' } {
  return { ...row, type: 'refund', of: row.transaction as string, transaction: row.rowId };
}

/**
 * Returns whether a row says that a part was not taken of a capture that was recorded from the rows before: its amount
 * has the part. `'unknown'` if the row of the capture itself is not recorded yet.
 */
export function isUntaken(payment: OnlinePayment, row: PaymentRow): boolean | 'unknown' {
  const isNew = !payment.payouts.some(({ rowId }) => rowId === row.rowId);
  const capture = payment.captures.find((one) => one.externalTransactionId === row.transaction);
  if (row.type !== 'capture' || minorUnits(row.amount) > 0n || !isNew || capture?.rowId === undefined)
    return false;
  const rows = payment.payouts.filter(
    (one) => one.kind === 'capture' && one.externalTransactionId === row.transaction,
  );
  const above = amountIn(rows) - units(capture.amount);
  // Its amount is the sum of the rows that were there: with this one if those without it are above.
  return above < 0 ? 'unknown' : above + units(row.amount) < 0;
}
