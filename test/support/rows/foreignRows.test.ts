import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { corruptRows, decimals, foreignSteps, partOf, picked } from './foreignRows.js';
import { openingRows } from './openingRows.js';

describe('rows of other systems', () => {
  it('are damaged: dropped, repeated, moved and changed, next to the original rows', () => {
    const samples = fc.sample(corruptRows(fc, openingRows(fc)), { numRuns: 200, seed: 1 });
    const rows = samples.filter(({ repaired }) => (repaired.rows?.length ?? 0) > 2);
    const changes = rows.map(
      ({ tables, repaired }) => (tables.rows?.length ?? 0) - (repaired.rows?.length ?? 0),
    );
    expect(changes.some((change) => change < 0)).toBe(true);
    expect(changes.some((change) => change > 0)).toBe(true);
    const differs = rows.filter(
      ({ tables, repaired }) => JSON.stringify(tables) !== JSON.stringify(repaired),
    );
    expect(differs.length).toBeGreaterThan(rows.length / 2);
  });

  it('come from steps of every kind', () => {
    const steps = fc.sample(foreignSteps(fc, ['a', 'b']), { numRuns: 50, seed: 1 }).flat();
    expect(new Set(steps.map(({ name }) => name))).toEqual(new Set(['a', 'b']));
  });

  it('are picked, cut and written', () => {
    expect([picked(['a', 'b'], { pick: 3 }), picked([], { pick: 3 })]).toEqual(['b', undefined]);
    expect([partOf(100, { share: 333 }), partOf(1, { share: 1 })]).toEqual([33, 1]);
    expect([decimals(1_250, 6), decimals(-5, 2), decimals(0, 2)]).toEqual(['12.500000', '-0.05', '0.00']);
  });
});
