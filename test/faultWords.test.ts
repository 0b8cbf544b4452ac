import { expect, it } from 'vitest';
import { englishFaultWords, expectedWords } from '../src/faultWords.js';

const placeholdersIn = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();

it('have a different text for every code', () => {
  const texts = Object.values(expectedWords);
  expect(new Set(texts).size).toBe(texts.length);
  for (const [code, text] of Object.entries(expectedWords))
    expect(englishFaultWords[code as 'date']).toBe(text);
});

it('insert the path, what was expected and what was found', () => {
  expect(placeholdersIn(englishFaultWords.mismatch)).toEqual(['expected', 'found', 'path']);
  expect(placeholdersIn(englishFaultWords.missing)).toEqual(['expected', 'path']);
  expect(placeholdersIn(englishFaultWords.foundText)).toEqual(['length']);
  expect(placeholdersIn(englishFaultWords.didYouMean)).toEqual(['nearest']);
});
