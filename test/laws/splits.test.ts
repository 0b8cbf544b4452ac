import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fillInOrder, splitEvenly, splitProportionally, spread } from '../../src/index.js';
import { type PaymentOrder, paymentOrders } from '../../src/policy/paymentOrder.js';
import { total } from '../../src/testing/laws/referenceModel.js';
import { checkLaw } from '../support/lawTests.js';
import { LAW_TIMEOUT_MS, seeded } from '../support/seeded.js';

checkLaw(9);

const TWELVE_DIGITS = 999_999_999_999;

const owedPerFee = fc.array(
  fc.oneof(
    fc.constant(0),
    fc.integer({ min: 1, max: 20 }),
    fc.integer({ min: 1, max: 99_999 }),
    fc.integer({ min: TWELVE_DIGITS - 10, max: TWELVE_DIGITS }),
  ),
  { minLength: 1, maxLength: 12 },
);

/** What is owed on some fees, and an amount that fits them. */
const splittable = owedPerFee.chain((owed) => {
  const sum = owed.reduce((all, one) => all + one, 0);
  const amount = fc.oneof(fc.integer({ min: 0, max: sum }), fc.constant(sum), fc.constant(Math.min(1, sum)));
  return fc.record({ owed: fc.constant(owed), amount });
});

const anyOrder = fc.constantFrom(...paymentOrders);

function sum(shares: readonly number[]): bigint {
  return total(shares.map(BigInt));
}

/** Whether fee `a` is filled before fee `b`; `at` is what is owed on a fee. Undefined for orders that pay all fees at once. */
const isBefore: Readonly<
  Record<PaymentOrder, ((a: number, b: number, at: (index: number) => number) => boolean) | undefined>
> = {
  'oldest-first': (a, b) => a < b,
  'newest-first': (a, b) => a > b,
  'largest-first': (a, b, at) => (at(a) === at(b) ? a < b : at(a) > at(b)),
  'smallest-first': (a, b, at) => (at(a) === at(b) ? a < b : at(a) < at(b)),
  proportional: undefined,
  evenly: undefined,
};

describe('splits', () => {
  it(
    'follow their order: earlier fees are paid in full before later ones get anything',
    () => {
      fc.assert(
        fc.property(splittable, anyOrder, ({ owed, amount }, order) => {
          const compare = isBefore[order];
          fc.pre(compare !== undefined);
          const at = (index: number) => owed[index] as number;
          const before = (a: number, b: number) => compare?.(a, b, at) === true;
          const shares = spread(amount, owed, order);
          for (const [late, share] of shares.entries())
            for (const [early, earlier] of shares.entries())
              if (share > 0 && before(early, late)) expect(earlier).toBe(at(early));
        }),
        seeded('law 9, orders'),
      );
    },
    LAW_TIMEOUT_MS,
  );

  it(
    'in proportion differ from the exact proportion by less than one minor unit',
    () => {
      fc.assert(
        fc.property(splittable, ({ owed, amount }) => {
          const all = sum(owed);
          fc.pre(all > 0n);
          const shares = splitProportionally(amount, owed);
          for (const [index, share] of shares.entries()) {
            const exact = BigInt(amount) * BigInt(owed[index] as number);
            const error = BigInt(share) * all - exact;
            expect(error < all && -error < all).toBe(true);
          }
        }),
        seeded('law 9, proportion'),
      );
    },
    LAW_TIMEOUT_MS,
  );

  it(
    'in proportion give the rest to earlier fees first if fees are equal',
    () => {
      fc.assert(
        fc.property(splittable, ({ owed, amount }) => {
          const shares = splitProportionally(amount, owed);
          for (const [early, share] of shares.entries())
            for (const [late, later] of shares.entries())
              if (early < late && owed[early] === owed[late]) expect(share).toBeGreaterThanOrEqual(later);
        }),
        seeded('law 9, ties'),
      );
    },
    LAW_TIMEOUT_MS,
  );

  it(
    'in equal shares differ by at most one minor unit, unless a fee is paid in full',
    () => {
      fc.assert(
        fc.property(splittable, ({ owed, amount }) => {
          const shares = splitEvenly(amount, owed);
          const most = Math.max(...shares);
          for (const [index, share] of shares.entries())
            if (share < most - 1) expect(share).toBe(owed[index]);
          expect(sum(fillInOrder(amount, owed))).toBe(sum(shares));
        }),
        seeded('law 9, equal shares'),
      );
    },
    LAW_TIMEOUT_MS,
  );
});
