import { minorUnits } from '../../money/money.js';
import type { PayoutRow } from '../../office/onlinePayments/keptReport.js';
import { amountIn, type OnlinePayment, units } from '../../office/onlinePayments/onlinePayment.js';

/** A row of a payment. */
export type PaymentRow = PayoutRow & { readonly type: 'capture' | 'refund' | 'chargeback' };

/** Returns a row as it was recorded before: what was authorised and not taken may be recorded as a refund. */
export function asRecorded(payment: OnlinePayment, row: PaymentRow): PaymentRow {
  const before = payment.payouts.find(({ rowId }) => rowId === row.rowId);
  const isReturn = before?.kind === 'return' && before.externalTransactionId === row.rowId;
  return row.type === 'capture' && isReturn ? asReturn(row) : row;
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
