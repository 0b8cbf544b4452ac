import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decide, emptyAccount } from '../../../src/index.js';
import { ids, namings, notIds, strangeIds } from '../../../src/testing/arbitraries/ids.js';
import { usualPolicies } from '../../../src/testing/arbitraries/policies.js';

const [policy] = usualPolicies as [(typeof usualPolicies)[number]];

function assess(id: unknown) {
  const at = '2026-03-02T09:00:00Z';
  const command = { type: 'AssessFee', id, feeType: 'OTHER', amount: '1', owner: 'MAIN', at };
  return decide(command as never, emptyAccount(), policy).accepted;
}

describe('ids', () => {
  it('are valid ids of commands, including unusual ones', () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(ids(fc), (id) => {
        expect(assess(id)).toBe(true);
        seen.add(id);
      }),
      { numRuns: 500, seed: 1 },
    );
    expect([...seen]).toEqual(expect.arrayContaining([...strangeIds]));
  });

  it('are refused if invalid', () => {
    expect(notIds.filter(assess)).toEqual([]);
  });
});

describe('the naming schemes of stories', () => {
  it('give each command a different id', () => {
    const indices = Array.from({ length: 100 }, (_, index) => index);
    for (const name of Object.values(namings)) expect(new Set(indices.map(name)).size).toBe(100);
    expect(indices.slice(0, 2).map(namings.plain)).toEqual(['c0', 'c1']);
    expect(indices.map(namings.hostile).every(assess)).toBe(true);
  });
});
