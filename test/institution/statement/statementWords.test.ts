import { expect, it } from 'vitest';
import { englishStatementWords } from '../../../src/institution/index.js';

it('there is a word for everything that a statement says', () => {
  const { kinds, ...words } = englishStatementWords;
  for (const word of [...Object.values(words), ...Object.values(kinds)]) expect(word).toMatch(/\S/);
});
