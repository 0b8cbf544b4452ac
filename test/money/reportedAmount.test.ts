import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatAmount } from '../../src/money/money.js';
import { parseReportedAmount } from '../../src/money/reportedAmount.js';

describe('an amount in a file of another system', () => {
  it.each([
    ['0', 2, undefined, 0],
    ['-0.00', 2, undefined, 0],
    ['5', 2, undefined, 500],
    ['5.', 2, undefined, 500],
    ['-5.1', 2, undefined, -510],
    ['+12.50', 2, undefined, 1250],
    ['12.5000', 2, undefined, 1250],
    ['1250.00', 0, undefined, 1250],
    ['007.50', 2, undefined, 750],
    ['1.234,50', 2, ',', 123450],
    ['-1.234.567,5', 2, ',', -123456750],
    ['1,234.50', 2, '.', 123450],
  ] as const)('%s with %i decimals and the mark %s is %i', (text, digits, mark, minor) => {
    expect(parseReportedAmount(text, digits, mark)).toBe(minor);
  });

  it.each([
    ['', undefined],
    ['-', undefined],
    ['.5', undefined],
    ['12.505', undefined],
    ['12,50', undefined],
    ['1,234.50', undefined],
    ['1 234.50', '.'],
    ['12,34.50', '.'],
    ['1.234,50', '.'],
    ['12.50', ','],
    ['1e3', undefined],
    ['NaN', undefined],
    ['12.50 USD', undefined],
    ['10000000000.00', undefined],
    ['9'.repeat(400), undefined],
  ] as const)('%s with the decimal mark %s is refused', (text, mark) => {
    expect(parseReportedAmount(text, 2, mark)).toBeUndefined();
  });

  it('is read as it was written, whatever the currency', () => {
    const amount = fc.integer({ min: -999_999_999_999, max: 999_999_999_999 });
    fc.assert(
      fc.property(amount, fc.constantFrom(0, 2, 3), (minor, digits) => {
        const text = formatAmount(minor, digits);
        expect(parseReportedAmount(text, digits)).toBe(minor);
        expect(parseReportedAmount(text.replace('.', ','), digits, ',')).toBe(minor);
      }),
    );
  });
});
