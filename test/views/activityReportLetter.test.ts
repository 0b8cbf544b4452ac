import { describe, expect, it } from 'vitest';
import { emptyAccount } from '../../src/account/patronAccount.js';
import { definePolicy } from '../../src/policy/feePolicy.js';
import { activityReport } from '../../src/views/activityReport.js';
import {
  type ActivityReportOptions,
  activityReportLetter,
  englishReportWords,
} from '../../src/views/activityReportLetter.js';
import { at } from './story.js';

const empty = activityReport(emptyAccount(), definePolicy({ currency: 'USD' }), {
  at,
  patron: { name: 'Ada' },
  loans: [],
});

const austria: ActivityReportOptions = {
  locale: 'de-AT',
  timeZone: 'Europe/Vienna',
  words: { ...englishReportWords, language: 'de' },
};
const america: ActivityReportOptions = { locale: 'en-US', timeZone: 'America/New_York' };

describe('activityReportLetter', () => {
  it('uses English for words that are not given', () => {
    const { words, parts } = activityReportLetter(empty, { ...america, words: { loans: 'Items out' } });
    const headings = parts.flatMap((part) => (part.kind === 'heading' ? [part.text] : []));
    expect([words.language, ...headings]).toEqual(['en', 'Items out', 'Fees', 'Total']);
  });

  it('requires all words of another language', () => {
    const words = { language: 'de', loans: 'Ausleihen' };
    expect(() => activityReportLetter(empty, { ...austria, words })).toThrow(
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
      expect(() => activityReportLetter(empty, options as ActivityReportOptions), message).toThrow(
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
