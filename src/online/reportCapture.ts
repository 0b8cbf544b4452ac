import type { RecordedActor } from '../account/circumstances.js';
import { digitsOf } from '../money/currency.js';
import { formatAmount, parseLooseAmount } from '../money/money.js';
import {
  amountIn,
  captureOf,
  idsOf,
  isSameTransaction,
  type OnlinePayment,
  units,
} from '../office/onlinePayments/onlinePayment.js';
import type { OnlinePaymentCaptured } from '../office/onlinePayments/onlinePaymentEvents.js';
import { appendToPayment, type OnlineContext, readOnlinePayment } from './loadOnlinePayment.js';
import type {
  InvalidOnlinePayment,
  PerhapsReported,
  ReportInOtherCurrency,
  ReportRejection,
} from './onlineRejections.js';
import type { ReportedCapture } from './onlineReport.js';
import { knownTransaction, ownTransaction } from './ownTransaction.js';
import type { InReport } from './readReport.js';
import { splitCapture } from './splitOnline.js';

/** When and by whom something was reported, and where in the report. */
export type Reported = InReport & { readonly at: string; readonly by: RecordedActor };

/** A capture as it is recorded: with the row of a payout that it is reported from, and what ids that names. */
type CaptureToRecord = Pick<
  OnlinePaymentCaptured['data'],
  'externalTransactionId' | 'otherIds' | 'rowId' | 'amount' | 'at' | 'by'
>;

function toRecord({ rowId, amount, at, by, ...ids }: CaptureToRecord): CaptureToRecord {
  return { ...idsOf(ids), ...(rowId !== undefined && { rowId }), amount, at, by };
}

/**
 * Records a capture: in the streams of the transaction first, then in that of the payment.
 *
 * @param together - the ids of the captures of the same report
 */
export async function reportCapture(
  context: OnlineContext,
  onlinePaymentId: string,
  reported: ReportedCapture & Pick<CaptureToRecord, 'otherIds' | 'rowId'> & Reported,
  together: readonly string[],
): Promise<OnlinePayment | ReportRejection> {
  const payment = await readOnlinePayment(context, onlinePaymentId);
  if (payment === null) return { type: 'OnlinePaymentUnknown', kind: 'notFound', onlinePaymentId };
  const amount = canonicalIn(payment, reported);
  if (typeof amount !== 'string') return amount;
  const capture = toRecord({ ...reported, amount });
  const perhaps = await perhapsReported(context, payment, capture, together);
  if (perhaps !== undefined) return perhaps;
  const event = capturedEvent(payment, capture);
  const { externalTransactionId } = reported;
  const { data: owned } = await ownTransaction(context, 'capture', event);
  if (owned.onlinePaymentId !== onlinePaymentId) {
    const other = { externalTransactionId, onlinePaymentId: owned.onlinePaymentId };
    return { type: 'TransactionOfOtherPayment', kind: 'conflict', ...other };
  }
  const after = await addCapture(context, owned as OnlinePaymentCaptured['data']);
  const recordedAmount = owned.amount;
  return recordedAmount === amount
    ? after
    : { type: 'ReportDiffers', kind: 'conflict', externalTransactionId, recordedAmount, amount };
}

/**
 * Returns why a capture is not recorded that no payout has, if one of the same amount was recorded from the row of a
 * payout, and nobody reported that one: perhaps both are the same. What comes back after all of it went back has its
 * amount, too: its own row records it, unless the ids of the first one are known.
 */
async function perhapsReported(
  context: OnlineContext,
  payment: OnlinePayment,
  { externalTransactionId, rowId, amount }: CaptureToRecord,
  together: readonly string[],
): Promise<PerhapsReported | undefined> {
  if (rowId !== undefined) return undefined;
  const found = payment.captures.find(
    (one) =>
      one.rowId !== undefined &&
      one.amount === amount &&
      !together.some((id) => isSameTransaction(one, { externalTransactionId: id })) &&
      !(one.otherIds?.length && isAllBack(payment, one)),
  );
  if (found === undefined) return undefined;
  const { method } = payment;
  const known = await knownTransaction(context, 'capture', { method, externalTransactionId });
  const reported = found.externalTransactionId;
  return known === undefined
    ? { type: 'PerhapsReported', kind: 'conflict', externalTransactionId, amount, reported }
    : undefined;
}

function isAllBack({ returns }: OnlinePayment, { externalTransactionId, amount }: CaptureToRecord): boolean {
  return amountIn(returns.filter(({ of }) => of === externalTransactionId)) >= units(amount);
}

/** Adds a capture to the payment that its transaction belongs to, unless it is there. */
export async function addCapture(
  context: OnlineContext,
  { onlinePaymentId, ...capture }: OnlinePaymentCaptured['data'],
): Promise<OnlinePayment> {
  const done = await appendToPayment<OnlinePayment>(context, onlinePaymentId, (known) => {
    const payment = known as OnlinePayment;
    return captureOf(payment, capture) === undefined
      ? capturedEvent(payment, toRecord(capture))
      : { result: payment };
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
