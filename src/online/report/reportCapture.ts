import type { RecordedActor } from '../../account/circumstances.js';
import { captureOf, type OnlinePayment, units } from '../../office/onlinePayments/onlinePayment.js';
import type { OnlinePaymentCaptured } from '../../office/onlinePayments/onlinePaymentEvents.js';
import { appendToPayment, type OnlineContext, readOnlinePayment } from '../loadOnlinePayment.js';
import type { PerhapsReported, ReportInOtherCurrency, ReportRejection } from '../onlineRejections.js';
import { knownTransaction, ownTransaction } from '../ownTransaction.js';
import { recordedBefore } from '../record/enteredByStaff.js';
import type { ReportedCapture } from './onlineReport.js';
import { type HowCaptured, perhapsReported } from './perhapsReported.js';
import type { InReport } from './readReport.js';
import { splitCapture } from './splitOnline.js';

/** When and by whom something was reported, and where in the report. */
export type Reported = InReport & { readonly at: string; readonly by: RecordedActor };

/** A capture as it is recorded: with the row of a payout that it is reported from. */
export type CaptureToRecord = Pick<
  OnlinePaymentCaptured['data'],
  'externalTransactionId' | 'rowId' | 'amount' | 'at' | 'by'
>;

/** A capture as it is reported, or as the row of a payout has it. */
export type CaptureOfRow = ReportedCapture & {
  /** The row. */
  readonly rowId?: string;
  /** The capture of which it came back. */
  readonly of?: string | undefined;
};

function toRecord({ rowId, amount, at, by, externalTransactionId }: CaptureToRecord): CaptureToRecord {
  return { externalTransactionId, ...(rowId !== undefined && { rowId }), amount, at, by };
}

/**
 * Records a capture: in the stream of the transaction first, then in that of the payment.
 *
 * @param together - the captures of the same report
 */
export async function reportCapture(
  context: OnlineContext,
  onlinePaymentId: string,
  reported: CaptureOfRow & Reported,
  together: readonly Pick<ReportedCapture, 'externalTransactionId'>[],
): Promise<OnlinePayment | ReportRejection> {
  const payment = await readOnlinePayment(context, onlinePaymentId);
  if (payment === null) return { type: 'OnlinePaymentUnknown', kind: 'notFound', onlinePaymentId };
  const other = inOtherCurrency(payment, reported);
  if (other !== undefined) return other;
  const { amount, externalTransactionId } = reported;
  const capture = toRecord(reported);
  const others = together.filter((one) => one.externalTransactionId !== externalTransactionId);
  const how = { together: others, isOfRow: reported.rowId !== undefined, except: reported.of };
  const perhaps = perhapsReported(payment, capture, how);
  const { method } = payment;
  const known = await knownTransaction(context, 'capture', { method, externalTransactionId });
  if (perhaps && known === undefined) return perhaps;
  const { data: owned } =
    known ?? (await ownTransaction(context, 'capture', capturedEvent(payment, capture)));
  if (owned.onlinePaymentId !== onlinePaymentId) {
    const named = { externalTransactionId, onlinePaymentId: owned.onlinePaymentId };
    return { type: 'TransactionOfOtherPayment', kind: 'conflict', ...named };
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
  const before = await readOnlinePayment(context, onlinePaymentId);
  if (before !== null && captureOf(before, capture.externalTransactionId) !== undefined) return before;
  const recorded = before === null ? undefined : await recordedBefore(context, before, capture);
  const done = await appendToPayment<OnlinePayment | PerhapsReported>(context, onlinePaymentId, (known) => {
    const payment = known as OnlinePayment;
    if (captureOf(payment, capture.externalTransactionId) !== undefined) return { result: payment };
    const perhaps = perhapsReported(payment, capture, how);
    return perhaps === undefined ? capturedEvent(payment, toRecord(capture), recorded) : { result: perhaps };
  });
  return 'payment' in done ? done.payment : done.result;
}

/** Returns the event of a capture, divided from the payment's own events and from what accounts have recorded. Pure. */
export function capturedEvent(
  payment: OnlinePayment,
  capture: CaptureToRecord,
  recorded?: ReadonlyMap<string, number>,
): OnlinePaymentCaptured {
  const { onlinePaymentId, currency, method } = payment;
  const split = splitCapture(payment, units(capture.amount), recorded);
  return { type: 'OnlinePaymentCaptured', data: { onlinePaymentId, method, currency, ...capture, ...split } };
}

/** Returns the refusal of a capture or a return in another currency than the payment. */
export function inOtherCurrency(
  { currency: expected }: OnlinePayment,
  { externalTransactionId, currency }: ReportedCapture,
): ReportInOtherCurrency | undefined {
  if (currency === expected) return undefined;
  return { type: 'ReportInOtherCurrency', kind: 'conflict', externalTransactionId, expected, currency };
}
