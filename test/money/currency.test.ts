import { describe, expect, it } from 'vitest';
import { minorDigits } from '../../src/money/currency.js';

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
  ])('knows how many decimals %s has', (currency, digits) => {
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
  ])('does not know %j', (currency) => {
    expect(minorDigits(currency)).toBeUndefined();
  });

  it.each([[null], [undefined], [840], [['USD']], [{ toString: () => 'USD' }], [new String('USD')]])(
    'does not take %s for a code',
    (currency) => {
      expect(minorDigits(currency as never)).toBeUndefined();
    },
  );

  it('agrees with the platform on the decimals of the currencies that libraries charge in most', () => {
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
    const digitsOnThePlatform = (currency: string) =>
      new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits;
    expect(codes.map(minorDigits)).toEqual(codes.map(digitsOnThePlatform));
  });
});
