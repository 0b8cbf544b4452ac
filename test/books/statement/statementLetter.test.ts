import { describe, expect, it } from 'vitest';
import { statementLetter } from '../../../src/books/statement/statementLetter.js';
import type { Moment } from '../../../src/history/loadAccount.js';
import { englishStatementWords, type StatementOptions } from '../../../src/jobs/reports/index.js';
import { empty } from './statementOf.js';

const place: StatementOptions = { locale: 'en-US', timeZone: 'America/New_York' };

describe('the letter of a statement', () => {
  it('gives the period in the time zone of the reader, or by the numbers of entries', () => {
    const bounds = (from: Moment | null, before: Moment | null) => {
      const [part] = statementLetter({ ...empty, from, before }, place).parts;
      const entries = part?.kind === 'entries' ? part.entries : [];
      return entries.slice(-2).map(([, text]) => String(text).replace(/\s/g, ' '));
    };
    expect(bounds({ recordedAt: '2026-03-01T04:30:00Z' }, { version: 0 })).toEqual([
      'Feb 28, 2026, 11:30 PM',
      'Entry 0',
    ]);
    expect(bounds(null, null)).toEqual(['The first entry', 'The latest entry']);
  });

  it('has English words by default, some of which may be replaced', () => {
    const { words, parts } = statementLetter(empty, {
      ...place,
      words: { language: 'en-GB', balance: 'Sum' },
    });
    expect(words.language).toBe('en-GB');
    expect(JSON.stringify(parts)).toContain('["Sum","$0.00"],["Disputed part of it","$0.00"]');
  });

  it('refuses words of another language than the locale, and incomplete ones', () => {
    const german = { language: 'de', balance: 'Saldo' };
    expect(() => statementLetter(empty, { ...place, words: german })).toThrow(
      'options.words.language: expected en, the language of the locale en-US, found de',
    );
    expect(() => statementLetter(empty, { ...place, locale: 'de', words: german })).toThrow(
      'options.words.kinds: missing (expected a text)',
    );
  });

  it.each([
    [undefined, 'options'],
    [{ timeZone: 'UTC' }, 'options.locale'],
    [{ ...place, locale: 'xx-XX' }, 'options.locale'],
    [{ ...place, timeZone: 'Mars/Olympus' }, 'options.timeZone'],
    [{ ...place, words: 'German' }, 'options.words'],
  ])('does not depend on the machine, and refuses %j', (options, path) => {
    expect(() => statementLetter(empty, options as never)).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT', message: expect.stringContaining(path) }),
    );
  });
});

it('every term of a statement has a word', () => {
  const { kinds, ...words } = englishStatementWords;
  for (const word of [...Object.values(words), ...Object.values(kinds)]) expect(word).toMatch(/\S/);
});
