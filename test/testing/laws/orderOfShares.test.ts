import { describe, expect, it } from 'vitest';
import { type PaymentOrder, spread } from '../../../src/index.js';
import { holdToOrder } from '../../../src/testing/laws/orderOfShares.js';

const owed = [300, 0, 900, 300, 1];
const wrong: Readonly<Record<PaymentOrder, readonly number[]>> = {
  'oldest-first': [299, 0, 1, 0, 0],
  'newest-first': [0, 0, 0, 300, 0],
  'largest-first': [1, 0, 299, 0, 0],
  'smallest-first': [1, 0, 298, 0, 1],
  proportional: [62, 0, 179, 60, 0],
  evenly: [101, 0, 99, 99, 1],
};
/** Wrong orders; for largest-first and smallest-first, two fees of the same amount keep their order. */
const alsoWrong: Readonly<Partial<Record<PaymentOrder, readonly number[]>>> = {
  'largest-first': [0, 0, 0, 300, 0],
  'smallest-first': [0, 0, 0, 299, 1],
  proportional: [59, 0, 181, 60, 0],
  evenly: [100, 0, 100, 100, 0],
};

describe.each(Object.entries(wrong) as [PaymentOrder, readonly number[]][])('%s', (order, shares) => {
  const held = (given: readonly number[]) => () => holdToOrder(order, given.map(BigInt), owed.map(BigInt));

  it('accepts the split of this library', () => {
    for (const amount of [0, 1, 2, 300, 301, 1_200, 1_201, 1_500, 1_501])
      expect(held(spread(amount, owed, order))).not.toThrow();
  });

  it('refuses a split in another order', () => {
    expect(held(shares)).toThrow(`${order}: ${shares.join()} of 300,0,900,300,1`);
    const other = alsoWrong[order];
    if (other !== undefined) expect(held(other)).toThrow(order);
  });
});

it('gives an indivisible rest to the first fee of the list', () => {
  const held = (order: PaymentOrder, shares: readonly number[]) => () =>
    holdToOrder(order, shares.map(BigInt), [10n, 10n, 10n]);
  for (const order of ['proportional', 'evenly'] as const) {
    expect(held(order, [4, 3, 3])).not.toThrow();
    expect(held(order, [3, 4, 3])).toThrow(order);
    expect(held(order, [3, 3, 4])).toThrow(order);
  }
});
