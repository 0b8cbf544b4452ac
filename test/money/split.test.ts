import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fillInOrder, splitEvenly, splitProportionally } from '../../src/money/split.js';
import { tried } from '../support/seeded.js';

/** Fees of equal prices among them, of cents, of twelve digits, and paid ones. */
const limit = fc.oneof(
  fc.integer({ min: 0, max: 7 }),
  fc.constantFrom(500, 502, 1000),
  fc.integer({ min: 0, max: 100_000 }),
  fc.integer({ min: 10 ** 11, max: 10 ** 12 - 1 }),
);

/** Limits, and an amount from nothing to all of them. */
const splittable = fc
  .array(limit, { minLength: 1, maxLength: 12 })
  .chain((limits) => fc.tuple(fc.integer({ min: 0, max: sum(limits) }), fc.constant(limits)));

function sum(amounts: readonly number[]): number {
  return amounts.reduce((total, amount) => total + amount, 0);
}

const splits = { splitProportionally, splitEvenly, fillInOrder };

describe.each(Object.entries(splits))('%s', (_name, split) => {
  it('conserves every minor unit and stays within each limit', () => {
    fc.assert(
      fc.property(splittable, ([amount, limits]) => {
        const shares = split(amount, limits);
        expect(sum(shares)).toBe(amount);
        expect(shares).toHaveLength(limits.length);
        shares.forEach((share, index) => {
          expect(Number.isSafeInteger(share)).toBe(true);
          expect(share).toBeGreaterThanOrEqual(0);
          expect(share).toBeLessThanOrEqual(limits[index] as number);
        });
      }),
      tried(5_000),
    );
  });

  it('gives every limit in full when the amount is all of them', () => {
    fc.assert(
      fc.property(fc.array(limit, { maxLength: 12 }), (limits) => {
        expect(split(sum(limits), limits)).toEqual(limits);
      }),
      tried(2_000),
    );
  });

  it('gives nothing of nothing, and has no share where there is no limit', () => {
    expect(split(0, [5, 0, 7])).toEqual([0, 0, 0]);
    expect(split(0, [0, 0])).toEqual([0, 0]);
    expect(split(0, [])).toEqual([]);
  });

  it('leaves the limits as they were', () => {
    const limits = Object.freeze([300, 100, 200]);
    split(250, limits);
    expect(limits).toEqual([300, 100, 200]);
  });

  it("splits the totals that FOLIO's even split fails on", () => {
    const totals: [number, number[]][] = [
      [1502, [500, 500, 502]],
      [2, [100, 100, 100]],
      [3002, [1000, 1000, 2500]],
      [3503, [875, 875, 876, 877]],
    ];
    for (const [amount, limits] of totals) expect(sum(split(amount, limits))).toBe(amount);
  });
});

describe('splitProportionally', () => {
  it.each([
    [100, [1, 1, 1], [34, 33, 33]],
    [2, [100, 100, 100], [1, 1, 0]],
    [1502, [500, 500, 502], [500, 500, 502]],
    [10, [0, 5, 0, 5], [0, 5, 0, 5]],
    [100, [1, 2, 3], [17, 33, 50]],
    [1, [999_999_999_999, 999_999_999_999], [1, 0]],
  ])('splits %i over %j as %j', (amount, weights, shares) => {
    expect(splitProportionally(amount, weights)).toEqual(shares);
  });

  it('gives each the exact share rounded down, and one unit more to the largest remainders, ties in list order', () => {
    fc.assert(
      fc.property(splittable, ([amount, weights]) => {
        const total = weights.reduce((all, weight) => all + BigInt(weight), 0n) || 1n;
        const floors = weights.map((weight) => (BigInt(amount) * BigInt(weight)) / total);
        const remainders = weights.map((weight) => (BigInt(amount) * BigInt(weight)) % total);
        const left = BigInt(amount) - floors.reduce((all, floor) => all + floor, 0n);
        // Who stands before whom: counted, not sorted.
        const rank = (own: number) =>
          remainders.filter((other, index) => {
            const mine = remainders[own] as bigint;
            return other > mine || (other === mine && index < own);
          }).length;
        const expected = floors.map((floor, index) => Number(floor) + (rank(index) < left ? 1 : 0));
        expect(splitProportionally(amount, weights)).toEqual(expected);
      }),
      tried(5_000),
    );
  });

  it('depends on the list order only where remainders are equal: distinct weights keep their shares anywhere', () => {
    const distinct = fc.uniqueArray(fc.integer({ min: 1, max: 10 ** 6 }), { minLength: 2, maxLength: 6 });
    fc.assert(
      fc.property(distinct, fc.nat(1_000), (weights, amount) => {
        const total = sum(weights);
        const remainders = weights.map((weight) => (amount * weight) % total);
        fc.pre(new Set(remainders).size === remainders.length);
        const reversed = splitProportionally(amount, [...weights].reverse()).reverse();
        expect(reversed).toEqual(splitProportionally(amount, weights));
      }),
      tried(2_000),
    );
  });
});

describe('splitEvenly', () => {
  it.each([
    [20_000, [10_000, 100, 15_000], [9950, 100, 9950]],
    [5_000, [1500, 1500, 1500, 1500, 750], [1063, 1063, 1062, 1062, 750]],
    [5_000, [10_000, 10_000, 10_000], [1667, 1667, 1666]],
    [1_501, [500, 600, 700, 800], [376, 375, 375, 375]],
    [300, [200, 150], [150, 150]],
    [1_502, [500, 500, 502], [500, 500, 502]],
    [2, [100, 100, 100], [1, 1, 0]],
    [3_002, [1000, 1000, 2500], [1000, 1000, 1002]],
    [3_503, [875, 875, 876, 877], [875, 875, 876, 877]],
  ])('splits %i over %j as %j', (amount, limits, shares) => {
    expect(splitEvenly(amount, limits)).toEqual(shares);
  });

  it('is what giving one unit after the other to whoever has least would give, small limits filled first', () => {
    const few = fc.array(fc.integer({ min: 0, max: 12 }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(few, fc.nat(80), (limits, wish) => {
        const amount = Math.min(wish, sum(limits));
        const expected = limits.map(() => 0);
        for (let unit = 0; unit < amount; unit++) {
          const withRoom = limits.flatMap((most, index) =>
            (expected[index] as number) < most ? [index] : [],
          );
          const least = Math.min(...withRoom.map((index) => expected[index] as number));
          const next = withRoom.find((index) => expected[index] === least) as number;
          expected[next] = (expected[next] as number) + 1;
        }
        expect(splitEvenly(amount, limits)).toEqual(expected);
      }),
      tried(3_000),
    );
  });

  it('gives nobody two units more than another who has room', () => {
    fc.assert(
      fc.property(splittable, ([amount, limits]) => {
        const shares = splitEvenly(amount, limits);
        const most = Math.max(...shares);
        limits.forEach((room, index) => {
          const share = shares[index] as number;
          if (share < room) expect(most - share).toBeLessThanOrEqual(1);
        });
      }),
      tried(3_000),
    );
  });
});

describe('fillInOrder', () => {
  it.each([
    [250, [100, 100, 100], [100, 100, 50]],
    [50, [100, 100], [50, 0]],
    [100, [100, 100], [100, 0]],
    [7, [0, 3, 0, 9], [0, 3, 0, 4]],
  ])('fills %i into %j as %j', (amount, limits, shares) => {
    expect(fillInOrder(amount, limits)).toEqual(shares);
  });
});
