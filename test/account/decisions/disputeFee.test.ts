import { describe, expect, it } from 'vitest';
import { balancesInMinorUnits, decide } from '../../../src/index.js';
import {
  accountAfter,
  ask,
  assess,
  assessLost,
  fact,
  factsOf,
  feeNow,
  pay,
  policy,
  refusalOf,
  waive,
} from '../../support/account.js';

const dispute = (id: string, feeId: string) => ask('DisputeFee', id, { feeId });

describe('disputeFee', () => {
  const two = accountAfter([assess('a', '6.00'), assess('b', '9.00')]);

  it('flags the whole fee', () => {
    expect(factsOf(decide(dispute('d1', 'a'), two, policy))).toEqual([
      fact('FeeDisputed', { disputeId: 'd1', feeId: 'a' }),
    ]);
    const after = accountAfter([dispute('d1', 'a')], policy, two);
    expect(feeNow(after, 'a')).toEqual({ remaining: '6.00', owed: '6.00', status: 'disputed' });
    expect(balancesInMinorUnits(after)).toEqual({
      active: 900,
      disputed: 600,
      transferred: 0,
      payable: 900,
      owed: 1500,
    });
  });

  it('keeps reason and comments', () => {
    const why = { reason: 'returned in time', comment: 'says the patron', staffNote: 'check the book drop' };
    expect(factsOf(decide({ ...dispute('d1', 'a'), ...why }, two, policy))).toEqual([
      fact('FeeDisputed', { disputeId: 'd1', feeId: 'a', ...why }),
    ]);
  });

  it('is refused if nothing is owed, for any cause', () => {
    const paid = accountAfter([pay('p1', '6.00')], policy, two);
    const waived = accountAfter([assessLost('a', '60'), waive('w1', 'a')]);
    for (const account of [paid, waived]) {
      expect(refusalOf(decide(dispute('d1', 'a'), account, policy))).toEqual({
        type: 'NothingOwed',
        feeId: 'a',
      });
    }
  });

  it('is refused if the fee is disputed already', () => {
    const account = accountAfter([dispute('d1', 'a')], policy, two);
    expect(refusalOf(decide(dispute('d2', 'a'), account, policy))).toEqual({
      type: 'FeeAlreadyDisputed',
      feeId: 'a',
    });
  });

  it('is refused for a fee that does not exist', () => {
    expect(refusalOf(decide(dispute('d1', 'x'), two, policy))).toEqual({ type: 'FeeNotFound', feeId: 'x' });
  });

  it('can be done again after the dispute was resolved', () => {
    const resolve = ask('ResolveDispute', 'r1', { feeId: 'a', outcome: 'withdrawn' });
    const account = accountAfter([dispute('d1', 'a'), resolve, dispute('d2', 'a')], policy, two);
    expect(feeNow(account, 'a').status).toBe('disputed');
  });
});
