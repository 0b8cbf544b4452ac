import { type PaymentOrder, spread } from '../policy/paymentOrder.js';
import type { Allocation } from './circumstances.js';
import { type Credit, unused } from './credit.js';
import type { DecisionContext } from './decisionContext.js';
import { type Fee, owed } from './fee.js';

/** One fee's share of a payment or a credit, in minor units. */
export type Share = { readonly feeId: string; readonly amount: number };

/** Returns the selected fees, or all fees if none are named; in stream order. Refuses an unknown fee. */
export function selectedFees(
  feeIds: readonly string[] | undefined,
  context: DecisionContext,
): readonly Fee[] {
  if (feeIds === undefined) return context.fees();
  for (const feeId of feeIds) context.fee(feeId);
  const named = new Set(feeIds);
  return context.fees().filter(({ feeId }) => named.has(feeId));
}

/** Returns the amount of a fee that a payment or a credit can pay: 0 while the fee is disputed. */
export function payable(fee: Fee): number {
  return fee.disputed ? 0 : owed(fee);
}

/** Spreads an amount over fees. Shares of zero are left out. */
export function sharesOf(amount: number, fees: readonly Fee[], order: PaymentOrder): Share[] {
  const amounts = spread(amount, fees.map(payable), order);
  return withoutZeros(fees.map(({ feeId }, index) => ({ feeId, amount: amounts[index] as number })));
}

/** How {@link allocate} treats an allocation above what its fee can take. */
export type AllocationExcess = 'reduced' | 'PaymentExceedsOwed' | 'ApplicationExceedsOwed';

/**
 * Reads the allocations of a command.
 *
 * @param excess - `reduced` to reduce each to what its fee can take; otherwise the refusal of an allocation above that.
 * A disputed fee is then refused too.
 */
export function allocate(
  allocations: readonly Allocation[],
  excess: AllocationExcess,
  context: DecisionContext,
): Share[] {
  const shares = allocations.map(({ feeId, amount }) => {
    const fee = context.fee(feeId);
    const wanted = context.minor(amount);
    if (excess !== 'reduced') {
      if (fee.disputed) context.refuse({ type: 'FeeIsDisputed', feeId });
      if (wanted > payable(fee)) {
        context.refuse({ type: excess, feeId, amount, owed: context.money(payable(fee)) });
      }
    }
    return { feeId, amount: Math.min(wanted, payable(fee)) };
  });
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
 * that is unused. Refuses a credit that is used up.
 */
export function partOfCredit(credit: Credit, amount: string | undefined, context: DecisionContext): number {
  if (unused(credit) === 0) context.refuse({ type: 'CreditUsedUp', creditId: credit.creditId });
  return amount === undefined ? unused(credit) : withinCredit(credit, context.minor(amount), context);
}

/**
 * Returns the minor units. Refuses more than the unused amount of a credit: a sum of allocations may have more digits
 * than an amount.
 */
export function withinCredit(credit: Credit, part: number, context: DecisionContext): number {
  const { creditId } = credit;
  const left = unused(credit);
  if (part > left) {
    const amount = context.money(part);
    context.refuse({ type: 'AmountExceedsCredit', creditId, amount, unused: context.money(left) });
  }
  return part;
}
