import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fillInOrder, splitEvenly, splitProportionally, spread } from '../../src/index.js';
import { paymentOrders } from '../../src/policy/paymentOrder.js';
import { booksOf, minorUnits, total } from '../support/books.js';
import { PATIENCE, seeded } from '../support/seeded.js';
import { anyPolicy, eventsOf, hostileNames, moves, play } from '../support/stories.js';

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

/** What is owed on some fees, and an amount that these can take. */
const splittable = owedPerFee.chain((owed) => {
  const sum = owed.reduce((all, one) => all + one, 0);
  const amount = fc.oneof(fc.integer({ min: 0, max: sum }), fc.constant(sum), fc.constant(Math.min(1, sum)));
  return fc.record({ owed: fc.constant(owed), amount });
});

const anyOrder = fc.constantFrom(...paymentOrders);

function sum(shares: readonly number[]): bigint {
  return total(shares.map(BigInt));
}

describe('law 9: splits', () => {
  it(
    'conserve every minor unit and stay within each fee, in every order, up to twelve digits',
    () => {
      fc.assert(
        fc.property(splittable, anyOrder, ({ owed, amount }, order) => {
          const shares = spread(amount, owed, order);
          expect(shares).toHaveLength(owed.length);
          expect(sum(shares)).toBe(BigInt(amount));
          const unfit = shares.filter(
            (share, index) => !Number.isSafeInteger(share) || share < 0 || share > (owed[index] as number),
          );
          expect(unfit).toEqual([]);
        }),
        seeded('law 9'),
      );
    },
    PATIENCE,
  );

  it(
    'do what their order says: earlier fees in the order are full before later ones get anything',
    () => {
      fc.assert(
        fc.property(splittable, anyOrder, ({ owed, amount }, order) => {
          fc.pre(order !== 'proportional' && order !== 'evenly');
          const at = (index: number) => owed[index] as number;
          const before = (a: number, b: number) => {
            if (order === 'newest-first') return a > b;
            if (order === 'oldest-first' || at(a) === at(b)) return a < b;
            return order === 'largest-first' ? at(a) > at(b) : at(a) < at(b);
          };
          const shares = spread(amount, owed, order);
          for (const [late, share] of shares.entries())
            for (const [early, earlier] of shares.entries())
              if (share > 0 && before(early, late)) expect(earlier).toBe(at(early));
        }),
        seeded('law 9, orders'),
      );
    },
    PATIENCE,
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
    PATIENCE,
  );

  it(
    'in equal shares differ by at most one minor unit, except where a fee is full',
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
    PATIENCE,
  );

  it(
    'of payments and credits conserve the amount, make no line of nothing, and name each fee once',
    () => {
      fc.assert(
        fc.property(moves(20), anyPolicy, (story, policy) => {
          for (const { data } of eventsOf(play(story, policy))) {
            if (!('allocations' in data)) continue;
            const amounts = data.allocations.map(({ amount }) => minorUnits(amount));
            expect(amounts.every((amount) => amount > 0n)).toBe(true);
            expect(new Set(data.allocations.map(({ feeId }) => feeId)).size).toBe(amounts.length);
          }
        }),
        seeded('law 9, lines'),
      );
    },
    PATIENCE,
  );

  it(
    'do not depend on ids: a story under other names comes to the same figures',
    () => {
      const nameless = moves(25).map((story) =>
        story.filter(({ kind }) => kind !== 'idTaken' && kind !== 'derivedIdTaken'),
      );
      const figures = (events: ReturnType<typeof eventsOf>) => {
        const { fees, credits } = booksOf(events);
        return {
          fees: fees.map(({ feeId, ...fee }) => fee),
          credits: credits.map(({ creditId, feeId, ...credit }) => credit),
        };
      };
      fc.assert(
        fc.property(nameless, anyPolicy, (story, policy) => {
          const plain = eventsOf(play(story, policy));
          const hostile = eventsOf(play(story, policy, hostileNames));
          expect(figures(hostile)).toEqual(figures(plain));
          expect(hostile.map(({ type }) => type)).toEqual(plain.map(({ type }) => type));
        }),
        seeded('law 9, ids'),
      );
    },
    PATIENCE,
  );
});
