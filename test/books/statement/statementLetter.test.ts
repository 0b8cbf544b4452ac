import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { statementLetter } from '../../../src/books/statement/statementLetter.js';
import type { Moment } from '../../../src/history/loadAccount.js';
import {
  englishStatementWords,
  type StatementOptions,
  statementText,
} from '../../../src/jobs/reports/index.js';
import { tried } from '../../support/seeded.js';
import { empty, place, statementOf } from './statementOf.js';

describe('statementLetter', () => {
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
});

/** Replaces every kind of space with a plain one: the kind depends on the locale data of the runtime. */
const spaced = (text: string) => text.replace(/[^\S\n]/g, ' ');

describe('a statement as text', () => {
  it('shows the opening balance, the movements and the closing balance', () => {
    expect(spaced(statementText(statementOf('On Numbers'), place))).toBe(`Statement of account: On Numbers
Barcode: On Numbers
From: The first entry
To: Apr 1, 2026, 12:00 AM

A negative amount lowers what is owed; a negative balance is in your favour.

Opening balance
Balance: $0.00
Disputed part of it: $0.00
Owed to an external billing system: $0.00

Movements
- Fee assessed, Other: On Numbers, On Numbers; Mar 2, 2026, 9:00 AM; Comment: On Numbers; Amount $1,025.00; Balance $1,025.00
- Payment, Other: On Numbers, Cash; Mar 2, 2026, 9:00 AM; Recorded: Mar 4, 2026, 10:00 AM; Reference: On Numbers; Comment: On Numbers; Amount -$30.00; Balance $995.00

Closing balance
Balance: $995.00
Disputed part of it: $995.00
Owed to an external billing system: $0.00
`);
  });

  it('has a note if nothing moved', () => {
    expect(statementText(empty, place)).toContain('\n\nMovements\nNo movements.\n\n');
  });

  it('has the same lines for any texts', () => {
    const lines = statementText(statementOf('x'), place).split('\n').length;
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1, maxLength: 20 }).filter(isName), (text) => {
        const written = statementText(statementOf(text), place);
        expect(written.split(/\r|\n|\u2028|\u2029/)).toHaveLength(lines);
        expect(written).not.toMatch(/[\u202A-\u202E]/);
      }),
      tried(200),
    );
    expect(statementText(statementOf('a\nBalance: 0\u202E'), place)).toContain('a Balance: 0');
  });
});

/** An owner must be a name; titles and comments may be any text. */
function isName(text: string): boolean {
  return !/[\0\p{Surrogate}]/u.test(text);
}
