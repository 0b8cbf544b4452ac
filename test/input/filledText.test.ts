import { expect, it } from 'vitest';
import { filledText } from '../../src/input/filledText.js';

it('inserts values by name, and leaves unknown names and inserted braces as they are', () => {
  expect(filledText('{a} of {b}, {c}', { a: '{b}', b: '2' })).toBe('{b} of 2, {c}');
  expect(filledText('{toString}', {})).toBe('{toString}');
});
