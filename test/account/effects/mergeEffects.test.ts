import { describe, expect, it } from 'vitest';
import { fold } from '../../../src/account/fold.js';
import { accountOf, assessed, at, event } from '../../support/events.js';

const merged = event('AccountMerged', { mergeId: 'm1', into: 'a' });
const joined = event('AccountJoined', { mergeId: 'm2', from: 'c' });
const later = '2026-03-03T09:00:00Z';

describe('merges in an account', () => {
  it('change none of its figures and rows', () => {
    const before = accountOf(assessed('f1', '10.00'));
    const { eventCount, mergedInto, merges, ids, ...rest } = fold([merged, joined], before);
    const { eventCount: _count, mergedInto: _into, merges: _merges, ids: _ids, ...restBefore } = before;
    expect(rest).toEqual(restBefore);
    expect(mergedInto).toBe('a');
    expect(merges).toEqual([
      { mergeId: 'm1', direction: 'into', patronId: 'a', mergedAt: at, separatedAt: null },
      { mergeId: 'm2', direction: 'from', patronId: 'c', mergedAt: at, separatedAt: null },
    ]);
  });

  it('do not set the currency', () => {
    expect(accountOf(merged).currency).toBeNull();
    expect(accountOf(merged, assessed('f1', '10.00')).currency).toBe('USD');
  });

  it('end on one side, and can then be followed by another', () => {
    const ended = (mergeId: string) => event('AccountSeparated', { mergeId, at: later });
    const both = accountOf(merged, joined);
    expect(fold([ended('m2')], both)).toMatchObject({
      mergedInto: 'a',
      merges: [{ separatedAt: null }, { separatedAt: later }],
    });
    const apart = fold([ended('m1')], both);
    expect(apart).toMatchObject({
      mergedInto: null,
      merges: [{ separatedAt: later }, { separatedAt: null }],
    });
    const again = event('AccountMerged', { mergeId: 'm3', into: 'b' });
    expect(fold([again], apart)).toMatchObject({ mergedInto: 'b' });
  });
});
