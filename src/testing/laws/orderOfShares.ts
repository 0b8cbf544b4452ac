import assert from 'node:assert/strict';
import type { PaymentOrder } from '../../policy/paymentOrder.js';
import { total } from './books.js';

/** Checks shares against an order by comparing any two fees. Does not compute a split itself. */
export function holdToOrder(order: PaymentOrder, shares: readonly bigint[], owed: readonly bigint[]): void {
  if (total(owed) === 0n) return;
  const told = `${order}: ${shares.join()} of ${owed.join()}`;
  const share = (index: number) => shares[index] as bigint;
  const limit = (index: number) => owed[index] as bigint;
  const everyPair = (holds: (one: number, other: number) => boolean) => {
    for (const one of owed.keys()) for (const other of owed.keys()) assert.ok(holds(one, other), told);
  };
  if (order === 'evenly') {
    // Fees that are not fully paid get equal shares; an indivisible rest goes to the first fees of the list.
    everyPair(
      (one, other) => share(one) === limit(one) || share(other) <= share(one) + (other < one ? 1n : 0n),
    );
  } else if (order === 'proportional') {
    const [amount, sum] = [total(shares), total(owed)];
    // Positive if a share was rounded up, negative if it was rounded down, by less than one minor unit. The larger
    // remainder is rounded up; of equal remainders the first in the list.
    const rounded = (index: number) => share(index) * sum - limit(index) * amount;
    everyPair((one, other) => {
      const apart = rounded(one) - rounded(other);
      return rounded(one) < sum && rounded(other) > -sum && (apart < sum || (apart === sum && one < other));
    });
  } else {
    const goesBefore = before[order];
    everyPair(
      (one, other) => !goesBefore(one, other, limit) || share(one) === limit(one) || share(other) === 0n,
    );
  }
}

type Before = (one: number, other: number, owed: (index: number) => bigint) => boolean;

/** Whether one fee is paid before another, by payment order. */
const before: Readonly<Record<Exclude<PaymentOrder, 'proportional' | 'evenly'>, Before>> = {
  'oldest-first': (one, other) => one < other,
  'newest-first': (one, other) => one > other,
  'largest-first': (one, other, owed) =>
    owed(one) > owed(other) || (owed(one) === owed(other) && one < other),
  'smallest-first': (one, other, owed) =>
    owed(one) < owed(other) || (owed(one) === owed(other) && one < other),
};
