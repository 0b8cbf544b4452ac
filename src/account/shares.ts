import { type PaymentOrder, spread } from '../policy/paymentOrder.js';
import type { Allocation } from './circumstances.js';
import { type Credit, unused } from './credit.js';
import type { DecisionContext } from './decisionContext.js';
import { type Fee, owed } from './fee.js';
import type { Refusal } from './rejections/rejection.js';

/** One fee's share of a payment or a credit, in minor units. */
export type Share = { readonly feeId: string; readonly amount: number };

/** Returns the selected fees, or all fees if none are named; in stream order. */
export function meantFees(
  feeIds: readonly string[] | undefined,
  context: DecisionContext,
): readonly Fee[] | Refusal {
  if (feeIds === undefined) return context.fees();
  const missing = feeIds.find((feeId) => context.fee(feeId) === undefined);
  if (missing !== undefined) return { type: 'FeeNotFound', feeId: missing };
  const named = new Set(feeIds);
  return context.fees().filter(({ feeId }) => named.has(feeId));
}

/** Returns the amount of a fee that a payment or a credit can pay: 0 while the fee is disputed. */
export function room(fee: Fee): number {
  return fee.disputed ? 0 : owed(fee);
}

/** Spreads an amount over fees. Shares of zero are left out. */
export function sharesOf(amount: number, fees: readonly Fee[], order: PaymentOrder): Share[] {
  const amounts = spread(amount, fees.map(room), order);
  return withoutZeros(fees.map(({ feeId }, index) => ({ feeId, amount: amounts[index] as number })));
}

/**
 * Reads the allocations of a command.
 *
 * @param clips - true to reduce each to what its fee can take, false to reject an allocation above that
 * @param exceeds - the rejection for an allocation above what is owed
 */
export function allocate(
  allocations: readonly Allocation[],
  clips: boolean,
  context: DecisionContext,
  exceeds: (feeId: string, amount: string, owed: string) => Refusal,
): Share[] | Refusal {
  const shares: Share[] = [];
  for (const { feeId, amount } of allocations) {
    const fee = context.fee(feeId);
    if (fee === undefined) return { type: 'FeeNotFound', feeId };
    if (fee.disputed && !clips) return { type: 'FeeIsDisputed', feeId };
    const wanted = context.minor(amount);
    if (wanted > room(fee) && !clips) return exceeds(feeId, amount, context.money(room(fee)));
    shares.push({ feeId, amount: Math.min(wanted, room(fee)) });
  }
  return withoutZeros(shares);
}

/** Formats shares as the allocations of an event. */
export function allocationsOf(shares: readonly Share[], context: DecisionContext): Allocation[] {
  return shares.map(({ feeId, amount }) => ({ feeId, amount: context.money(amount) }));
}

/** Returns the sum of the amounts. */
export function sumOf(amounts: readonly number[]): number {
  return amounts.reduce((sum, amount) => sum + amount, 0);
}

function withoutZeros(shares: Share[]): Share[] {
  return shares.filter(({ amount }) => amount > 0);
}

/**
 * Reads how much of a credit to use, in minor units: the given amount, which must not exceed the unused amount, or all
 * that is unused.
 */
export function partOfCredit(
  credit: Credit,
  amount: string | undefined,
  context: DecisionContext,
): number | Refusal {
  if (unused(credit) === 0) return { type: 'CreditUsedUp', creditId: credit.creditId };
  return amount === undefined ? unused(credit) : withinCredit(credit, context.minor(amount), context);
}

/**
 * Returns the minor units, or a rejection if they exceed the unused amount of a credit. A sum of allocations may have
 * more digits than an amount.
 */
export function withinCredit(credit: Credit, part: number, context: DecisionContext): number | Refusal {
  const left = unused(credit);
  if (part <= left) return part;
  return {
    type: 'AmountExceedsCredit',
    creditId: credit.creditId,
    amount: context.money(part),
    unused: context.money(left),
  };
}
