import { type Credit, unused } from './credit.js';
import type { DecisionContext } from './decisionContext.js';
import type { Rejection } from './rejections.js';

/**
 * Reads how much of a credit to use, in minor units: the given amount, which must not exceed the unused amount, or all
 * that is unused.
 */
export function partOfCredit(
  credit: Credit,
  amount: string | undefined,
  context: DecisionContext,
): number | Rejection {
  if (unused(credit) === 0) return { type: 'CreditUsedUp', creditId: credit.creditId };
  return amount === undefined ? unused(credit) : withinCredit(credit, context.minor(amount), context);
}

/**
 * Returns the minor units, or a rejection if they exceed the unused amount of a credit. A sum of allocations may have
 * more digits than an amount.
 */
export function withinCredit(credit: Credit, part: number, context: DecisionContext): number | Rejection {
  const left = unused(credit);
  if (part <= left) return part;
  return {
    type: 'AmountExceedsCredit',
    creditId: credit.creditId,
    amount: context.money(part),
    unused: context.money(left),
  };
}
