import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { wholeNumber } from '../../src/input/wholeNumber.js';

describe('wholeNumber', () => {
  it.each([0, 1, 17, Number.MAX_SAFE_INTEGER])('accepts %d', (value) => {
    expect(v.parse(wholeNumber(0), value)).toBe(value);
  });

  it.each([-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, '1', null])('refuses %o', (value) => {
    expect(() => v.parse(wholeNumber(0), value)).toThrow('a whole number, 0 or more');
  });

  it('refuses numbers below `from`', () => {
    expect(() => v.parse(wholeNumber(1), 0)).toThrow('a whole number, 1 or more');
  });
});
