import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { balancesInMinorUnits, fold } from '../../../src/index.js';
import { fromAlmaFees } from '../../../src/interop/alma/fromAlmaFees.js';
import { tried } from '../seeded.js';
import { almaFees } from './almaFees.js';

describe('Alma responses', () => {
  it('are plain JSON, can be imported, and give the figures returned with them', () => {
    fc.assert(
      fc.property(almaFees(fc), ({ json, rows }) => {
        const { events, findings } = fromAlmaFees(JSON.parse(JSON.stringify(json)));
        expect(findings).toEqual([]);
        const open = rows.reduce((sum, { isCredit, balance }) => sum + (isCredit ? -balance : balance), 0);
        const { active, disputed } = balancesInMinorUnits(fold(events));
        expect(active + disputed).toBe(open);
      }),
      tried(200),
    );
  });

  it('have rows of every status, and credits', () => {
    const rows = fc.sample(almaFees(fc), { numRuns: 200, seed: 1 }).flatMap((payload) => payload.rows);
    expect(new Set(rows.map(({ status }) => status))).toEqual(
      new Set(['ACTIVE', 'INDISPUTE', 'EXPORTED', 'CLOSED']),
    );
    expect(rows.some(({ isCredit }) => isCredit)).toBe(true);
  });
});
