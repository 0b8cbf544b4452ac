import { digitsOf } from '../../money/currency.js';
import { formatAmount, parseLooseAmount } from '../../money/money.js';
import {
  captureOf,
  type LeftOfCapture,
  leftOfCapture,
  type OnlinePayment,
  sumOfLeft,
  transactionOf,
  units,
} from '../../office/onlinePayments/onlinePayment.js';
import type {
  OnlinePaymentCaptured,
  OnlinePaymentReturned,
} from '../../office/onlinePayments/onlinePaymentEvents.js';
import { appendToPayment, type OnlineContext, readOnlinePayment } from '../loadOnlinePayment.js';
import type { InvalidOnlinePayment, ReportRejection } from '../onlineRejections.js';
import { knownTransaction, ownTransaction, transactionOfAny } from '../ownTransaction.js';
import { type Entered, enteredFor, noneEntered } from '../record/enteredByStaff.js';
import type { ReportedReturn } from './onlineReport.js';
import { addCapture, inOtherCurrency, type Reported } from './reportCapture.js';
import { splitReturn } from './splitOnline.js';

/**
 * Records a return: in a stream of its own first, then in that of the payment of its capture, whatever payment the
 * report names.
 */
export async function reportReturn(
  context: OnlineContext,
  named: string,
  returned: ReportedReturn & Reported & Pick<OnlinePaymentReturned['data'], 'reason'>,
): Promise<OnlinePayment | ReportRejection> {
  const { externalTransactionId, of } = returned;
  const payment = await paymentOfCapture(context, named, of);
  if (payment === undefined) return { type: 'CaptureUnknown', kind: 'notFound', externalTransactionId, of };
  const other = inOtherCurrency(payment, returned);
  if (other !== undefined) return other;
  const accounts = namedAccounts(payment, returned);
  if (accounts !== undefined && 'type' in accounts) return accounts;
  const { kind, amount, at, by, reason } = returned;
  const why = reason === undefined ? {} : { reason };
  const wanted = { externalTransactionId, of, kind, amount, at, by, ...why, ...(accounts && { accounts }) };
  const { method } = payment;
  const before = await knownTransaction(context, 'return', { method, externalTransactionId });
  const entered = await enteredFor(context, payment, wanted);
  const event = before ?? returnedEvent(payment, wanted, entered);
  if (event === null) return exceeds(payment, wanted);
  const owned = (await ownTransaction(context, 'return', event)).data as OnlinePaymentReturned['data'];
  const { onlinePaymentId, amount: recordedAmount } = owned;
  if (onlinePaymentId !== payment.onlinePaymentId)
    return { type: 'TransactionOfOtherPayment', kind: 'conflict', externalTransactionId, onlinePaymentId };
  const after = await addReturn(context, owned, entered);
  if ('type' in after) return after;
  return recordedAmount === amount && owned.of === of
    ? after
    : { type: 'ReportDiffers', kind: 'conflict', externalTransactionId, recordedAmount, amount };
}

/**
 * Adds a return to the payment of its capture, unless it is there. Refused if other returns were recorded since, so
 * that nothing is left of the capture.
 */
export async function addReturn(
  context: OnlineContext,
  returned: OnlinePaymentReturned['data'],
  given?: Entered,
): Promise<OnlinePayment | ReportRejection> {
  const { externalTransactionId, of, kind, amount, accounts, at, by, reason } = returned;
  const why = reason === undefined ? {} : { reason };
  const wanted = { externalTransactionId, of, kind, amount, accounts, at, by, ...why };
  const before = given ? null : await readOnlinePayment(context, returned.onlinePaymentId);
  const entered = given ?? (before === null ? noneEntered : await enteredFor(context, before, wanted));
  const done = await appendToPayment<OnlinePayment | ReportRejection>(
    context,
    returned.onlinePaymentId,
    (known) => {
      const payment = known as OnlinePayment;
      if (transactionOf(payment, 'return', externalTransactionId) !== undefined) return { result: payment };
      return returnedEvent(payment, wanted, entered) ?? { result: exceeds(payment, wanted) };
    },
  );
  return 'payment' in done ? done.payment : done.result;
}

/**
 * Returns the accounts that a return names, with amounts as events write them, or why they cannot be of its capture.
 */
function namedAccounts(
  payment: OnlinePayment,
  { of, accounts }: ReportedReturn,
): OnlinePaymentReturned['data']['accounts'] | InvalidOnlinePayment | undefined {
  if (accounts === undefined) return undefined;
  const digits = digitsOf(payment.currency);
  const known = leftOfCapture(payment, of)?.accounts ?? new Map();
  const faults = accounts.flatMap(({ patronId, amount }, index) => {
    const path = `accounts[${index}]`;
    return [
      ...(known.has(patronId)
        ? []
        : [{ path: `${path}.patronId`, expected: `a patron of the capture ${of}`, found: patronId }]),
      ...(parseLooseAmount(amount, digits) > 0
        ? []
        : [{ path: `${path}.amount`, expected: `an amount with ${digits} decimals`, found: amount }]),
    ];
  });
  if (faults.length > 0) return { type: 'InvalidOnlinePayment', kind: 'invalid', faults };
  return accounts.map(({ patronId, amount }) => ({
    patronId,
    amount: formatAmount(parseLooseAmount(amount, digits), digits),
  }));
}

type Wanted = Pick<
  OnlinePaymentReturned['data'],
  'externalTransactionId' | 'of' | 'kind' | 'amount' | 'at' | 'by' | 'reason'
> & {
  readonly accounts?: OnlinePaymentReturned['data']['accounts'];
};

/**
 * Returns the event of a return, divided from the payment's own events and from what staff entered; null if not that much
 * is left of all captures. Pure.
 */
export function returnedEvent(
  payment: OnlinePayment,
  wanted: Wanted,
  entered: Entered = noneEntered,
): OnlinePaymentReturned | null {
  const { onlinePaymentId, currency, method } = payment;
  const { of, amount, accounts } = wanted;
  const split = splitReturn(payment, { of, amount: units(amount), entered, ...(accounts && { accounts }) });
  if (split === null) return null;
  return { type: 'OnlinePaymentReturned', data: { onlinePaymentId, method, currency, ...wanted, ...split } };
}

function exceeds(payment: OnlinePayment, { externalTransactionId, of, amount }: Wanted): ReportRejection {
  const ids = payment.captures.map((one) => one.externalTransactionId);
  const minor = ids.reduce((sum, id) => sum + sumOfLeft(leftOfCapture(payment, id) as LeftOfCapture), 0);
  const left = formatAmount(minor, digitsOf(payment.currency));
  return { type: 'ReturnExceedsCapture', kind: 'conflict', externalTransactionId, of, amount, left };
}

/** Returns the payment of a capture; undefined if the capture is not known. */
async function paymentOfCapture(
  context: OnlineContext,
  named: string,
  of: string,
): Promise<OnlinePayment | undefined> {
  const payment = await readOnlinePayment(context, named);
  if (payment !== null && captureOf(payment, of) !== undefined) return payment;
  const { onlinePayments } = context.policy;
  const own = onlinePayments === false ? undefined : onlinePayments?.method;
  const event = await transactionOfAny(context, 'capture', of, [payment?.method, own]);
  if (event === undefined) return undefined;
  // After a crash the payment does not have it yet.
  const completed = await addCapture(context, event.data as OnlinePaymentCaptured['data'], {});
  return 'type' in completed ? undefined : completed;
}
