import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { percentOf, taxIncluded } from '../../src/money/rounding.js';
import { tried } from '../support/seeded.js';

/** The exact product, rounded once, half up; computed with integers only. */
function exactly(minor: number, percent: number): number {
  const [, digits = '', decimals = '', exponent = '0'] =
    /^(\d+)(?:\.(\d+))?(?:e([+-]\d+))?$/.exec(String(percent)) ?? [];
  const scale = decimals.length - Number(exponent) + 2;
  const product = BigInt(minor) * BigInt(digits + decimals);
  const unit = 10n ** BigInt(scale);
  return Number((2n * product + unit) / (2n * unit));
}

describe('percentOf', () => {
  it.each([
    [1005, 50, 503],
    [1004, 50, 502],
    [999, 33.3, 333],
    [1, 50, 1],
    [1, 49.999, 0],
    [0, 100, 0],
    [2500, 0, 0],
    [2500, 100, 2500],
    [10_000, 0.005, 1],
    [10_000, 0.0049, 0],
    [999_999_999_999, 100, 999_999_999_999],
    [Number.MAX_SAFE_INTEGER, 100, Number.MAX_SAFE_INTEGER],
  ])('of %i minor units returns %d percent: %i', (minor, percent, expected) => {
    expect(percentOf(minor, percent)).toBe(expected);
  });

  it('rounds down a product that is below a half only in its twenty-second decimal', () => {
    // The product is 3129992155.4999999999999999999997; cut to twenty decimals it would be half a unit.
    expect(percentOf(3_912_490_194_369_389, 0.00008000000000011473)).toBe(3_129_992_155);
    expect(percentOf(1, 5e-324)).toBe(0);
  });

  it('returns the exact product rounded half up for any percentage', () => {
    const percent = fc.oneof(
      fc.double({ min: 0, max: 100, noNaN: true }),
      fc.integer({ min: 0, max: 10_000 }).map((hundredths) => hundredths / 100),
      fc.double({ min: 0, max: 1e-9, noNaN: true }),
    );
    const minor = fc.oneof(fc.nat(10_000), fc.integer({ min: 0, max: 10 ** 12 - 1 }), fc.maxSafeNat());
    fc.assert(
      fc.property(minor, percent, (amount, rate) => {
        expect(percentOf(amount, rate)).toBe(exactly(amount, rate));
      }),
      tried(5_000),
    );
  });

  it('returns at most the amount, and all of it for 100 percent', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), fc.double({ min: 0, max: 100, noNaN: true }), (minor, percent) => {
        expect(percentOf(minor, percent)).toBeLessThanOrEqual(minor);
        expect(percentOf(minor, 100)).toBe(minor);
      }),
      tried(2_000),
    );
  });
});

describe('taxIncluded', () => {
  it('is the tax of a gross amount, rounded once, half up', () => {
    expect([1190, 1000, 1, 0].map((gross) => taxIncluded(gross, 19))).toEqual([190, 160, 0, 0]);
    // 1.5 exactly: half up.
    expect(taxIncluded(3, 100)).toBe(2);
    expect(taxIncluded(1081, 8.1)).toBe(81);
  });

  it('differs from the exact quotient by half a unit at most, for any rate', () => {
    const thousandths = fc.integer({ min: 1, max: 100_000 });
    fc.assert(
      fc.property(fc.nat(999_999_999_999), thousandths, (gross, rate) => {
        const tax = BigInt(taxIncluded(gross, rate / 1000));
        const whole = 100_000n + BigInt(rate);
        const twice = 2n * (BigInt(gross) * BigInt(rate) - tax * whole);
        expect(twice >= -whole && twice < whole).toBe(true);
      }),
      tried(1_000),
    );
  });
});
