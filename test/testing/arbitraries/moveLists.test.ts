import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { moveLists } from '../../../src/testing/arbitraries/moveLists.js';
import { moveKinds } from '../../../src/testing/arbitraries/moves.js';

describe('lists of moves', () => {
  it('have at most the given number of moves, and are often long', () => {
    const lengths = fc.sample(moveLists(fc, 12), { numRuns: 300, seed: 1 }).map(({ length }) => length);
    expect(Math.max(...lengths)).toBe(12);
    expect(lengths.filter((length) => length > 6).length).toBeGreaterThan(100);
  });
});

const simple = { pick: 0, other: 0, amount: 1, flag: false, sensible: true, policy: 'same' } as const;

/** The moves that a property shrinks to. */
const smallest = (holds: (kinds: readonly { kind: string; amount: number; other: number }[]) => boolean) =>
  fc.check(fc.property(moveLists(fc, 12), holds), { seed: 7, numRuns: 1_000 }).counterexample?.[0];

describe('a list of moves', () => {
  it.each(moveKinds)('shrinks to one simple move if only %s matters', (wanted) => {
    expect(smallest((moveList) => moveList.every(({ kind }) => kind !== wanted))).toEqual([
      { kind: wanted, ...simple },
    ]);
  });

  it('shrinks its numbers to the smallest that still fail', () => {
    expect(smallest((moveList) => moveList.every(({ amount, other }) => amount < 137 || other < 11))).toEqual(
      [{ ...simple, kind: 'assess', amount: 137, other: 11 }],
    );
  });

  it('shrinks to the moves that matter, in their order, and leaves out the others', () => {
    const isRefundedAfterWaiver = (moveList: readonly { kind: string }[]) => {
      const waived = moveList.findIndex(({ kind }) => kind === 'waive');
      return waived >= 0 && moveList.slice(waived).some(({ kind }) => kind === 'refund');
    };
    expect(smallest((moveList) => !isRefundedAfterWaiver(moveList))).toEqual([
      { kind: 'waive', ...simple },
      { kind: 'refund', ...simple },
    ]);
  });
});
