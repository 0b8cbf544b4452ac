import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type PaymentOrder, paymentOrders, spread } from '../../src/policy/paymentOrder.js';
import { tried } from '../support/seeded.js';

const owedAndAmount = fc
  .array(fc.oneof(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 10 ** 12 - 1 })), {
    minLength: 1,
    maxLength: 10,
  })
  .chain((owed) => fc.tuple(fc.integer({ min: 1, max: owed.reduce((a, b) => a + b) }), fc.constant(owed)));

describe('spread', () => {
  const sharesByOrder: Readonly<Record<PaymentOrder, readonly number[]>> = {
    'oldest-first': [300, 100, 0, 0],
    'newest-first': [0, 0, 200, 200],
    'largest-first': [300, 0, 100, 0],
    'smallest-first': [0, 100, 200, 100],
    proportional: [150, 50, 100, 100],
    evenly: [100, 100, 100, 100],
  };

  it.each(paymentOrders)('splits 4.00 over 3.00, 1.00, 2.00 and 2.00 %s', (order) => {
    expect(spread(400, [300, 100, 200, 200], order)).toEqual(sharesByOrder[order]);
  });

  const sharesOfEqualFees: Readonly<Record<PaymentOrder, readonly number[]>> = {
    'oldest-first': [100, 50, 0],
    'newest-first': [0, 50, 100],
    'largest-first': [100, 50, 0],
    'smallest-first': [100, 50, 0],
    proportional: [50, 50, 50],
    evenly: [50, 50, 50],
  };

  it.each(paymentOrders)('splits 1.50 over three equal fees %s', (order) => {
    expect(spread(150, [100, 100, 100], order)).toEqual(sharesOfEqualFees[order]);
  });

  it.each(paymentOrders)('does not change its arguments when the order is %s', (order) => {
    const owed = Object.freeze([300, 100, 200]);
    expect(() => spread(400, owed, order)).not.toThrow();
  });

  it.each(paymentOrders)(
    'returns shares that add up to the amount, each at most what is owed, when the order is %s',
    (order) => {
      fc.assert(
        fc.property(owedAndAmount, ([amount, owed]) => {
          const shares = spread(amount, owed, order);
          expect(shares.reduce((a, b) => a + b)).toBe(amount);
          expect(shares.every((share, index) => share >= 0 && share <= (owed[index] as number))).toBe(true);
        }),
        tried(1_000),
      );
    },
  );

  it('pays every fee in full if the amount is all that is owed, in any order', () => {
    fc.assert(
      fc.property(owedAndAmount, fc.constantFrom(...paymentOrders), ([, owed], order) => {
        expect(
          spread(
            owed.reduce((a, b) => a + b),
            owed,
            order,
          ),
        ).toEqual(owed);
      }),
      tried(1_000),
    );
  });

  it('leaves at most one fee partly paid when it fills fee by fee', () => {
    const partlyPaid = (shares: readonly number[], owed: readonly number[]) =>
      shares.filter((share, index) => share > 0 && share < (owed[index] ?? 0)).length;
    const feeByFee = paymentOrders.filter(
      (order) => partlyPaid(sharesOfEqualFees[order], [100, 100, 100]) === 1,
    );
    fc.assert(
      fc.property(owedAndAmount, fc.constantFrom(...feeByFee), ([amount, owed], order) => {
        expect(partlyPaid(spread(amount, owed, order), owed)).toBeLessThanOrEqual(1);
      }),
      tried(1_000),
    );
  });
});
