import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { amountFromNumber } from '../../src/money/amountFromNumber.js';
import { formatAmount } from '../../src/money/money.js';
import { tried } from '../support/seeded.js';

const digits = fc.constantFrom(0, 2, 3);
const minor = fc.integer({ min: -(10 ** 12 - 1), max: 10 ** 12 - 1 });

describe('amountFromNumber', () => {
  it.each([
    [0, 2, 0],
    [-0, 2, 0],
    [22.23, 2, 2223],
    [-50, 2, -5000],
    [0.1 + 0.7, 2, 80],
    [25 - 22.23, 2, 277],
    [10000 - 9997.23, 2, 277],
    [123.45 + 0.82 + 300 + 1.45, 2, 42572],
    [9999999999.99, 2, 999999999999],
    [1250, 0, 1250],
    [1.25, 3, 1250],
    [1e3, 2, 100000],
    [-1e-17, 2, 0],
  ])('reads %d with %i decimals as %d minor units', (value, decimals, expected) => {
    expect(amountFromNumber(value, decimals)).toBe(expected);
  });

  it.each([
    [2.775, 2],
    [0.001, 2],
    [2.770001, 2],
    [2.77000001, 2],
    [0.5, 0],
    [9999999999.995, 2],
    [1e21, 2],
    [Number.MAX_SAFE_INTEGER, 2],
    [Number.NaN, 2],
    [Number.POSITIVE_INFINITY, 2],
  ])('refuses %d with %i decimals', (value, decimals) => {
    expect(amountFromNumber(value, decimals)).toBeUndefined();
  });

  it.each([['12.50'], [null], [undefined], [12n], [{ valueOf: (): number => 1 }]])(
    'refuses %s, which is not a number',
    (value) => {
      expect(amountFromNumber(value as never, 2)).toBeUndefined();
    },
  );

  it('reads every amount that was converted to a number', () => {
    fc.assert(
      fc.property(minor, digits, (amount, decimals) => {
        expect(amountFromNumber(Number(formatAmount(amount, decimals)), decimals)).toBe(amount);
      }),
      tried(2_000),
    );
  });

  it('reads a sum computed in binary as the exact sum', () => {
    const amounts = fc.array(fc.integer({ min: -(10 ** 9), max: 10 ** 9 }), { maxLength: 50 });
    fc.assert(
      fc.property(amounts, digits, (list, decimals) => {
        const inBinary = list.reduce((sum, amount) => sum + Number(formatAmount(amount, decimals)), 0);
        const exact = list.reduce((sum, amount) => sum + amount, 0);
        expect(amountFromNumber(inBinary, decimals)).toBe(exact);
      }),
      tried(2_000),
    );
  });

  it('refuses every number with one decimal too many', () => {
    fc.assert(
      fc.property(minor, fc.integer({ min: 1, max: 9 }), digits, (amount, last, decimals) => {
        const tooFine = Number(
          `${formatAmount(Math.abs(amount), decimals)}${decimals === 0 ? '.' : ''}${last}`,
        );
        expect(amountFromNumber(tooFine, decimals)).toBeUndefined();
      }),
      tried(2_000),
    );
  });
});
