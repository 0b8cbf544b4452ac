import { type Credit, unused } from './credit.js';
import type { DecisionContext } from './decisionContext.js';
import type { Rejection } from './rejections.js';

/** Reads how much of a credit is meant, in minor units: an amount within what is unused, or all of that. */
export function partOfCredit(
  credit: Credit,
  amount: string | undefined,
  context: DecisionContext,
): number | Rejection {
  const { creditId } = credit;
  const left = unused(credit);
  if (left === 0) return { type: 'CreditUsedUp', creditId };
  const part = amount === undefined ? left : context.minor(amount);
  if (part <= left) return part;
  return { type: 'AmountExceedsCredit', creditId, amount: context.money(part), unused: context.money(left) };
}
