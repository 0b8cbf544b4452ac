import { expect, it } from 'vitest';
import { effectOnFee } from '../../src/views/transactionEffects.js';
import { transactionLabels } from '../../src/views/transactionLabels.js';

it('every kind of transaction has words of its own', () => {
  expect(Object.keys(transactionLabels)).toEqual(Object.keys(effectOnFee));
  const words = Object.values(transactionLabels);
  expect(words.every((label) => /^[A-Z][a-z ]+$/.test(label))).toBe(true);
  expect(new Set(words).size).toBe(words.length);
});
