import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { moveKinds } from '../../../src/testing/arbitraries/moves.js';
import { plots } from '../../../src/testing/arbitraries/plots.js';

describe('plots', () => {
  it('have at most the given number of moves, and are often long', () => {
    const lengths = fc.sample(plots(fc, 12), { numRuns: 300, seed: 1 }).map(({ length }) => length);
    expect(Math.max(...lengths)).toBe(12);
    expect(lengths.filter((length) => length > 6).length).toBeGreaterThan(100);
  });
});

const simple = { pick: 0, other: 0, amount: 1, flag: false, sensible: true, policy: 'same' } as const;

/** The plot that a property shrinks to. */
const smallest = (holds: (kinds: readonly { kind: string; amount: number; other: number }[]) => boolean) =>
  fc.check(fc.property(plots(fc, 12), holds), { seed: 7, numRuns: 1_000 }).counterexample?.[0];

describe('a plot', () => {
  it.each(moveKinds)('shrinks to one simple move if only %s matters', (wanted) => {
    expect(smallest((plot) => plot.every(({ kind }) => kind !== wanted))).toEqual([
      { kind: wanted, ...simple },
    ]);
  });

  it('shrinks its numbers to the least that still fail', () => {
    expect(smallest((plot) => plot.every(({ amount, other }) => amount < 137 || other < 11))).toEqual([
      { ...simple, kind: 'assess', amount: 137, other: 11 },
    ]);
  });

  it('shrinks to the moves that matter, in their order, and leaves out the others', () => {
    const isRefundedAfterWaiver = (plot: readonly { kind: string }[]) => {
      const waived = plot.findIndex(({ kind }) => kind === 'waive');
      return waived >= 0 && plot.slice(waived).some(({ kind }) => kind === 'refund');
    };
    expect(smallest((plot) => !isRefundedAfterWaiver(plot))).toEqual([
      { kind: 'waive', ...simple },
      { kind: 'refund', ...simple },
    ]);
  });
});
