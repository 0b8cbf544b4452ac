import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  AMOUNT_DIGITS_MAX,
  formatAmount,
  minorUnits,
  parseAmount,
  parseLooseAmount,
} from '../../src/money/money.js';
import { hostileAmounts } from '../support/hostile.js';
import { tried } from '../support/seeded.js';

const digits = fc.constantFrom(0, 2, 3);
const minor = fc.integer({ min: 0, max: 10 ** AMOUNT_DIGITS_MAX - 1 });

describe('parseAmount', () => {
  it.each([
    ['12.50', 2, 1250],
    ['0.00', 2, 0],
    ['0.01', 2, 1],
    ['9999999999.99', 2, 999_999_999_999],
    ['1250', 0, 1250],
    ['0', 0, 0],
    ['999999999999', 0, 999_999_999_999],
    ['1.250', 3, 1250],
    ['0.001', 3, 1],
    ['999999999.999', 3, 999_999_999_999],
  ])('reads %s with %i decimals as %i minor units', (text, decimals, expected) => {
    expect(parseAmount(text, decimals)).toBe(expected);
  });

  it.each([
    ['12.5', 2],
    ['12', 2],
    ['12.500', 2],
    ['012.50', 2],
    ['00.50', 2],
    ['.50', 2],
    ['12,50', 2],
    ['12.5x', 2],
    ['1x.50', 2],
    ['12..0', 2],
    ['-2.50', 2],
    ['+2.50', 2],
    ['10000000000.00', 2],
    ['99999999999.99', 2],
    ['1000000000000', 0],
    ['99999999999999', 0],
    ['999999999999999', 0],
    ['12.50', 0],
    ['1.25', 3],
    ['1000000000.000', 3],
  ])('refuses %s with %i decimals, which is not canonical', (text, decimals) => {
    expect(parseAmount(text, decimals)).toBe(-1);
  });

  it.each(hostileAmounts)('refuses the hostile amount $name with 0, 2 and 3 decimals', ({ amount }) => {
    expect([0, 2, 3].map((decimals) => parseAmount(amount as string, decimals))).toEqual([-1, -1, -1]);
  });

  it('reads every amount that formatAmount returns', () => {
    fc.assert(
      fc.property(minor, digits, (amount, decimals) => {
        expect(parseAmount(formatAmount(amount, decimals), decimals)).toBe(amount);
      }),
      tried(5_000),
    );
  });

  it('accepts only what formatAmount returns', () => {
    const nearly = fc.stringMatching(/^[-+ 0]?[0-9]{0,13}[.,]?[0-9]{0,4}$/);
    fc.assert(
      fc.property(fc.oneof(nearly, fc.string()), digits, (text, decimals) => {
        const read = parseAmount(text, decimals);
        if (read !== -1) expect(formatAmount(read, decimals)).toBe(text);
      }),
      tried(5_000),
    );
  });
});

describe('formatAmount', () => {
  it.each([
    [1250, 2, '12.50'],
    [5, 2, '0.05'],
    [0, 2, '0.00'],
    [-0, 2, '0.00'],
    [-5, 3, '-0.005'],
    [-1250, 0, '-1250'],
    [1250, 0, '1250'],
    [Number.MAX_SAFE_INTEGER, 2, '90071992547409.91'],
    [90_071_992_547_409_919_999n, 2, '900719925474099199.99'],
    [-5n, 2, '-0.05'],
    [0n, 0, '0'],
  ])('formats %s with %i decimals as %s', (amount, decimals, expected) => {
    expect(formatAmount(amount, decimals)).toBe(expected);
  });
});

describe('parseLooseAmount', () => {
  it.each([
    ['12.5', 2, 1250],
    ['12', 2, 1200],
    ['12.50', 2, 1250],
    ['0.5', 2, 50],
    ['7', 0, 7],
    ['0.001', 3, 1],
    ['1.25', 3, 1250],
    ['999999999999', 0, 999_999_999_999],
    ['9999999999.99', 2, 999_999_999_999],
  ])('reads %s with %i decimals as %i minor units', (text, decimals, expected) => {
    expect(parseLooseAmount(text, decimals)).toBe(expected);
  });

  it.each([
    ['1.005', 2],
    ['12.500', 2],
    ['1.0', 0],
    ['0', 2],
    ['0.00', 2],
    ['1.', 2],
    ['.5', 2],
    ['012', 2],
    ['10000000000', 2],
    ['1000000000000', 0],
  ])('refuses %s with %i decimals', (text, decimals) => {
    expect(parseLooseAmount(text, decimals)).toBe(-1);
  });

  it.each(hostileAmounts)('refuses the hostile amount $name with 0, 2 and 3 decimals', ({ amount }) => {
    expect([0, 2, 3].map((decimals) => parseLooseAmount(amount as string, decimals))).toEqual([-1, -1, -1]);
  });

  it('accepts every canonical amount above zero, with and without trailing zeros', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10 ** AMOUNT_DIGITS_MAX - 1 }), digits, (amount, decimals) => {
        const canonical = formatAmount(amount, decimals);
        const short = canonical.includes('.') ? canonical.replace(/\.?0+$/, '') : canonical;
        expect(parseLooseAmount(canonical, decimals)).toBe(amount);
        expect(parseLooseAmount(short, decimals)).toBe(amount);
      }),
      tried(5_000),
    );
  });
});

describe('minorUnits', () => {
  it('is the inverse of formatAmount, for sums of any size and sign (property)', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }),
        fc.constantFrom(0, 2, 3),
        (minor, digits) => {
          expect(minorUnits(formatAmount(minor, digits))).toBe(minor);
        },
      ),
      tried(1_000),
    );
  });
});
