import type { PayoutRow } from '../../office/onlinePayments/keptReport.js';
import type { OnlinePayment } from '../../office/onlinePayments/onlinePayment.js';
import { appendToPayment, type OnlineContext } from '../loadOnlinePayment.js';
import type { RowFinding } from './rowFindings.js';
import type { PaymentRow } from './rowTransaction.js';

/** In which payout a row is, and in which it was before. */
type InPayout = {
  readonly payoutId: string;
  readonly earlierPayouts?: readonly string[] | undefined;
};

/** Returns the fields of a row that differ from the recorded ones; none if an earlier payout, which failed, had them. */
export function changesOf(before: InPayout, content: { readonly payoutId: string }): readonly string[] {
  const old = before as Readonly<Record<string, unknown>>;
  const changes = Object.entries(content).filter(([name, value]) => value !== old[name]);
  const isEarlier = before.earlierPayouts?.includes(content.payoutId) === true;
  const isSame = isEarlier && changes.every(([name]) => payoutFields.has(name));
  return isSame ? [] : changes.map(([name, value]) => `${name} was ${old[name]}, is ${value}`);
}

const payoutFields: ReadonlySet<string> = new Set(['payoutId', 'paidOn']);

/** Whether a row is as recorded, but in another payout: the first one failed at the bank, and its rows come again. */
export function isMoved(before: InPayout, content: { readonly payoutId: string }): boolean {
  if (content.payoutId === before.payoutId || changesOf(before, content).length === 0) return false;
  const old = before as Readonly<Record<string, unknown>>;
  return Object.entries(content).every(([name, value]) => payoutFields.has(name) || value === old[name]);
}

/** Returns the finding of a row that was recorded with other content. */
export function rowChanged(
  { rowId, transaction }: Pick<PayoutRow, 'rowId' | 'transaction'>,
  changes: readonly string[],
): RowFinding {
  const message = `${rowId} was recorded before with other content: ${changes.join('; ')}`;
  return { code: 'ROW_CHANGED', ...(transaction && { externalTransactionId: transaction }), message };
}

/** Records that a row was paid out, once; again if it comes in another payout, since the first one failed. */
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
    const before = payment.payouts.find((one) => one.rowId === rowId);
    const isNew = before === undefined || isMoved(before, content);
    if (!isNew) return { result: payment };
    const instead = before && { instead: before.payoutId };
    return {
      type: 'OnlinePaymentPaidOut',
      data: { onlinePaymentId, ...content, ...instead, currency, at, by: { channel: 'job' } },
    };
  });
  if ('payment' in done) return { payment: done.payment, isRepeat: false };
  const before = done.result.payouts.find((one) => one.rowId === rowId) as InPayout;
  const changes = changesOf(before, content);
  return changes.length === 0 ? { payment: done.result, isRepeat: true } : rowChanged(row, changes);
}
