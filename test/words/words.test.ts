import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AccountEvent, definePolicy, rejectionText, withLabels } from '../../src/index.js';
import { accountStatement, statementHtml, statementText } from '../../src/jobs/reports/index.js';
import { explanationText, overdueFine } from '../../src/overdue/index.js';
import { stories } from '../../src/testing/arbitraries/stories.js';
import { activityReport, activityReportText } from '../../src/views/index.js';
import { englishWords, french, german, type Words } from '../../src/words/index.js';
import { lateLoans } from '../overdue/lateLoans.js';
import { tried } from '../support/seeded.js';

/** Every text of a table of words, with its path. */
function textsOf(words: unknown, path = ''): readonly (readonly [string, string])[] {
  if (typeof words === 'string') return [[path, words]];
  if (typeof words !== 'object' || words === null) return [];
  return Object.entries(words).flatMap(([name, inner]) => textsOf(inner, `${path}.${name}`));
}

/** The words of a text, in lower case. */
const wordsIn = (text: string) => text.toLowerCase().match(/[\p{L}\p{M}]+/gu) ?? [];

const vocabularyOf = (words: Words) =>
  new Set(textsOf(words).flatMap(([, text]) => wordsIn(text.replaceAll(/\{\w+\}/g, ''))));

/** The values that a sentence inserts. */
const placeholdersIn = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(([name]) => name).sort();

/** Names of fields and values, which faults have in every language. */
const names = new Set(
  'allocations cancel false feeids goodwill iso loanid manual mm order patronupheld rest true u waive whole'.split(
    ' ',
  ),
);

const english = vocabularyOf(englishWords);
const policy = definePolicy({ currency: 'EUR' });

/** Per language, the words that it shares with English. */
const languages = [
  {
    words: german,
    locale: 'de-DE',
    timeZone: 'Europe/Vienna',
    shared: 'an bank do hand in ltr minute name online rate so was',
  },
  {
    words: french,
    locale: 'fr-FR',
    timeZone: 'Europe/Paris',
    shared:
      'a an cause close date document en ltr mar minimum minute minutes on part parts s session total transaction type types',
  },
];

describe('the English words', () => {
  it('have the labels of the default policy', () => {
    const { labels } = englishWords;
    expect(withLabels(policy, labels)).toEqual(policy);
  });
});

describe.each(languages)(
  'a table of words in another language: $locale',
  ({ words, locale, timeZone, shared }) => {
    const own = vocabularyOf(words);
    const labelled = withLabels(policy, words.labels);
    /** Words that only an English text has. Names of months in the locale's short form are its own, too. */
    const months = Array.from({ length: 12 }, (_, month) =>
      new Intl.DateTimeFormat(locale, { dateStyle: 'medium' }).format(new Date(2026, month, 2)),
    ).flatMap(wordsIn);
    // French writes dollars of the United States as $US.
    const shownAnywhere = [...months, 'us'];
    const foreign = new Set([...english].filter((word) => !own.has(word) && !shownAnywhere.includes(word)));
    const englishIn = (text: string) => wordsIn(text).filter((word) => foreign.has(word));

    it('shares no words with English except those that both languages have', () => {
      const both = [...own].filter((word) => english.has(word) && !names.has(word));
      expect(both.sort()).toEqual(shared.split(' '));
    });

    it('has every text of the English table, with the same values in every sentence', () => {
      const texts = new Map(textsOf(words));
      expect([...texts.keys()].filter((path) => !/\.(one|rejections\..*)$/.test(path))).toEqual(
        expect.arrayContaining(
          textsOf(englishWords)
            .map(([path]) => path)
            .filter((path) => !/\.(one|rejections\..*)$/.test(path)),
        ),
      );
      for (const [path, text] of textsOf({ ...englishWords, rejections: {} })) {
        const other = texts.get(path);
        if (other !== undefined) expect([path, placeholdersIn(other)]).toEqual([path, placeholdersIn(text)]);
      }
      expect(foreign.size).toBeGreaterThan(100);
    });

    it('leaves no English word in a statement, whatever happened', () => {
      fc.assert(
        fc.property(stories(fc, { policies: [labelled], ids: 'plain' }), ({ events }) => {
          const recorded = events.map((event, index) => ({
            version: index + 1,
            recordedAt: event.data.at,
            event: withoutFreeText(event),
          }));
          const statement = accountStatement(recorded, labelled, { patron: { name: 'Ada', barcode: '17' } });
          const text = statementText(statement, { locale, timeZone, words: words.statement });
          expect(englishIn(text)).toEqual([]);
          const html = statementHtml(statement, { locale, timeZone, words: words.statement });
          expect(englishIn(html.replaceAll(/<head>.*?<\/head>|<[^>]*>|&[a-z]+;/gs, ' '))).toEqual([]);
        }),
        tried(200),
      );
    });

    it('leaves no English word in an activity report', () => {
      fc.assert(
        fc.property(stories(fc, { policies: [labelled], ids: 'plain' }), ({ account }) => {
          const report = activityReport(account, labelled, {
            at: '2026-03-02T09:00:00Z',
            patron: { name: 'Ada' },
            loans: [{ title: '1984', dueAt: '2026-03-01T09:00:00Z' }],
          });
          const plain = {
            ...report,
            libraries: report.libraries.map((library) => ({
              ...library,
              name: library.name === null ? null : '1',
              rows: library.rows.map((row) => ({ ...row, item: null, comment: null })),
            })),
          };
          expect(
            englishIn(activityReportText(plain, { locale, timeZone, words: words.activityReport })),
          ).toEqual([]);
        }),
        tried(200),
      );
    });

    it('leaves no English word in the explanation of a fine', () => {
      fc.assert(
        fc.property(lateLoans(), (loan) => {
          const fine = overdueFine(loan);
          const unnamed = fine.explanation.map((line) =>
            line.kind === 'closed'
              ? { ...line, closures: line.closures.map(({ name, ...rest }) => rest) }
              : line,
          );
          const lines = explanationText({ ...fine, explanation: unnamed }, { words: words.fine });
          expect(lines).toHaveLength(fine.explanation.length + 1);
          expect(englishIn(lines.join(' '))).toEqual([]);
          expect(lines.join(' ')).not.toMatch(/[{}]|undefined|\d\.\d\d/);
        }),
        tried(200),
      );
    });

    it('has a sentence for every rejection with the same fields, without English words', () => {
      fc.assert(
        fc.property(stories(fc, { policies: [labelled], ids: 'plain' }), ({ steps }) => {
          for (const { decision } of steps) {
            if (decision.accepted) continue;
            const sentence = rejectionText(decision.rejection, { words: words.rejections });
            expect(sentence).not.toMatch(/[{}]|undefined/);
            const values = JSON.stringify(decision.rejection).toLowerCase();
            expect(englishIn(sentence).filter((word) => !values.includes(word))).toEqual([]);
          }
        }),
        tried(200),
      );
    });
  },
);

/** Returns an event without what people typed, which no table of words translates. */
function withoutFreeText(event: AccountEvent): AccountEvent {
  const {
    comment,
    reason,
    item,
    reference,
    externalReference,
    externalTransactionId,
    externalTransactionTotal,
    part,
    feesNamed,
    ...data
  } = event.data as unknown as Record<string, unknown>;
  return {
    ...event,
    data: { ...data, ...(event.type === 'FeeWaived' ? { reason } : {}) },
  } as unknown as AccountEvent;
}
