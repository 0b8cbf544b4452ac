import { minorUnits } from '../money/money.js';
import { type OnlinePayment, transactionOf } from '../office/onlinePayments/onlinePayment.js';
import type { OnlinePaymentPaidOut } from '../office/onlinePayments/onlinePaymentEvents.js';
import { complete } from './changedPayments.js';
import { appendToPayment, type OnlineContext, readOnlinePayment } from './loadOnlinePayment.js';
import { type OnlineFinding, refusedFinding } from './onlineFinding.js';
import { knownTransaction } from './ownTransaction.js';
import type { PayoutRow } from './payoutRow.js';
import { recordParts, type WaitingPart } from './recordParts.js';
import { applyReport } from './reportOnlinePayment.js';

/** A row of a payment. */
export type PaymentRow = PayoutRow & { readonly type: 'capture' | 'refund' | 'chargeback' };

/** What is wrong with a row. */
type RowFinding = Pick<OnlineFinding, 'code' | 'message' | 'externalTransactionId'>;

/** The payment of a row. */
type FoundPayment = {
  readonly payment: OnlinePayment;
  /** Whether nobody had reported the capture or return. */
  readonly isReported: boolean;
  readonly waiting: readonly WaitingPart[];
};

/**
 * Returns the payment of a row. What nobody reported of it is reported from the row, a capture with what all its rows have
 * together (`taken`); without that sum, null for a capture that nobody reported.
 */
export async function paymentOfRow(
  context: OnlineContext,
  row: PaymentRow,
  {
    method,
    at,
    taken,
  }: { readonly method: string | undefined; readonly at: string; readonly taken: string | undefined },
): Promise<FoundPayment | RowFinding | null> {
  const { transaction, reference, rowId } = row;
  const isCapture = row.type === 'capture';
  const minor = minorUnits(row.amount);
  // A capture below 0 is the reversal of a part that was authorised and not taken.
  if (transaction === null || minor === 0n || (minor > 0n && !isCapture))
    return {
      code: 'UNREADABLE_ROW',
      message: `${rowId}: expected a transaction and an amount of a ${row.type}`,
    };
  const kind = isCapture ? 'capture' : 'return';
  const named = reference === null ? null : await readOnlinePayment(context, reference);
  for (const one of new Set([named?.method, method])) {
    if (one === undefined) continue;
    const key = { kind, method: one, externalTransactionId: transaction } as const;
    const { event } = await knownTransaction(context, kind, key);
    if (event === undefined) continue;
    const { onlinePaymentId } = event.data;
    const changed = { onlinePaymentId, before: undefined, patronId: undefined, transactions: [key] };
    const { payment, refused } = await complete(context, changed);
    if (payment !== null && transactionOf(payment, kind, transaction) !== undefined)
      return { ...(await recordParts(context, payment, at)), isReported: false };
    const [rejection] = refused;
    if (rejection !== undefined)
      return refusedFinding({ institution: context.institution, onlinePaymentId }, rejection);
  }
  const [only, ...others] = named?.captures ?? [];
  const of = row.of ?? (others.length === 0 ? only?.externalTransactionId : undefined);
  if ((isCapture && reference === null) || (!isCapture && of === undefined)) return unknown(row);
  if (isCapture && taken === undefined) return null;
  const amount = isCapture ? (taken as string) : row.amount.replace('-', '');
  if (minorUnits(amount) <= 0n) return unknown(row);
  const reported = isCapture && row.of === undefined ? unpaidCapture(named, amount, row.currency) : undefined;
  if (reported !== undefined) return perhapsReported(row, reported);
  const money = { externalTransactionId: transaction, amount, currency: row.currency };
  const { payment, rejections, waiting } = await applyReport(context, {
    onlinePaymentId: reference ?? 'unknown',
    captures: isCapture ? [money] : [],
    returns: row.type === 'capture' ? [] : [{ ...money, of: of as string, kind: row.type }],
    ended: undefined,
    at,
    by: { channel: 'job' },
  });
  const [rejection] = rejections;
  if (rejection === undefined && payment !== null) return { payment, isReported: true, waiting };
  if (rejection?.type === 'OnlinePaymentUnknown' || rejection?.type === 'CaptureUnknown') return unknown(row);
  const of2 = { institution: context.institution, onlinePaymentId: reference };
  const finding = refusedFinding(of2, rejection as NonNullable<typeof rejection>);
  return rejection?.type === 'ReportInOtherCurrency' ? { ...finding, code: 'CURRENCY_DIFFERS' } : finding;
}

/** Returns a capture of a payment that is in no payout yet, of the same amount. */
function unpaidCapture(payment: OnlinePayment | null, amount: string, currency: string): string | undefined {
  return payment?.captures.find(
    (one) =>
      one.currency === currency &&
      minorUnits(one.amount) === minorUnits(amount) &&
      !payment.payouts.some(
        ({ kind, externalTransactionId }) =>
          kind === 'capture' && externalTransactionId === one.externalTransactionId,
      ),
  )?.externalTransactionId;
}

function perhapsReported({ rowId, transaction, currency }: PaymentRow, reported: string): RowFinding {
  const what = `${rowId}: nobody reported ${transaction}, and ${reported} of the same amount in ${currency} is in no payout`;
  const message = `${what}: if both are the same, read the report by the id that is reported; otherwise report ${transaction}`;
  return { code: 'PERHAPS_REPORTED', externalTransactionId: transaction as string, message };
}

function unknown({ rowId, reference, transaction, amount, currency, type }: PaymentRow): RowFinding {
  const what = `${rowId}: the ${type} ${transaction} of ${amount} ${currency} belongs to no online payment`;
  const message = `${what} (reference ${reference ?? 'none'}): find out whose it is`;
  return { code: 'UNKNOWN_PAYMENT', externalTransactionId: transaction as string, message };
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
  const done = await appendToPayment<OnlinePayment>(context, onlinePaymentId, (payment) =>
    payment?.payouts.some((one) => one.rowId === rowId)
      ? { result: payment }
      : {
          type: 'OnlinePaymentPaidOut',
          data: { onlinePaymentId, ...content, currency, at, by: { channel: 'job' } },
        },
  );
  if ('payment' in done) return { payment: done.payment, isRepeat: false };
  const before = done.result.payouts.find((one) => one.rowId === rowId) as OnlinePaymentPaidOut['data'];
  const changed = (Object.keys(content) as (keyof typeof content)[]).filter(
    (name) => content[name] !== before[name],
  );
  if (changed.length === 0) return { payment: done.result, isRepeat: true };
  const differ = changed.map((name) => `${name} was ${before[name]}, is ${content[name]}`);
  const message = `${rowId} was recorded before with other content: ${differ.join('; ')}`;
  return { code: 'ROW_CHANGED', externalTransactionId, message };
}
