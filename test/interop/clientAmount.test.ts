import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonNumber, readAmount } from '../../src/interop/clientAmount.js';
import { formatAmount } from '../../src/money/money.js';
import { tried } from '../support/seeded.js';

it('jsonNumber writes an amount as a JSON number with the same digits', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 999_999_999_999 }), fc.constantFrom(0, 2, 3), (minor, digits) => {
      const text = JSON.stringify(jsonNumber(minor, digits));
      expect(formatAmount(minor, digits)).toMatch(new RegExp(`^${text}(\\.?0+)?$`));
    }),
    tried(300),
  );
});

describe('readAmount', () => {
  it.each([
    [20, '20.00'],
    ['20', '20.00'],
    ['20.5', '20.50'],
    ['20.500', '20.50'],
    ['20.', undefined],
    ['020.00', '20.00'],
    ['0.10', '0.10'],
    [' 1 ', '1.00'],
    [25 - 22.23, '2.77'],
    ['1,5', undefined],
    ['1.2.3', undefined],
    ['1e3', undefined],
    ['-1', undefined],
    ['0.001', undefined],
    ['0', undefined],
    [Number.NaN, undefined],
    [Number.POSITIVE_INFINITY, undefined],
    [1e15, undefined],
    ['1'.repeat(13), undefined],
    ['0'.repeat(40), undefined],
    [undefined, undefined],
    [{}, undefined],
  ])('of %o is %s', (value, amount) => {
    expect(readAmount(value, 2)).toBe(amount);
  });

  it('reads amounts of currencies without decimals', () => {
    expect(readAmount('1250.00', 0)).toBe('1250');
    expect(readAmount('1250.50', 0)).toBeUndefined();
  });

  it('reads every amount, given as a text or as a number', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 999_999_999_999 }), fc.constantFrom(0, 2, 3), (minor, digits) => {
        const text = formatAmount(minor, digits);
        expect(readAmount(text, digits)).toBe(text);
        expect(readAmount(Number(text), digits)).toBe(text);
      }),
      tried(300),
    );
  });
});
