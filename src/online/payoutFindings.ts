import { digitsOf } from '../money/currency.js';
import { formatAmount } from '../money/money.js';
import { amountIn, type OnlinePayment } from '../office/onlinePayments/onlinePayment.js';
import type { OnlineFinding } from './onlineFinding.js';
import type { PayoutRow } from './payoutRow.js';

/** Returns the recorded rows of the transaction of a row. */
export function rowsOf(
  { payouts }: OnlinePayment,
  { type, transaction }: PayoutRow,
): OnlinePayment['payouts'] {
  const kind = type === 'capture' ? 'capture' : 'return';
  return payouts.filter((one) => one.kind === kind && one.externalTransactionId === transaction);
}

/** Returns the finding of a transaction whose rows, as charged, are not its amount; null if they are. */
export function differenceOf(
  institution: string,
  payment: OnlinePayment,
  row: PayoutRow,
): OnlineFinding | null {
  const { type, transaction } = row;
  const { onlinePaymentId, currency, captures, returns } = payment;
  const isOf = (one: { readonly externalTransactionId: string }) => one.externalTransactionId === transaction;
  const amount = amountIn((type === 'capture' ? captures : returns).filter(isOf));
  const rows = rowsOf(payment, row);
  const sum = amountIn(rows);
  if (sum === amount) return null;
  const money = (minor: number) => `${formatAmount(minor, digitsOf(currency))} ${currency}`;
  const isTwice = sum > amount && sum % amount === 0;
  const listed = rows.map(({ rowId }) => rowId).join(', ');
  const message = `${transaction}: ${money(amount)} is recorded, and its rows (${listed}) have ${money(sum)}: ask the provider`;
  const code = isTwice ? 'PAID_OUT_TWICE' : 'AMOUNT_DIFFERS';
  return { institution, onlinePaymentId, code, externalTransactionId: transaction as string, message };
}

/** Returns the findings of captures and returns before an instant that are in no payout. */
export function notPaidOut(
  institution: string,
  payment: OnlinePayment,
  beforeMs: number,
): readonly OnlineFinding[] {
  const { onlinePaymentId, captures, returns, payouts } = payment;
  const find = (kind: 'capture' | 'return', all: OnlinePayment['captures'] | OnlinePayment['returns']) =>
    all
      .filter(
        ({ at, externalTransactionId }) =>
          Date.parse(at) <= beforeMs &&
          !payouts.some((one) => one.kind === kind && one.externalTransactionId === externalTransactionId),
      )
      .map(({ externalTransactionId, amount, currency, at }): OnlineFinding => {
        const message = `${externalTransactionId}: the ${kind} of ${amount} ${currency} at ${at} is in no payout: ask the provider`;
        return { institution, onlinePaymentId, code: 'NOT_PAID_OUT', externalTransactionId, message };
      });
  return [...find('capture', captures), ...find('return', returns)];
}
