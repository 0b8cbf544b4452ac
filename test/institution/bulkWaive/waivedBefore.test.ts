import { describe, expect, it } from 'vitest';
import { formatAmount } from '../../../src/index.js';
import { waivedBefore } from '../../../src/institution/bulkWaive/waivedBefore.js';
import { accountAfter, ask, assess, assessLost, pay } from '../../support/account.js';

const fees = [assess('f1', '10'), assess('f2', '50'), assessLost('lost', '60')];
const job = (jobId: string, ...feeIds: string[]) =>
  ask('WaiveFees', jobId, { fees: feeIds.map((feeId) => ({ feeId })), reason: 'OTHER' });
const waivedIn = (...commands: Parameters<typeof accountAfter>[0]) =>
  waivedBefore(accountAfter(commands), 'job', (minor) => formatAmount(minor, 2)).map(
    ({ feeId, waived, asCredit }) => [feeId, waived, asCredit],
  );

const all = [
  ['f1', '10.00', false],
  ['f2', '50.00', false],
  ['lost', '60.00', true],
];

describe('earlier waivers of a job', () => {
  it('are found by its id: every waiver, and the credits of lost items', () => {
    expect(waivedIn(...fees, job('job', 'f1', 'f2', 'lost'))).toEqual(all);
    expect(waivedIn(...fees, job('job', 'lost', 'f1'))).toEqual([all[2], all[0]]);
  });

  it('do not change with later events', () => {
    const undo = ask('ReverseWaiver', 'u1', { waiverId: 'job' });
    expect(waivedIn(...fees, job('job', 'f1', 'f2', 'lost'), undo, pay('p1', '10'))).toEqual(all);
  });

  it('exclude the effects of other commands', () => {
    expect(waivedIn(...fees)).toEqual([]);
    expect(waivedIn(...fees, job('job2', 'f1'), job('job#1', 'f2'))).toEqual([]);
    expect(waivedIn(...fees, job('job', 'f1'), job('job#1', 'f2'))).toEqual([all[0]]);
    expect(waivedIn(...fees, pay('job', '10'))).toEqual([]);
    expect(waivedIn(assess('job', '10'))).toEqual([]);
    expect(
      waivedIn(...fees, ask('IssueCredit', 'job', { amount: '5', cause: 'manual', reason: 'GOODWILL' })),
    ).toEqual([]);
  });
});
