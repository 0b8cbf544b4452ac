import type { RecordedActor } from '../account/circumstances.js';
import { digitsOf } from '../money/currency.js';
import { formatAmount, parseLooseAmount } from '../money/money.js';
import { type OnlinePayment, transactionOf } from '../office/onlinePayments/onlinePayment.js';
import type { OnlinePaymentCaptured } from '../office/onlinePayments/onlinePaymentEvents.js';
import { appendToPayment, type OnlineContext, readOnlinePayment } from './loadOnlinePayment.js';
import type { InvalidOnlinePayment, ReportInOtherCurrency, ReportRejection } from './onlineRejections.js';
import type { ReportedCapture } from './onlineReport.js';
import { ownTransaction } from './ownTransaction.js';
import type { InReport } from './readReport.js';
import { splitCapture } from './splitOnline.js';

/** When and by whom something was reported, and where in the report. */
export type Reported = InReport & { readonly at: string; readonly by: RecordedActor };

/** Records a capture: in the stream of the transaction first, then in that of the payment. */
export async function reportCapture(
  context: OnlineContext,
  onlinePaymentId: string,
  reported: ReportedCapture & Reported,
): Promise<OnlinePayment | ReportRejection> {
  const payment = await readOnlinePayment(context, onlinePaymentId);
  if (payment === null) return { type: 'OnlinePaymentUnknown', kind: 'notFound', onlinePaymentId };
  const amount = canonicalIn(payment, reported);
  if (typeof amount !== 'string') return amount;
  const { externalTransactionId, at, by } = reported;
  const event = capturedEvent(payment, { externalTransactionId, amount, at, by });
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

/** Adds a capture to the payment that its transaction belongs to, unless it is there. */
export async function addCapture(
  context: OnlineContext,
  { onlinePaymentId, externalTransactionId, amount, at, by }: OnlinePaymentCaptured['data'],
): Promise<OnlinePayment> {
  const done = await appendToPayment<OnlinePayment>(context, onlinePaymentId, (known) => {
    const payment = known as OnlinePayment;
    return transactionOf(payment, 'capture', externalTransactionId) === undefined
      ? capturedEvent(payment, { externalTransactionId, amount, at, by })
      : { result: payment };
  });
  return 'payment' in done ? done.payment : done.result;
}

/** Returns the event of a capture, divided from the payment's own events. Pure. */
export function capturedEvent(
  payment: OnlinePayment,
  capture: Pick<OnlinePaymentCaptured['data'], 'externalTransactionId' | 'amount' | 'at' | 'by'>,
): OnlinePaymentCaptured {
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
