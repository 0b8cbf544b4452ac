import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { printedAs } from '../../../src/testing/arbitraries/printedAs.js';

describe('printedAs', () => {
  it('changes how fast-check prints a value, and nothing else about it', () => {
    const value = { a: 1 };
    expect(printedAs(value, () => 'once upon a time')).toBe(value);
    expect(fc.stringify([value])).toBe('[\nonce upon a time\n]');
    expect(Object.keys(value)).toEqual(['a']);
    expect(value).toEqual({ a: 1 });
  });
});
