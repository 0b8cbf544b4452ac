import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { moveKinds, moves } from '../../../src/testing/arbitraries/moves.js';

describe('moves', () => {
  it('have every kind', () => {
    const seen = fc.sample(moves(fc), { numRuns: 1_000, seed: 1 }).map(({ kind }) => kind);
    expect(new Set(seen)).toEqual(new Set(moveKinds));
  });

  it('shrink to the simplest one: a fee of the smallest amount under the usual policy', () => {
    const { counterexample } = fc.check(
      fc.property(moves(fc), () => false),
      { seed: 7, numRuns: 100 },
    );
    expect(counterexample).toEqual([
      { kind: 'assess', pick: 0, other: 0, amount: 1, flag: false, sensible: true, policy: 'same' },
    ]);
  });
});
