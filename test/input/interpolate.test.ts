import { expect, it } from 'vitest';
import { interpolate } from '../../src/input/interpolate.js';

it('replaces names by values and lists, and leaves unknown names and inserted braces unchanged', () => {
  expect(interpolate('{a} of {b}, {c}', { a: '{b}', b: '2' })).toBe('{b} of 2, {c}');
  expect(interpolate('{a}, {b}', { a: ['x', 1], b: null })).toBe('x, 1, null');
  expect(interpolate('{toString}', {})).toBe('{toString}');
});
