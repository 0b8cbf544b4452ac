import { expect, it } from 'vitest';
import { shown } from '../../src/input/shown.js';

it.each([
  ['text', 'text'],
  [17, '17'],
  [true, 'true'],
  [null, 'null'],
  [undefined, 'undefined'],
  [{ secret: 1 }, 'object'],
  [['a'], 'object'],
  [Symbol('s'), 'symbol'],
])('formats %o without running its code', (value, text) => {
  expect(shown(value)).toBe(text);
});

it('cuts text to 100 characters', () => {
  expect(shown('x'.repeat(1000))).toHaveLength(100);
});
