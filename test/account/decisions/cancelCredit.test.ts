import { describe, expect, it } from 'vitest';
import { decide, findFee } from '../../../src/index.js';
import {
  accountAfter,
  ask,
  assess,
  assessLost,
  creditNow,
  fact,
  factsOf,
  feeNow,
  forgetfulPolicy,
  pay,
  policy,
  refusalOf,
  transfer,
  waive,
} from '../../support/account.js';
import { LAW_TIMEOUT_MS } from '../../support/seeded.js';
import { expectUndoing } from '../../support/undoing.js';

const cancel = (id: string, creditId: string, amount?: string) =>
  ask('CancelCredit', id, amount === undefined ? { creditId } : { creditId, amount });

describe('cancelCredit', () => {
  const credited = accountAfter([ask('IssueCredit', 'i1', { amount: '5.00', cause: 'imported' })]);

  it('withdraws the unused amount', () => {
    expect(factsOf(decide({ ...cancel('k1', 'i1'), comment: 'expired' }, credited, policy))).toEqual([
      fact('CreditCancelled', { cancellationId: 'k1', creditId: 'i1', amount: '5.00', comment: 'expired' }),
    ]);
    const used = accountAfter(
      [assess('a', '2.00'), ask('ApplyCredit', 'x1', { creditId: 'i1' })],
      policy,
      credited,
    );
    expect(factsOf(decide(cancel('k1', 'i1'), used, policy))).toMatchObject([{ data: { amount: '3.00' } }]);
  });

  it('withdraws part of it', () => {
    const account = accountAfter([cancel('k1', 'i1', '1.50')], policy, credited);
    expect(creditNow(account, 'i1')).toEqual({ purpose: 'refundable', unused: '3.50', status: 'active' });
  });

  it('is refused above the unused amount', () => {
    expect(refusalOf(decide(cancel('k1', 'i1', '5.01'), credited, policy))).toEqual({
      type: 'AmountExceedsCredit',
      creditId: 'i1',
      amount: '5.01',
      unused: '5.00',
    });
  });

  it('is refused if nothing is unused', () => {
    const account = accountAfter([cancel('k1', 'i1')], policy, credited);
    expect(refusalOf(decide(cancel('k2', 'i1'), account, policy))).toEqual({
      type: 'CreditUsedUp',
      creditId: 'i1',
    });
  });

  it('is refused for a credit that does not exist', () => {
    expect(refusalOf(decide(cancel('k1', 'k1'), credited, policy))).toEqual({
      type: 'CreditNotFound',
      creditId: 'k1',
    });
  });

  it('withdraws a refundable credit: the amount given back on its fee decreases', () => {
    const account = accountAfter([
      assessLost('lost', '60'),
      pay('p1', '60.00'),
      ask('ReturnLostItem', 'r1', { feeIds: ['lost'] }),
    ]);
    expect(findFee(account, 'lost')?.givenBack).toBe(6000);
    const after = accountAfter([cancel('k1', 'r1#1', '20.00')], policy, account);
    expect(findFee(after, 'lost')?.givenBack).toBe(4000);
  });

  it('makes the amount reserved by a set-off credit owed again', () => {
    const account = accountAfter([
      assessLost('lost', '60'),
      waive('w1', 'lost'),
      cancel('k1', 'w1', '20.00'),
    ]);
    expect(feeNow(account, 'lost')).toEqual({ remaining: '60.00', owed: '20.00', status: 'active' });
  });

  it('keeps the amount of a cancelled external credit transferred', () => {
    const account = accountAfter([
      assess('a', '6.00'),
      transfer('t1', 'a'),
      waive('w1', 'a'),
      cancel('k1', 'w1'),
    ]);
    expect(findFee(account, 'a')).toMatchObject({ transferred: 600, transferReversed: 0 });
  });

  it('works if the policy no longer has the reason', () => {
    const command = ask('IssueCredit', 'g1', { amount: '1.00', cause: 'manual', reason: 'GOODWILL' });
    const account = accountAfter([command]);
    expect(decide(cancel('k1', 'g1'), account, forgetfulPolicy).accepted).toBe(true);
  });

  it('restores exactly the balances and the owed amount from before the credit (property)', {
    timeout: LAW_TIMEOUT_MS,
  }, async () => {
    await expectUndoing('IssueCredit', ['goodwill', 'imported'], ({ id }) => [cancel('undo', id)]);
  });
});
