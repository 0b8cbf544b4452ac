import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plots } from '../../../src/testing/arbitraries/plots.js';

describe('plots', () => {
  it('have at most the given number of moves, and are often long', () => {
    const lengths = fc.sample(plots(fc, 12), { numRuns: 300, seed: 1 }).map(({ length }) => length);
    expect(Math.max(...lengths)).toBe(12);
    expect(lengths.filter((length) => length > 6).length).toBeGreaterThan(100);
  });
});
