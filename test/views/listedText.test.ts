import { expect, it } from 'vitest';
import { listedText } from '../../src/views/listedText.js';

it('an entry of a list says what there is, and nothing of what there is not', () => {
  expect(listedText(['Overdue fine', false, '$2.50'])).toBe('- Overdue fine; $2.50');
  expect(listedText([''])).toBe('- ');
});
