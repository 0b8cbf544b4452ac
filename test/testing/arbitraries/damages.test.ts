import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AccountEvent } from '../../../src/index.js';
import { type Damage, damaged, damages } from '../../../src/testing/arbitraries/damages.js';
import { assessed, event } from '../../support/events.js';

const fee = assessed('f1', '10.00');
const waiver = event('FeeWaived', { waiverId: 'w1', feeId: 'f1', amount: '4.00' });
const history: readonly AccountEvent[] = [fee, waiver];

function damagedBy(how: Damage['how'], more: Partial<Damage> = {}) {
  return damaged(history, [{ how, at: 1, other: 0, field: 0, junk: 17, ...more }]);
}

describe('a damaged history', () => {
  it('has an event removed, repeated, moved, or changed', () => {
    expect(damagedBy('drop')).toEqual([fee]);
    expect(damagedBy('repeat')).toEqual([fee, fee, waiver]);
    expect(damagedBy('swap')).toEqual([waiver, fee]);
    expect(damagedBy('double')).toEqual([fee, { ...waiver, data: { ...waiver.data, amount: '8.00' } }]);
    expect(damagedBy('rename')).toEqual([fee, { ...waiver, type: 'FeeAssessed' }]);
    expect(damagedBy('overwrite')).toEqual([fee, { ...waiver, type: 17 }]);
    expect(damagedBy('overwrite', { field: 1 })).toEqual([fee, { ...waiver, data: 17 }]);
    expect(damagedBy('remove')).toEqual([fee, { data: waiver.data }]);
    expect(damagedBy('borrow', { field: 3 })).toEqual([
      fee,
      { ...waiver, data: { ...waiver.data, feeId: 'f1', amount: '10.00' } },
    ]);
  });

  it('leaves the valid history unchanged, and an empty one empty', () => {
    const before = JSON.stringify(history);
    fc.assert(
      fc.property(damages(fc), (all) => {
        damaged(history, all);
        expect(JSON.stringify(history)).toBe(before);
        expect(damaged([], all)).toEqual([]);
      }),
    );
  });
});
