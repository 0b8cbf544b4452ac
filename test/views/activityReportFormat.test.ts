import { describe, expect, it } from 'vitest';
import {
  type ActivityReportOptions,
  activityReportFormat,
  englishReportWords,
} from '../../src/views/activityReportFormat.js';

const austria: ActivityReportOptions = {
  locale: 'de-AT',
  timeZone: 'Europe/Vienna',
  words: { ...englishReportWords, language: 'de' },
};
const america: ActivityReportOptions = { locale: 'en-US', timeZone: 'America/New_York' };

/** Replaces every kind of space by a plain one, because they differ between versions of the locale data. */
const spaced = (text: string) => text.replace(/\s/g, ' ');

describe('activityReportFormat', () => {
  it('formats amounts for the locale, with the decimals of the currency', () => {
    expect(activityReportFormat('USD', america).amount('-1234.50')).toBe('-$1,234.50');
    expect(spaced(activityReportFormat('EUR', austria).amount('1234.50'))).toMatch(/1.234,50/);
    expect(activityReportFormat('JPY', america).amount('300')).toBe('¥300');
    expect(spaced(activityReportFormat('KWD', america).amount('0.005'))).toBe('KWD 0.005');
    expect(spaced(activityReportFormat('IQD', america).amount('1.000'))).toBe('IQD 1.000');
  });

  it('formats large amounts exactly', () => {
    expect(activityReportFormat('USD', america).amount('90071992547409.93')).toBe('$90,071,992,547,409.93');
    expect(activityReportFormat('USD', america).amount('12345678901234567890.12')).toBe(
      '$12,345,678,901,234,567,890.12',
    );
  });

  it('formats instants in the time zone of the reader', () => {
    expect(spaced(activityReportFormat('USD', america).moment('2026-03-02T04:30:00Z'))).toBe(
      'Mar 1, 2026, 11:30 PM',
    );
    expect(activityReportFormat('USD', austria).moment('2026-03-02T04:30:00Z')).toContain('05:30');
  });

  it('shows an invalid instant as safe text', () => {
    expect(activityReportFormat('USD', america).moment('long\nago\u202E')).toBe('long ago');
  });

  it('uses English for words that are not given', () => {
    const { words } = activityReportFormat('USD', { ...america, words: { loans: 'Items out' } });
    expect([words.language, words.loans, words.fees]).toEqual(['en', 'Items out', 'Fees']);
  });

  it('requires all words of another language', () => {
    const words = { language: 'de', loans: 'Ausleihen' };
    expect(() => activityReportFormat('USD', { ...austria, words })).toThrow(
      'options.words.fees: missing (expected a text)',
    );
  });

  it('requires a locale and a time zone that the runtime knows', () => {
    const [locale, known] = ['options.locale: expected a locale', ' that this runtime knows, '];
    const timeZone = 'options.timeZone: expected a time zone';
    const garbage: [unknown, string][] = [
      [undefined, 'options: missing (expected an object)'],
      [{ timeZone: 'UTC' }, 'options.locale: missing (expected a locale)'],
      [{ ...austria, locale: 'xx-XX' }, `${locale}${known}`],
      [{ ...austria, locale: 'not a locale' }, `${locale}${known}`],
      [{ ...austria, locale: '' }, `${locale}${known}`],
      [{ ...austria, locale: [] }, `${locale}, found`],
      [{ locale: 'en' }, 'options.timeZone: missing (expected a time zone)'],
      [{ ...austria, timeZone: 'Mars/Olympus' }, `${timeZone}${known}`],
      [{ ...austria, timeZone: '' }, `${timeZone}${known}`],
      [{ ...austria, timeZone: 1 }, `${timeZone}, found`],
      [{ ...austria, words: 'German' }, 'options.words: expected'],
    ];
    for (const [options, message] of garbage) {
      expect(() => activityReportFormat('USD', options as ActivityReportOptions), message).toThrow(
        expect.objectContaining({ code: 'INVALID_ARGUMENT', message: expect.stringContaining(message) }),
      );
    }
  });
});

it('the English words are complete, with a language and a direction', () => {
  const { language, direction, statuses, ...words } = englishReportWords;
  expect([language, direction]).toEqual(['en', 'ltr']);
  for (const word of [...Object.values(words), ...Object.values(statuses)])
    expect(word).toMatch(/^[A-Z][a-z ]+\.?$/);
});
