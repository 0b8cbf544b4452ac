import { describe, expect, it } from 'vitest';
import { statementFormat } from '../../../src/books/statement/statementFormat.js';
import { englishStatementWords } from '../../../src/institution/index.js';

const place = { locale: 'en-US', timeZone: 'America/New_York' };

describe('the format of a statement', () => {
  it('has a period in the time zone of the reader, or in entries', () => {
    const { bound } = statementFormat('USD', place);
    expect(bound({ recordedAt: '2026-03-01T04:30:00Z' }, '-').replace(/\s/g, ' ')).toBe(
      'Feb 28, 2026, 11:30 PM',
    );
    expect(bound({ version: 0 }, '-')).toBe('Entry 0');
    expect(bound(null, 'The beginning')).toBe('The beginning');
  });

  it('has English words by default, some of which may be replaced', () => {
    const { words } = statementFormat('USD', { ...place, words: { language: 'en-GB', balance: 'Sum' } });
    expect([words.language, words.balance, words.amount]).toEqual(['en-GB', 'Sum', 'Amount']);
  });

  it('refuses words of another language than the locale, and incomplete ones', () => {
    const german = { language: 'de', balance: 'Saldo' };
    expect(() => statementFormat('USD', { ...place, words: german })).toThrow(
      'options.words.language: expected en, the language of the locale en-US, found de',
    );
    expect(() => statementFormat('USD', { ...place, locale: 'de', words: german })).toThrow(
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
    expect(() => statementFormat('USD', options as never)).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT', message: expect.stringContaining(path) }),
    );
  });
});

it('every term of a statement has a word', () => {
  const { kinds, ...words } = englishStatementWords;
  for (const word of [...Object.values(words), ...Object.values(kinds)]) expect(word).toMatch(/\S/);
});
