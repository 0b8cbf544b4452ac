import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fillInOrder, splitEvenly, splitProportionally } from '../../src/money/split.js';
import { tried } from '../support/seeded.js';

/** Limits of 0, of a few cents, of equal amounts and of twelve digits. */
const limit = fc.oneof(
  fc.integer({ min: 0, max: 7 }),
  fc.constantFrom(500, 502, 1000),
  fc.integer({ min: 0, max: 100_000 }),
  fc.integer({ min: 10 ** 11, max: 10 ** 12 - 1 }),
);

/** Limits, and an amount from 0 to their sum. */
const splittable = fc
  .array(limit, { minLength: 1, maxLength: 12 })
  .chain((limits) => fc.tuple(fc.integer({ min: 0, max: sum(limits) }), fc.constant(limits)));

function sum(amounts: readonly number[]): number {
  return amounts.reduce((total, amount) => total + amount, 0);
}

const splits = { splitProportionally, splitEvenly, fillInOrder };

describe.each(Object.entries(splits))('%s', (_name, split) => {
  it('returns shares that add up to the amount, each within its limit', () => {
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

  it('fills every limit if the amount is their sum', () => {
    fc.assert(
      fc.property(fc.array(limit, { maxLength: 12 }), (limits) => {
        expect(split(sum(limits), limits)).toEqual(limits);
      }),
      tried(2_000),
    );
  });

  it('returns zeros for an amount of 0, and no shares for no limits', () => {
    expect(split(0, [5, 0, 7])).toEqual([0, 0, 0]);
    expect(split(0, [0, 0])).toEqual([0, 0]);
    expect(split(0, [])).toEqual([]);
  });

  it('does not change the limits', () => {
    const limits = Object.freeze([300, 100, 200]);
    split(250, limits);
    expect(limits).toEqual([300, 100, 200]);
  });

  it("splits the amounts on which FOLIO's even split fails", () => {
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

  it('rounds each share down and adds one unit to the largest remainders, ties in list order', () => {
    fc.assert(
      fc.property(splittable, ([amount, weights]) => {
        const total = weights.reduce((all, weight) => all + BigInt(weight), 0n) || 1n;
        const floors = weights.map((weight) => (BigInt(amount) * BigInt(weight)) / total);
        const remainders = weights.map((weight) => (BigInt(amount) * BigInt(weight)) % total);
        const left = BigInt(amount) - floors.reduce((all, floor) => all + floor, 0n);
        // The rank is counted, not sorted, so that it does not repeat the code under test.
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

  it('returns the same shares in any order of the weights if no remainders are equal', () => {
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

  it('equals giving one unit at a time to the smallest share below its limit', () => {
    const few = fc.array(fc.integer({ min: 0, max: 12 }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(few, fc.nat(80), (limits, most) => {
        const amount = Math.min(most, sum(limits));
        const expected = limits.map(() => 0);
        for (let unit = 0; unit < amount; unit++) {
          const withRoom = limits.flatMap((room, index) =>
            (expected[index] as number) < room ? [index] : [],
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

  it('returns no share two units larger than one below its limit', () => {
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
