import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AccountEvent } from '../../../src/index.js';
import { type Damage, damaged, damages, doubledAmounts } from '../../../src/testing/arbitraries/damages.js';
import { assessed, event, paid } from '../../support/events.js';

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

describe('doubledAmounts', () => {
  it('doubles every amount in any currency, including the parts', () => {
    expect(doubledAmounts(paid('p1', 'f1', '7.55'))).toEqual(paid('p1', 'f1', '15.10'));
    const amounts = ['0.01', '500', '0.500'].map((amount) => doubledAmounts(assessed('f1', amount)));
    expect(amounts).toEqual(['0.02', '1000', '1.000'].map((amount) => assessed('f1', amount)));
  });

  it('leaves everything except amounts unchanged', () => {
    expect(doubledAmounts(assessed('f1', 'much'))).toEqual(assessed('f1', 'much'));
  });
});
