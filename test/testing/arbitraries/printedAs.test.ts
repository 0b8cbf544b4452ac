import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { printedAs } from '../../../src/testing/arbitraries/printedAs.js';

describe('printedAs', () => {
  it('is how fast-check prints a value, which is otherwise as it was', () => {
    const value = { a: 1 };
    expect(printedAs(value, () => 'once upon a time')).toBe(value);
    expect(fc.stringify([value])).toBe('[\nonce upon a time\n]');
    expect(Object.keys(value)).toEqual(['a']);
    expect(value).toEqual({ a: 1 });
  });
});
