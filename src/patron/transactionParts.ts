import type { ReceivePayment } from '../account/commands/paymentCommands.js';
import { digestOf } from '../account/digest.js';
import { externalTransactionPositions } from '../account/ids.js';
import { findPayment } from '../account/patronAccount.js';
import type { Payment } from '../account/records.js';
import type { Rejection } from '../account/rejections/rejection.js';
import { sumOf } from '../account/shares.js';
import { isReversedWhole, transactionUsed } from '../account/transactionPart.js';
import { formatAmount, parseAmount } from '../money/money.js';
import type { JoinedAccount } from './accountsOf.js';
import type { GroupRow } from './patronGroup.js';

/** What identifies a payment: its id, and the transaction of its provider if it has one. */
export type PaymentIdentity = Pick<ReceivePayment, 'id' | 'method' | 'externalTransactionId'>;

/** A payment in one of the accounts. */
export type RecordedPart = { readonly patronId: string; readonly payment: Payment };

/** Returns the payments of an external transaction in all accounts; without one, those with the payment's id. */
export function recordedParts(
  accounts: readonly JoinedAccount[],
  { id, method, externalTransactionId }: PaymentIdentity,
): readonly RecordedPart[] {
  return accounts.flatMap(({ patronId, account }) => {
    const found =
      externalTransactionId === undefined
        ? [findPayment(account, id)]
        : externalTransactionPositions(account.ids, method, externalTransactionId).map(
            (position) => account.payments[position],
          );
    return found.flatMap((payment) => (payment === undefined ? [] : { patronId, payment }));
  });
}

/** Returns the amount of some parts, in minor units. */
export function amountOf(parts: readonly RecordedPart[]): number {
  return sumOf(parts.map(({ payment }) => payment.amount));
}

/**
 * Returns the id of a payment's parts for clients that repeat the external transaction id and not the payment's id:
 * made of the transaction and the whole amount, and of the fees that it pays first. Without a transaction, it is the
 * payment's id.
 */
export function sharedId(
  { id, method, externalTransactionId }: PaymentIdentity,
  amount: string,
  first: readonly unknown[] | undefined,
): string {
  if (externalTransactionId === undefined) return id;
  // A part that names its fees is not the payment of all fees, see `sharedAmount`.
  return first === undefined
    ? `${prefixOf(method, externalTransactionId)}${amount}`
    : `first-${digestOf([method, externalTransactionId, amount, first])}`;
}

function prefixOf(method: string, externalTransactionId: string): string {
  return `group-${digestOf([method, externalTransactionId])}-`;
}

/**
 * Returns the whole amount of a payment from the {@link sharedId} of one of its parts; undefined for other payments.
 */
export function sharedAmount({ method, externalTransactionId, paymentId }: Payment): string | undefined {
  const prefix = externalTransactionId === null ? undefined : prefixOf(method, externalTransactionId);
  return prefix !== undefined && paymentId.startsWith(prefix) ? paymentId.slice(prefix.length) : undefined;
}

/** Returns a transaction's payment of all fees, with its whole amount; undefined if all its parts name fees. */
export function wholeOf(
  parts: readonly RecordedPart[],
  digits: number,
): { readonly part: RecordedPart; readonly amount: number } | undefined {
  for (const part of parts) {
    const shared = sharedAmount(part.payment);
    if (shared !== undefined) return { part, amount: parseAmount(shared, digits) };
    if (part.payment.feesNamed.length === 0) return { part, amount: part.payment.amount };
  }
  return undefined;
}

/**
 * Returns whether recorded parts are a payment of a client that posts each payment of a transaction once: those that
 * name a fee that it names, where both name some, and have its amount, each alone or all together. Returns its refusal if
 * they have another amount; undefined if there are none.
 *
 * @param first - the fees that the payment names; undefined if it names none
 */
export function toldBefore(
  parts: readonly RecordedPart[],
  { amount, first }: { readonly amount: number; readonly first: readonly GroupRow[] | undefined },
  digits: number,
): 'repeat' | Rejection | undefined {
  const payments = [...new Set(parts.map(({ payment }) => payment.paymentId))]
    .map((id) => parts.filter(({ payment }) => payment.paymentId === id))
    .filter((own) => first === undefined || own.some((part) => paysAnyOf(part, first)));
  const all = payments.flat();
  const [part] = all;
  if (part === undefined) return undefined;
  const same = [...payments, all, parts].filter((some) => amountOf(some) === amount);
  const isKept = same.some((some) => !some.some(({ payment }) => isReversedWhole(payment)));
  return isKept ? 'repeat' : usedTransaction(same[0]?.[0] ?? part, amount, digits, amountOf(same[0] ?? all));
}

/** Returns whether a part pays one of some fees, or names none. */
export function paysAnyOf(
  { patronId, payment: { feesNamed } }: RecordedPart,
  fees: readonly GroupRow[],
): boolean {
  return (
    feesNamed.length === 0 || fees.some((fee) => fee.patronId === patronId && feesNamed.includes(fee.id))
  );
}

/**
 * Returns what a transaction's total leaves for another part, in minor units; 0 if the parts are complete, so that
 * another one is a repeat. Returns the refusal of a part above the total, of another total, or of a reversed
 * transaction.
 *
 * @param amount - the amount of the part, in minor units
 */
export function roomFor(
  parts: readonly RecordedPart[],
  { method, externalTransactionId = '', total }: PaymentIdentity & { readonly total: number },
  amount: number,
  digits: number,
): number | Rejection {
  const sum = amountOf(parts);
  const other = parts.find(({ patronId, payment: { externalTransactionTotal: said } }) => {
    const elsewhere = amountOf(parts.filter((part) => part.patronId !== patronId));
    return said !== null && (total < said || total > said + elsewhere);
  });
  const part = other ?? (total === sum ? parts.find(({ payment }) => isReversedWhole(payment)) : undefined);
  if (part !== undefined) return usedTransaction(part, amount, digits);
  if (total >= sum && total >= amount) return total - sum;
  const money = { total: formatAmount(total, digits), recordedAmount: formatAmount(sum, digits) };
  const refused = { ...money, amount: formatAmount(amount, digits) };
  return { type: 'ExceedsTransactionTotal', kind: 'conflict', method, externalTransactionId, ...refused };
}

/**
 * Returns the total to give with a part in an account: the one that the account has, or the whole total less the
 * parts in other accounts.
 */
export function totalIn(
  { patronId }: JoinedAccount,
  parts: readonly RecordedPart[],
  total: number | undefined,
  digits: number,
): Pick<ReceivePayment, 'externalTransactionTotal'> {
  if (total === undefined) return {};
  const own = parts.filter((part) => part.patronId === patronId).map(({ payment }) => payment);
  const known = own.find((part) => part.externalTransactionTotal !== null)?.externalTransactionTotal;
  const elsewhere = amountOf(parts.filter((part) => part.patronId !== patronId));
  return { externalTransactionTotal: formatAmount(known ?? total - elsewhere, digits) };
}

/** Returns the refusal of a payment whose transaction is recorded with another amount or total, or was reversed. */
export function usedTransaction(
  { payment }: RecordedPart,
  amount: number,
  digits: number,
  recorded: number = payment.amount,
): Rejection {
  const money = (minor: number) => formatAmount(minor, digits);
  return { ...transactionUsed(payment, money(amount), money, recorded), kind: 'conflict' };
}
