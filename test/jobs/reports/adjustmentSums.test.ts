import { expect, it } from 'vitest';
import { addTo, figuresOf, newSums, type Sums, sorted } from '../../../src/jobs/reports/adjustmentSums.js';
import { policyWith } from '../../support/account.js';

const policy = policyWith({ permissions: { WaiveFees: { CLERK: { upTo: '10.00' } } } });
const waived = {
  kind: 'waived',
  command: 'WaiveFees',
  by: null,
  day: '2026-03-02',
  recordedAt: '2026-03-02T09:00:00Z',
  commandId: 'w',
} as const;

it('counts amounts above the limit of the roles; a command that no role may give is always above it', () => {
  const figures = (...roles: readonly string[]) => {
    const sums = newSums(['ana'], 'waived', 'WaiveFees', roles, policy, 2);
    addTo(sums, { ...waived, amount: 1_000, isApproved: true });
    addTo(sums, { ...waived, amount: 1_001, isApproved: false });
    const { count, amount, largest, approved, limit, aboveLimit } = figuresOf(sums, 2);
    return [count, amount, largest, approved, limit, aboveLimit];
  };
  expect(figures('CLERK')).toEqual([2, '20.01', '10.01', 1, '10.00', 1]);
  expect(figures('PAGE')).toEqual([2, '20.01', '10.01', 1, null, 2]);
});

it('is sorted by the keys of the rows', () => {
  const rows = ['mo', 'ana'].map((user): [string, Sums] => [
    user,
    newSums([user], 'waived', null, [], policy, 2),
  ]);
  expect(sorted(new Map(rows)).map(({ head }) => head)).toEqual([['ana'], ['mo']]);
});
