import type { OnlineContext } from '../loadOnlinePayment.js';
import { type OnlineFinding, refusedFinding } from '../onlineFinding.js';
import type { ReportRejection } from '../onlineRejections.js';
import type { PaymentRow } from './rowTransaction.js';

/** What is wrong with a row, and its payment if it is known. */
export type RowFinding = Pick<OnlineFinding, 'code' | 'message' | 'externalTransactionId'> & {
  readonly onlinePaymentId?: string | null;
};

/** Returns what is wrong with a row of which a report is refused. */
export function refusedRow(
  { institution }: Pick<OnlineContext, 'institution'>,
  row: PaymentRow,
  onlinePaymentId: string | null,
  rejection: ReportRejection,
): RowFinding {
  if (rejection.type === 'OnlinePaymentUnknown' || rejection.type === 'CaptureUnknown') return unknown(row);
  if (rejection.type === 'PerhapsReported') return perhapsReported(row, rejection.reported);
  const finding = refusedFinding({ institution, onlinePaymentId }, rejection);
  return rejection.type === 'ReportInOtherCurrency' ? { ...finding, code: 'CURRENCY_DIFFERS' } : finding;
}

/** Returns that a row says that a part was not taken of a charge that no row is recorded of. */
export function withoutCharge({ rowId, transaction, amount, currency }: PaymentRow): RowFinding {
  const what = `${rowId}: ${amount} ${currency} of ${transaction} was not taken, and no row of its charge is recorded yet`;
  const message = `${what}: read the report with the charge, and then this one again`;
  return { code: 'AMOUNT_DIFFERS', externalTransactionId: transaction as string, message };
}

function perhapsReported({ rowId, transaction, currency }: PaymentRow, reported: string): RowFinding {
  const what = `${rowId}: nobody reported ${transaction}, and ${reported} of the same amount in ${currency} is in no payout`;
  const message = `${what}: if both are the same, settle this row without a payment, and report the id that rows have from now on; otherwise report ${transaction}`;
  return { code: 'PERHAPS_REPORTED', externalTransactionId: transaction as string, message };
}

/** Returns that a row belongs to no payment. */
export function unknown({ rowId, reference, transaction, amount, currency, type }: PaymentRow): RowFinding {
  const what = `${rowId}: the ${type} ${transaction} of ${amount} ${currency} belongs to no online payment`;
  const message = `${what} (reference ${reference ?? 'none'}): find out whose it is`;
  return { code: 'UNKNOWN_PAYMENT', externalTransactionId: transaction as string, message };
}
