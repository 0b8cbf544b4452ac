import { expect, it } from 'vitest';
import { englishStatementWords } from '../../../src/institution/index.js';

it('every term of a statement has a word', () => {
  const { kinds, ...words } = englishStatementWords;
  for (const word of [...Object.values(words), ...Object.values(kinds)]) expect(word).toMatch(/\S/);
});
