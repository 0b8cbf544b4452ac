import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { moveKinds } from '../../../src/testing/arbitraries/moves.js';
import { plots } from '../../../src/testing/arbitraries/plots.js';

describe('plots', () => {
  it('have at most so many moves, and long ones often', () => {
    const lengths = fc.sample(plots(fc, 12), { numRuns: 300, seed: 1 }).map(({ length }) => length);
    expect(Math.max(...lengths)).toBe(12);
    expect(lengths.filter((length) => length > 6).length).toBeGreaterThan(100);
  });

  it.each(moveKinds)('shrink to one simple move where only %s matters, whatever they are about', (wanted) => {
    const { counterexample } = fc.check(
      fc.property(plots(fc, 12), (plot) => plot.every(({ kind }) => kind !== wanted)),
      { seed: 7, numRuns: 1_000 },
    );
    expect(counterexample).toEqual([
      [{ kind: wanted, pick: 0, other: 0, amount: 1, flag: false, sensible: true, policy: 'same' }],
    ]);
  });
});
