import { type OnlinePayment, transactionOf } from '../office/onlinePayments/onlinePayment.js';
import { appendToPayment, type OnlineContext } from './loadOnlinePayment.js';
import { type RowFinding, unknown } from './rowFindings.js';
import type { PaymentRow } from './rowTransaction.js';

function isRecorded(payment: OnlinePayment, { type, transaction }: PaymentRow): boolean {
  const kind = type === 'capture' ? 'capture' : 'return';
  return transactionOf(payment, kind, transaction as string) !== undefined;
}

/** Records that a row was paid out, once. */
export async function paidOut(
  context: OnlineContext,
  { onlinePaymentId, currency }: OnlinePayment,
  row: PaymentRow,
  at: string,
): Promise<{ readonly payment: OnlinePayment; readonly isRepeat: boolean } | RowFinding> {
  const externalTransactionId = row.transaction as string;
  if (row.currency !== currency) {
    const message = `${row.rowId} is in ${row.currency}, the payment in ${currency}: compare it with the provider's page`;
    return { code: 'CURRENCY_DIFFERS', externalTransactionId, message };
  }
  const { rowId, payoutId, paidOn, gross, fee, payoutCurrency } = row;
  const content = {
    rowId,
    kind: row.type === 'capture' ? 'capture' : 'return',
    externalTransactionId,
    amount: row.type === 'capture' ? row.amount : row.amount.replace('-', ''),
    payoutId,
    paidOn,
    gross,
    fee,
    payoutCurrency,
  } as const;
  const done = await appendToPayment<OnlinePayment>(context, onlinePaymentId, (known) => {
    const payment = known as OnlinePayment;
    // Meanwhile another process may have recorded the capture under another id.
    return payment.payouts.some((one) => one.rowId === rowId) || !isRecorded(payment, row)
      ? { result: payment }
      : {
          type: 'OnlinePaymentPaidOut',
          data: { onlinePaymentId, ...content, currency, at, by: { channel: 'job' } },
        };
  });
  if ('payment' in done) return { payment: done.payment, isRepeat: false };
  const before = done.result.payouts.find((one) => one.rowId === rowId);
  if (before === undefined) return unknown(row);
  const changed = (Object.keys(content) as (keyof typeof content)[]).filter(
    (name) => content[name] !== before[name],
  );
  if (changed.length === 0) return { payment: done.result, isRepeat: true };
  const differ = changed.map((name) => `${name} was ${before[name]}, is ${content[name]}`);
  const message = `${rowId} was recorded before with other content: ${differ.join('; ')}`;
  return { code: 'ROW_CHANGED', externalTransactionId, message };
}
