import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatAmount } from '../../../src/index.js';
import { type Rounding, rowAmount } from '../../../src/interop/import/rowAmount.js';
import { tried } from '../../support/seeded.js';

const read = (value: unknown, rounding: Rounding = 'halfUp', digits = 2) => {
  const amount = rowAmount(value, digits, rounding);
  return amount && (amount.isRounded ? `${amount.minor} rounded` : amount.minor);
};

describe('an amount of a row', () => {
  it.each([
    ['12.500000', 1250],
    ['-0.30', -30],
    ['5', 500],
    ['.5', 50],
    ['5.', 500],
    [' 7.25 ', 725],
    [65.66, 6566],
    [12n, 1200],
    ['1e2', 10000],
    [1e-7, '0 rounded'],
    ['-0.00', 0],
    [25 - 22.23, 277],
    ['0.333333', '33 rounded'],
    ['1.005', '101 rounded'],
    ['-1.005', '-101 rounded'],
    ['9999999999.99', 999_999_999_999],
  ])('%s is %s', (value, minor) => expect(read(value)).toBe(minor));

  it('is rounded to even as FOLIO rounds', () => {
    const rounded = ['0.005', '0.0051', '0.015', '0.025', '-0.005', '-0.015'].map(
      (value) => rowAmount(value, 2, 'halfEven')?.minor,
    );
    expect(rounded).toEqual([0, 1, 2, 2, 0, -2]);
  });

  it('has the decimals of its currency', () => {
    expect([read('1250', 'halfUp', 0), read('1.2505', 'halfUp', 3)]).toEqual([1250, '1251 rounded']);
  });

  it.each<unknown>([
    '',
    '.',
    'x',
    '1,5',
    '0x1',
    '--1',
    '10000000000',
    '1e300',
    Number.NaN,
    Number.POSITIVE_INFINITY,
    null,
    {},
    { toString: null },
    true,
  ])('%j is not an amount', (value) => expect(read(value)).toBeUndefined());

  it('reads what the library writes', () => {
    fc.assert(
      fc.property(fc.integer({ min: -999_999_999_999, max: 999_999_999_999 }), (minor) => {
        expect(rowAmount(formatAmount(minor, 2), 2, 'halfUp')).toEqual({ minor, isRounded: false });
      }),
      tried(1_000),
    );
  });
});
