import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatAmount } from '../../../src/index.js';
import { type Rounding, rowAmount, rowAmounts } from '../../../src/interop/import/rowAmount.js';
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

  it.each<[',' | '.', unknown, number]>([
    [',', '1.250,00', 125_000],
    [',', '1.250', 125_000],
    [',', '12,5', 1_250],
    [',', ',5', 50],
    [',', '-1\u202f234\u202f567,89', -123_456_789],
    [',', '1 250,00', 125_000],
    [',', '1\u00a0250', 125_000],
    [',', '1250', 125_000],
    [',', 12.5, 1_250],
    ['.', '1,250.00', 125_000],
    ['.', '1’250.50', 125_050],
    ['.', "1'250", 125_000],
    ['.', '1,250', 125_000],
    ['.', '12.50', 1_250],
  ])('with the sign "%s": %s is %d', (sign, value, minor) => {
    expect(rowAmounts(2, sign)(value, 'halfUp')).toEqual({ minor, isRounded: false });
  });

  it.each<[',' | '.', unknown]>([
    [',', '12.50'],
    [',', '1250.00'],
    [',', '1,250.00'],
    [',', '1,250,00'],
    [',', "1.250'000"],
    [',', '1.25,00'],
    [',', '12.50,0'],
    [',', '0.250'],
    [',', '1.500000'],
    [',', '5,'],
    [',', ','],
    [',', ''],
    [',', '-'],
    [',', '1,2e3'],
    [',', '12,50 €'],
    [',', `1${' '.repeat(60)}`],
    [',', null],
    ['.', '12,50'],
    ['.', '1.250,00'],
    ['.', '10,000,000,000.00'],
  ])('with the sign "%s" is not %j', (sign, value) => {
    expect(rowAmounts(2, sign)(value, 'halfUp')).toBeUndefined();
  });

  it('reads what other countries write', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -999_999_999_999, max: 999_999_999_999 }),
        fc.constantFrom('de-DE', 'fr-FR', 'de-CH', 'en-US', 'de-AT', 'it-IT', 'pt-BR'),
        (minor, locale) => {
          const format = new Intl.NumberFormat(locale, { minimumFractionDigits: 2 });
          const sign = format.format(0.5).includes(',') ? ',' : '.';
          expect(rowAmounts(2, sign)(format.format(minor / 100), 'halfUp')).toEqual({
            minor,
            isRounded: false,
          });
        },
      ),
      tried(1_000),
    );
  });

  it('reads what the library writes', () => {
    fc.assert(
      fc.property(fc.integer({ min: -999_999_999_999, max: 999_999_999_999 }), (minor) => {
        expect(rowAmount(formatAmount(minor, 2), 2, 'halfUp')).toEqual({ minor, isRounded: false });
      }),
      tried(1_000),
    );
  });
});
