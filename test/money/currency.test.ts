import { describe, expect, it } from 'vitest';
import { digitsOf, minorDigits } from '../../src/money/currency.js';

describe('minorDigits', () => {
  it.each([
    ['USD', 2],
    ['EUR', 2],
    ['ZWG', 2],
    ['JPY', 0],
    ['BIF', 0],
    ['XPF', 0],
    ['KWD', 3],
    ['TND', 3],
  ])('returns the decimals of %s', (currency, digits) => {
    expect(minorDigits(currency)).toBe(digits);
  });

  it.each([
    'usd',
    'US',
    'USDX',
    '',
    ' USD',
    'USD EUR',
    'SD ',
    'DKK CZK',
    'XAU',
    'XTS',
    'ÄÖÜ',
    '__proto__',
    'constructor',
  ])('returns undefined for %j', (currency) => {
    expect(minorDigits(currency)).toBeUndefined();
  });

  it.each([[null], [undefined], [840], [['USD']], [{ toString: () => 'USD' }], [new String('USD')]])(
    'returns undefined for %s, which is not text',
    (currency) => {
      expect(minorDigits(currency as never)).toBeUndefined();
    },
  );

  it('agrees with Intl on the currencies that most libraries use', () => {
    const codes = [
      'AUD',
      'CAD',
      'CHF',
      'DKK',
      'EUR',
      'GBP',
      'ILS',
      'INR',
      'JMD',
      'JPY',
      'KRW',
      'KWD',
      'NOK',
      'NZD',
      'USD',
      'ZAR',
    ];
    const digitsOfIntl = (currency: string) =>
      new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits;
    expect(codes.map(minorDigits)).toEqual(codes.map(digitsOfIntl));
  });
});

describe('digitsOf', () => {
  it.each([
    ['USD', 2],
    ['JPY', 0],
    ['KWD', 3],
  ])('returns the decimals of %s', (currency, digits) => {
    expect(digitsOf(currency)).toBe(digits);
  });
});
