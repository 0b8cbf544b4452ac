import type { RecordedActor } from '../account/circumstances.js';
import { digitsOf } from '../money/currency.js';
import { formatAmount, parseLooseAmount } from '../money/money.js';
import { captureOf, type OnlinePayment } from '../office/onlinePayments/onlinePayment.js';
import type { OnlinePaymentCaptured } from '../office/onlinePayments/onlinePaymentEvents.js';
import { isSameTransaction, type TransactionIds } from '../office/onlinePayments/transactionIds.js';
import { appendToPayment, type OnlineContext, readOnlinePayment } from './loadOnlinePayment.js';
import type {
  InvalidOnlinePayment,
  PerhapsReported,
  ReportInOtherCurrency,
  ReportRejection,
} from './onlineRejections.js';
import type { ReportedCapture } from './onlineReport.js';
import { knownTransaction, ownTransaction } from './ownTransaction.js';
import { type HowCaptured, perhapsReported } from './perhapsReported.js';
import type { InReport } from './readReport.js';
import { splitCapture } from './splitOnline.js';

/** When and by whom something was reported, and where in the report. */
export type Reported = InReport & { readonly at: string; readonly by: RecordedActor };

/** A capture as it is recorded: with the row of a payout that it is reported from, and what ids that names. */
export type CaptureToRecord = Pick<
  OnlinePaymentCaptured['data'],
  'externalTransactionId' | 'otherIds' | 'rowId' | 'amount' | 'at' | 'by'
>;

/** A capture as it is reported, or as the row of a payout has it. */
export type CaptureOfRow = ReportedCapture & {
  /** The row. */
  readonly rowId?: string;
  /** The capture of which it came back. */
  readonly of?: string | undefined;
};

function toRecord({
  rowId,
  amount,
  at,
  by,
  externalTransactionId,
  otherIds,
}: CaptureToRecord): CaptureToRecord {
  const others = [...new Set(otherIds)].filter((id) => id !== externalTransactionId);
  const ids = { externalTransactionId, ...(others.length > 0 && { otherIds: others }) };
  return { ...ids, ...(rowId !== undefined && { rowId }), amount, at, by };
}

/**
 * Records a capture: in the streams of the transaction first, then in that of the payment.
 *
 * @param together - the captures of the same report
 */
export async function reportCapture(
  context: OnlineContext,
  onlinePaymentId: string,
  reported: CaptureOfRow & Reported,
  together: readonly TransactionIds[],
): Promise<OnlinePayment | ReportRejection> {
  const payment = await readOnlinePayment(context, onlinePaymentId);
  if (payment === null) return { type: 'OnlinePaymentUnknown', kind: 'notFound', onlinePaymentId };
  const amount = canonicalIn(payment, reported);
  if (typeof amount !== 'string') return amount;
  const capture = toRecord({ ...reported, amount });
  const others = together.filter((one) => !isSameTransaction(one, capture));
  const how = { together: others, isOfRow: reported.rowId !== undefined, except: reported.of };
  const perhaps = perhapsReported(payment, capture, how);
  const { method } = payment;
  const known = await knownTransaction(context, 'capture', { method, ...capture });
  if (perhaps && known === undefined) return perhaps;
  // What is refused names nothing: its other ids may be wrong.
  const isRefused = known && (known.data.onlinePaymentId !== onlinePaymentId || known.data.amount !== amount);
  const event = isRefused ? known : capturedEvent(payment, capture);
  const { externalTransactionId } = reported;
  const { data: owned } = await ownTransaction(context, 'capture', event);
  if (owned.onlinePaymentId !== onlinePaymentId) {
    const other = { externalTransactionId, onlinePaymentId: owned.onlinePaymentId };
    return { type: 'TransactionOfOtherPayment', kind: 'conflict', ...other };
  }
  const after = await addCapture(context, owned as OnlinePaymentCaptured['data'], how);
  if ('type' in after) return after;
  const recordedAmount = owned.amount;
  return recordedAmount === amount
    ? after
    : { type: 'ReportDiffers', kind: 'conflict', externalTransactionId, recordedAmount, amount };
}

/**
 * Adds a capture to the payment that its transaction belongs to, unless it is there. Refused if others were recorded
 * since of which one may be the same.
 */
export async function addCapture(
  context: OnlineContext,
  { onlinePaymentId, ...capture }: OnlinePaymentCaptured['data'],
  how: HowCaptured,
): Promise<OnlinePayment | PerhapsReported> {
  const done = await appendToPayment<OnlinePayment | PerhapsReported>(context, onlinePaymentId, (known) => {
    const payment = known as OnlinePayment;
    if (captureOf(payment, capture) !== undefined) return { result: payment };
    const perhaps = perhapsReported(payment, capture, how);
    return perhaps === undefined ? capturedEvent(payment, toRecord(capture)) : { result: perhaps };
  });
  return 'payment' in done ? done.payment : done.result;
}

/** Returns the event of a capture, divided from the payment's own events. Pure. */
export function capturedEvent(payment: OnlinePayment, capture: CaptureToRecord): OnlinePaymentCaptured {
  const { onlinePaymentId, currency, method } = payment;
  const minor = parseLooseAmount(capture.amount, digitsOf(currency));
  const split = splitCapture(payment, minor);
  return { type: 'OnlinePaymentCaptured', data: { onlinePaymentId, method, currency, ...capture, ...split } };
}

/** Returns an amount as events write it, or why it cannot be an amount of the payment. */
export function canonicalIn(
  payment: OnlinePayment,
  { externalTransactionId, amount, currency, path }: ReportedCapture & InReport,
): string | ReportInOtherCurrency | InvalidOnlinePayment {
  const { currency: expected } = payment;
  if (currency !== expected)
    return { type: 'ReportInOtherCurrency', kind: 'conflict', externalTransactionId, expected, currency };
  const digits = digitsOf(expected);
  const minor = parseLooseAmount(amount, digits);
  if (minor > 0) return formatAmount(minor, digits);
  const faults = [
    {
      path: path === undefined ? 'amount' : `${path}.amount`,
      expected: `an amount with ${digits} decimals`,
      found: amount,
    },
  ];
  return { type: 'InvalidOnlinePayment', kind: 'invalid', faults };
}
