import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { type Rejection, type RejectionType, rejectionKinds, rejectionText } from '../../src/index.js';
import { type AnyRejection, englishWords, french, german } from '../../src/words/index.js';
import { filesUnder } from '../support/filesUnder.js';
import { otherRejections } from '../support/otherRejections.js';
import { rejectionSentences } from '../support/rejectionSentences.js';

const ofAccounts = Object.entries(rejectionSentences).flatMap(([type, each]) =>
  each.map(([fields, sentence]): readonly [AnyRejection, string] => [
    { type, kind: rejectionKinds[type as RejectionType], ...fields } as Rejection,
    sentence,
  ]),
);
const samples: readonly (readonly [AnyRejection, string])[] = [
  ...ofAccounts,
  ...Object.values(otherRejections),
];
const rejections = samples.map(([rejection]) => rejection);
const words = englishWords.rejections;
const amount = (text: string) => `<${text}>`;

describe('rejectionText with the words of a language', () => {
  it.each(Object.values(otherRejections))('has the English sentence of $type', (rejection, sentence) => {
    expect(rejectionText(rejection, { words })).toBe(sentence);
  });

  it.each(rejections)('formats every amount of $type for the reader, and nothing else', (rejection) => {
    for (const [field, value] of Object.entries(rejection)) {
      if (field === 'type' || field === 'kind' || typeof value !== 'string') continue;
      const said = rejectionText(rejection, { amount, words: { [rejection.type]: `{${field}}` } });
      const isAmount = /^\d+\.\d\d$/.test(value);
      expect(said, `amountFields of rejectionText.ts: ${field}`).toBe(isAmount ? `<${value}>` : value);
    }
  });

  it.each(rejections)('has a German and a French sentence of $type with its amounts', (rejection) => {
    const amountsIn = (text: string) => (text.match(/<[^>]*>/g) ?? []).sort();
    const english = rejectionText(rejection, { words, amount });
    for (const language of [german, french]) {
      const said = rejectionText(rejection, { words: language.rejections, amount });
      expect(said).not.toBe(english);
      expect(said).not.toMatch(/[{}]|undefined|null|\[object/);
      expect(said).toMatch(/[.?]$/);
      expect(amountsIn(said)).toEqual(amountsIn(english));
    }
  });

  it('has words for every type of rejection in the source', () => {
    const root = fileURLToPath(new URL('../../', import.meta.url));
    const refused = filesUnder(root, 'src').flatMap((path) =>
      [...readFileSync(join(root, path), 'utf8').matchAll(/= Refusal<\s*'(\w+)'/g)].map(([, type]) => type),
    );
    const types = [...new Set(refused)].sort();
    expect(Object.keys(words).sort()).toEqual(types);
    expect([...new Set(rejections.map(({ type }) => type))].sort()).toEqual(types);
  });

  it('returns the name and the fields of a rejection without words', () => {
    const [counted] = otherRejections.TillMethodNotCounted;
    expect(rejectionText(counted)).toBe('TillMethodNotCounted (method: CASH, expected: 1.00).');
    expect(rejectionText(counted, { amount })).toBe('TillMethodNotCounted (method: CASH, expected: <1.00>).');
    expect(rejectionText({ type: 'NoFieldsOfItsOwn', kind: 'conflict' })).toBe('NoFieldsOfItsOwn.');
  });
});
