import { fillInOrder, splitEvenly, splitProportionally } from '../money/split.js';

/** Every order in which a payment or a credit can be spread over fees. */
export const paymentOrders = [
  'oldest-first',
  'newest-first',
  'largest-first',
  'smallest-first',
  'proportional',
  'evenly',
] as const;

/**
 * In which order an amount is spread over fees.
 *
 * - `oldest-first`, `newest-first`: by the order in which the fees were assessed (the stream's order, never `at`).
 * - `largest-first`, `smallest-first`: by what is owed; ties oldest first.
 * - `proportional`: in proportion to what is owed, by largest remainder.
 * - `evenly`: equal shares, small fees filled first.
 */
export type PaymentOrder = (typeof paymentOrders)[number];

/** Fills limits one after the other, sorted by a comparison of their indices; ties in list order. */
function fillSorted(
  amount: number,
  owed: readonly number[],
  compare: (a: number, b: number) => number,
): number[] {
  const order = owed.map((_, index) => index).sort(compare);
  const filled = fillInOrder(
    amount,
    order.map((index) => owed[index] as number),
  );
  const shares = owed.slice();
  order.forEach((index, rank) => {
    shares[index] = filled[rank] as number;
  });
  return shares;
}

/**
 * Splits an amount over what is owed on several fees.
 *
 * @param amount - integer minor units, at most the sum of `owed`
 * @param owed - integer minor units per fee, oldest fee first
 * @param order - how to split
 * @returns one share per fee, at most what is owed on it; the shares add up to the amount
 *
 * @example
 * ```ts
 * import { spread } from 'patron-fees';
 *
 * spread(1000, [600, 900], 'oldest-first'); //=> [600, 400]
 * spread(1000, [600, 900], 'largest-first'); //=> [100, 900]
 * spread(1000, [600, 900], 'proportional'); //=> [400, 600]
 * spread(1000, [600, 900], 'evenly'); //=> [500, 500]
 * ```
 */
export function spread(amount: number, owed: readonly number[], order: PaymentOrder): number[] {
  const at = (index: number) => owed[index] as number;
  switch (order) {
    case 'oldest-first':
      return fillInOrder(amount, owed);
    case 'newest-first':
      return fillSorted(amount, owed, (a, b) => b - a);
    case 'largest-first':
      return fillSorted(amount, owed, (a, b) => at(b) - at(a));
    case 'smallest-first':
      return fillSorted(amount, owed, (a, b) => at(a) - at(b));
    case 'proportional':
      return splitProportionally(amount, owed);
    case 'evenly':
      return splitEvenly(amount, owed);
  }
}
