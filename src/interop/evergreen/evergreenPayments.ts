import type { ForeignChange } from '../import/foreignAccount.js';
import type { CheckedReadOptions } from '../import/readOptions.js';
import type { ForeignTime } from '../import/rowTime.js';
import type { EvergreenPayment } from './evergreenRows.js';

/** Payments with money, by the table that keeps them, and their methods here. */
const methods: ReadonlyMap<string, string> = new Map([
  ['cash_payment', 'CASH'],
  ['check_payment', 'CHECK'],
  ['credit_card_payment', 'CREDIT_CARD'],
  ['debit_card_payment', 'DEBIT_CARD'],
]);

/** Payments without money, and their reasons here. */
const reasons: ReadonlyMap<string, string> = new Map([
  ['forgive_payment', 'FORGIVE'],
  ['work_payment', 'WORK'],
  ['goods_payment', 'GOODS'],
  ['account_adjustment', 'ADJUSTMENT'],
]);

/** Paid with the patron's credit. */
const CREDIT = 'credit_payment';

/** A billing, as it is charged here. */
export type ChargedBilling = { readonly feeId: string; readonly time: ForeignTime };

/**
 * Returns a time for ordering that is not before another one: a day's fine counts from the end of the day, and may be
 * voided or adjusted on this day.
 */
export function notBefore(time: ForeignTime, other: ForeignTime): ForeignTime {
  return { at: time.at, ms: Math.max(time.ms, other.ms) };
}

/** Returns whether Evergreen pays back payments of a type. */
export function isRefundable(type: string): boolean {
  return !reasons.has(type) && type !== CREDIT;
}

/**
 * Turns a payment into changes. Money belongs to the transaction: it pays the billing of the same amount, or else the
 * oldest. What was worked off, given in goods, forgiven or adjusted is a waiver, so that it never becomes money.
 *
 * @param chargedBy - the fee of a billing, and when it was billed
 */
export function paymentChanges(
  payment: EvergreenPayment,
  balanceId: string,
  chargedBy: (billing: string) => ChargedBilling | undefined,
  options: CheckedReadOptions,
): ForeignChange[] {
  const { id, type, amount, time, sequence, isVoid, by, reference, billing, reader } = payment;
  const { origin } = reader;
  const change = { ...by, time, sequence, origin };
  const undo: ForeignChange[] = isVoid
    ? [{ kind: 'void', id: `${id}/void`, of: id, time, sequence: sequence + 0.5, origin }]
    : [];
  const reason = reasons.get(type);
  if (amount === 0 || (amount < 0 && !methods.has(type))) {
    reader.report('AmountHasWrongSign', 'amount', 'above 0', String(reader.value('amount')));
    return [];
  }
  if (reason !== undefined) {
    const charged = billing === undefined ? undefined : chargedBy(billing);
    const waived = { balanceId, amount, ...(charged === undefined ? {} : { feeId: charged.feeId }) };
    const adjusted = charged === undefined ? change : { ...change, time: notBefore(time, charged.time) };
    const named = options.named('reasons', reason);
    return [{ ...adjusted, kind: 'waiver', id, reason: named, waived }, ...undo];
  }
  if (type === CREDIT) {
    const credit = { creditId: id, balanceId, amount, purpose: 'goodwill' } as const;
    return [{ ...change, ...credit, kind: 'credit' }, ...undo];
  }
  const known = methods.get(type);
  if (known === undefined) reader.report('UnknownType', 'payment_type', 'a table of payments', type);
  const method = options.named('methods', known ?? type);
  // A refund that was voided changed nothing.
  if (amount < 0) {
    const refund = { ...change, kind: 'refund', id, of: { balanceId }, amount: -amount, method } as const;
    return isVoid ? [] : [refund];
  }
  const referred = reference === undefined ? {} : { reference };
  const received = { ...change, ...referred, kind: 'payment', paymentId: id, method } as const;
  return [{ ...received, paid: { balanceId, amount } }, ...undo];
}
