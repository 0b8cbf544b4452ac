import { describe, expect, it } from 'vitest';
import { assertWhole } from '../../src/testing/assertWhole.js';

describe('a whole number', () => {
  it('is taken from the least on', () => {
    expect(() => assertWhole('runs', 1, 1)).not.toThrow();
  });

  it.each([[0], [1.5], [Number.NaN], [Number.POSITIVE_INFINITY], ['7'], [null]])('is not %s', (value) => {
    expect(() => assertWhole('runs', value as number, 1)).toThrow(
      /^INVALID_ARGUMENT: runs: expected a whole number of at least 1, found /,
    );
  });
});
