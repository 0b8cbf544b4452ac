import { digitsOf } from '../../money/currency.js';
import { formatAmount } from '../../money/money.js';
import {
  amountIn,
  type OnlinePayment,
  transactionOf,
  units,
} from '../../office/onlinePayments/onlinePayment.js';
import type { OnlineFinding } from '../onlineFinding.js';
import { isSettled, sumOfRows, takenAbove } from '../settle/settleOnlinePart.js';

/** Which capture or return. */
type Transaction = { readonly kind: 'capture' | 'return'; readonly externalTransactionId: string };

/** Returns the recorded rows of a transaction. */
export function rowsOf({ payouts }: OnlinePayment, of: Transaction): OnlinePayment['payouts'] {
  return payouts.filter(
    (one) => one.kind === of.kind && one.externalTransactionId === of.externalTransactionId,
  );
}

/**
 * Returns the finding of a transaction whose rows, as charged, are not its amount; null if they are, or if a person
 * settled this sum.
 */
export function differenceOf(
  institution: string,
  payment: OnlinePayment,
  of: Transaction,
): OnlineFinding | null {
  const { onlinePaymentId, currency } = payment;
  const { externalTransactionId } = of;
  const transaction = transactionOf(payment, of.kind, externalTransactionId);
  const amount = transaction === undefined ? 0 : units(transaction.amount);
  const rows = rowsOf(payment, of);
  const sum = amountIn(rows);
  if (sum === amount || isSettled(payment, { ...of, what: 'rows', amount: sumOfRows(payment, of) }))
    return null;
  const money = (minor: number) => `${formatAmount(minor, digitsOf(currency))} ${currency}`;
  const isTwice = sum > amount && sum % amount === 0;
  const listed = rows.map(({ rowId }) => rowId).join(', ');
  const message = `${externalTransactionId}: ${money(amount)} is recorded, and its rows (${listed}) have ${money(sum)}: ask the provider; if the rows are right, settle them (rows)`;
  const code = isTwice ? 'PAID_OUT_TWICE' : 'AMOUNT_DIFFERS';
  return { institution, onlinePaymentId, code, externalTransactionId, message };
}

/** Returns the findings of a payment that stay until a person ends them, from the payment alone. */
export function stayingFindings(institution: string, payment: OnlinePayment): readonly OnlineFinding[] {
  const keys = new Map<string, Transaction>(
    payment.payouts.map(({ kind, externalTransactionId }) => [
      JSON.stringify([kind, externalTransactionId]),
      { kind, externalTransactionId },
    ]),
  );
  const differences = [...keys.values()].map((of) => differenceOf(institution, payment, of));
  return [...differences, aboveTotal(institution, payment)].filter((one) => one !== null);
}

/** Returns the finding of more that was taken than asked for, unless the rows show that it was really taken. */
function aboveTotal(institution: string, payment: OnlinePayment): OnlineFinding | null {
  const { captures, currency, total, onlinePaymentId } = payment;
  const amount = takenAbove(payment);
  const last = captures.at(-1);
  if (last === undefined || units(amount) <= units(total)) return null;
  const isPaidOut = captures.every(
    ({ externalTransactionId, amount: taken }) =>
      sumOfRows(payment, { kind: 'capture', externalTransactionId }) === taken,
  );
  const { externalTransactionId } = last;
  if (isPaidOut || isSettled(payment, { kind: 'capture', externalTransactionId, what: 'aboveTotal', amount }))
    return null;
  const message = `${amount} ${currency} was taken, and ${total} asked for: if the provider really took it, settle it (aboveTotal) or read its payout; otherwise report what is too much as returned`;
  return { institution, onlinePaymentId, code: 'CAPTURED_ABOVE_TOTAL', externalTransactionId, message };
}

/**
 * Returns the findings of captures and returns before an instant that are in no payout, unless a person settled that
 * (`rows`, of none).
 */
export function notPaidOut(
  institution: string,
  payment: OnlinePayment,
  beforeMs: number,
): readonly OnlineFinding[] {
  const { onlinePaymentId, captures, returns, payouts } = payment;
  const nothing = formatAmount(0, digitsOf(payment.currency));
  const find = (kind: 'capture' | 'return', all: OnlinePayment['captures'] | OnlinePayment['returns']) =>
    all
      .filter(
        ({ at, externalTransactionId }) =>
          Date.parse(at) <= beforeMs &&
          !payouts.some((one) => one.kind === kind && one.externalTransactionId === externalTransactionId) &&
          !isSettled(payment, { kind, externalTransactionId, what: 'rows', amount: nothing }),
      )
      .map(({ externalTransactionId, amount, currency, at }): OnlineFinding => {
        const message = `${externalTransactionId}: the ${kind} of ${amount} ${currency} at ${at} is in no payout: ask the provider`;
        return { institution, onlinePaymentId, code: 'NOT_PAID_OUT', externalTransactionId, message };
      });
  return [...find('capture', captures), ...find('return', returns)];
}
