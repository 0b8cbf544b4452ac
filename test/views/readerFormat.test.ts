import * as v from 'valibot';
import { describe, expect, it, vi } from 'vitest';
import { timeZoneField } from '../../src/input/timeZone.js';
import { localeField, readerFormat, wordsFor } from '../../src/views/readerFormat.js';

/** Replaces every kind of space by a plain one, because they differ between versions of the locale data. */
const spaced = (text: string) => text.replace(/\s/g, ' ');

describe('readerFormat', () => {
  it('formats amounts and instants for the locale and the time zone', () => {
    const { amount, moment } = readerFormat('USD', { locale: 'en-US', timeZone: 'America/New_York' });
    expect(amount('-1234.50')).toBe('-$1,234.50');
    expect(amount('-90071992547409.93')).toBe('-$90,071,992,547,409.93');
    expect(amount('12345678901234567890.12')).toBe('$12,345,678,901,234,567,890.12');
    expect(spaced(moment('2026-03-02T04:30:00Z'))).toBe('Mar 1, 2026, 11:30 PM');
    expect(moment('long\nago\u202E')).toBe('long ago');
    expect(readerFormat('USD', { locale: 'en-US', timeZone: 'UTC' }).day('long\nago')).toBe('long ago');
  });

  it('has the decimals of the currency, and the signs and the time zone of the reader', () => {
    const austria = { locale: 'de-AT', timeZone: 'Europe/Vienna' };
    const america = { locale: 'en-US', timeZone: 'America/New_York' };
    expect(spaced(readerFormat('EUR', austria).amount('1234.50'))).toMatch(/1.234,50/);
    expect(readerFormat('JPY', america).amount('300')).toBe('¥300');
    expect(spaced(readerFormat('KWD', america).amount('0.005'))).toBe('KWD 0.005');
    expect(spaced(readerFormat('IQD', america).amount('1.000'))).toBe('IQD 1.000');
    expect(readerFormat('USD', austria).moment('2026-03-02T04:30:00Z')).toContain('05:30');
  });

  it('keeps the letters and the sign of a currency in order in right-to-left text, too', () => {
    const amountIn = (locale: string, currency: string) =>
      spaced(readerFormat(currency, { locale, timeZone: 'UTC' }).amount('-8.5'));
    expect(amountIn('ar-EG', 'USD')).toMatch(/٨٫٥٠ \u2066US\$\u2069$/);
    expect(amountIn('ar-EG', 'CAD')).toMatch(/٨٫٥٠ \u2066CA\$\u2069$/);
    for (const [locale, currency] of [
      ['ar-EG', 'EUR'],
      ['he', 'USD'],
      ['en-US', 'CAD'],
      ['de-AT', 'CAD'],
    ] as const)
      expect(amountIn(locale, currency)).not.toMatch(/[\u2066-\u2069]/);
    // A runtime that does not say which part is the sign: the amount is shown as it is.
    const parts = vi.spyOn(Intl.NumberFormat.prototype, 'formatToParts').mockReturnValue([]);
    try {
      expect(amountIn('ar-EG', 'USD')).toMatch(/US\$$/);
      expect(amountIn('ar-EG', 'USD')).not.toMatch(/\u2066/);
    } finally {
      parts.mockRestore();
    }
  });

  it('accepts only locales and time zones that the runtime knows, not offsets', () => {
    const known = (schema: v.GenericSchema, input: unknown) => v.safeParse(schema, input).success;
    for (const zone of ['UTC', 'Europe/Vienna', 'Asia/Kathmandu'])
      expect(known(timeZoneField, zone), zone).toBe(true);
    for (const zone of ['+01:00', '-05:00', 'Mars/Olympus', '', null, undefined, 0, ['UTC']]) {
      expect(known(timeZoneField, zone), String(zone)).toBe(false);
    }
    for (const locale of ['en', 'de-AT', 'ar-EG']) expect(known(localeField, locale), locale).toBe(true);
    for (const locale of ['xx-XX', 'not a locale', '', null, []])
      expect(known(localeField, locale)).toBe(false);
  });
});

describe('wordsFor', () => {
  const english = { language: 'en', yes: 'yes', kinds: { fee: 'fee', credit: 'credit' } };
  const faultsOf = (given: Partial<typeof english>, locale: string) => {
    try {
      return wordsFor(english, given, locale);
    } catch (error) {
      return (error as { details: { faults: { path: string }[] } }).details.faults.map(({ path }) => path);
    }
  };

  it('returns English words, some of which may be replaced', () => {
    expect(wordsFor(english, {}, 'en-US')).toEqual(english);
    expect(wordsFor(english, { language: 'EN-gb', yes: 'aye' }, 'en')).toEqual({
      language: 'EN-gb',
      yes: 'aye',
      kinds: english.kinds,
    });
  });

  it('requires words in the language of the locale', () => {
    expect(faultsOf({}, 'de-AT')).toEqual(['options.words.language']);
    expect(faultsOf({ language: 'de' }, 'en')).toEqual(['options.words.language']);
    expect(faultsOf({ language: 5 as never }, 'en')).toEqual(['options.words.language']);
  });

  it('throws with a message that names every wrong word', () => {
    const thrownFor = (given: object, locale: string) => () => wordsFor(english, given, locale);
    const faults = [
      { path: 'options.words.language', expected: 'de, the language of the locale de-AT', found: 'en' },
    ];
    expect(thrownFor({}, 'de-AT')).toThrow(
      expect.objectContaining({
        code: 'INVALID_ARGUMENT',
        message:
          'INVALID_ARGUMENT: options.words.language: expected de, the language of the locale de-AT, found en',
        details: { faults },
      }),
    );
    expect(thrownFor({ language: 'de', kinds: 5 }, 'de')).toThrow(
      expect.objectContaining({
        message:
          'INVALID_ARGUMENT: options.words.yes: missing (expected a text); options.words.kinds: expected a text, found 5',
      }),
    );
  });

  it('requires a text where the English word is a text', () => {
    const kinds = { fee: 'Gebühr', credit: 'Gutschrift' };
    expect(faultsOf({ language: 'de', yes: {} as never, kinds }, 'de')).toEqual(['options.words.yes']);
  });

  it('requires every word of another language, at every depth', () => {
    const german = { language: 'de', yes: 'ja', kinds: { fee: 'Gebühr', credit: 'Gutschrift' } };
    expect(wordsFor(english, german, 'de-AT')).toEqual(german);
    expect(faultsOf({ language: 'de' }, 'de')).toEqual(['options.words.yes', 'options.words.kinds']);
    expect(faultsOf({ ...german, kinds: { fee: 'Gebühr' } as never }, 'de')).toEqual([
      'options.words.kinds.credit',
    ]);
    expect(faultsOf({ ...german, yes: 5, kinds: null } as never, 'de')).toEqual([
      'options.words.yes',
      'options.words.kinds',
    ]);
  });
});
