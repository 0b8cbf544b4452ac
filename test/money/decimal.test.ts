import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decimalOf, roundedQuotient } from '../../src/money/decimal.js';
import { tried } from '../support/seeded.js';

describe('decimalOf', () => {
  it.each([
    [0, 0n, 1n],
    [33.3, 333n, 10n],
    [0.005, 5n, 1000n],
    [5e-7, 5n, 10n ** 7n],
    [1.25e-7, 125n, 10n ** 9n],
    [1.5e21, 15n * 10n ** 20n, 1n],
    [-12.5, -125n, 10n],
  ])('reads %d exactly', (value, units, scale) => {
    expect(decimalOf(value)).toEqual({ units, scale });
  });

  it('reads every number as the shortest decimal that represents it', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        const { units, scale } = decimalOf(value);
        // The same number, and no decimal with fewer digits.
        expect(Number(`${units}e-${String(scale).length - 1}`)).toBe(value === 0 ? 0 : value);
        expect(String(units).replace(/^-?0*|0+$/g, '').length).toBeLessThanOrEqual(17);
      }),
      tried(2_000),
    );
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY])('throws for %d', (value) => {
    expect(() => decimalOf(value)).toThrow(SyntaxError);
  });
});

describe('roundedQuotient', () => {
  it('is the nearest whole number, and at a half the greater one', () => {
    expect([0n, 1n, 2n, 3n, 4n, 5n, 6n].map((dividend) => roundedQuotient(dividend, 4n))).toEqual([
      0n,
      0n,
      1n,
      1n,
      1n,
      1n,
      2n,
    ]);
    expect(roundedQuotient(10n ** 30n + 1n, 2n * 10n ** 30n)).toBe(1n);
    expect(roundedQuotient(10n ** 30n - 1n, 2n * 10n ** 30n)).toBe(0n);
  });
});
