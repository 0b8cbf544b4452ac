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

const undo = (id: string, waiverId: string) => ask('ReverseWaiver', id, { waiverId });

describe('reverseWaiver', () => {
  const waived = accountAfter([assess('a', '6'), waive('w1', 'a', '4')]);

  it('undoes a waiver in full: the amount is owed again', () => {
    expect(factsOf(decide({ ...undo('u1', 'w1'), reason: 'wrong patron' }, waived, policy))).toEqual([
      fact('WaiverReversed', {
        reversalId: 'u1',
        waiverId: 'w1',
        feeId: 'a',
        amount: '4.00',
        reason: 'wrong patron',
      }),
    ]);
    expect(feeNow(accountAfter([undo('u1', 'w1')], policy, waived), 'a').owed).toBe('6.00');
  });

  it('undoes each waiver of "Waive Selected" by its own id', () => {
    const selected = ask('WaiveFees', 'w1', { fees: [{ feeId: 'a' }, { feeId: 'b' }], reason: 'OTHER' });
    const account = accountAfter([assess('a', '6'), assess('b', '9'), selected, undo('u1', 'w1#1')]);
    expect([feeNow(account, 'a').owed, feeNow(account, 'b').owed]).toEqual(['0.00', '9.00']);
  });

  it('is refused if it is already undone', () => {
    const account = accountAfter([undo('u1', 'w1')], policy, waived);
    expect(refusalOf(decide(undo('u2', 'w1'), account, policy))).toEqual({ type: 'AlreadyUndone', id: 'w1' });
  });

  it.each(['a', 'p1#1', 'x'])('is refused for an id that is not a waiver: %s', (waiverId) => {
    const account = accountAfter([pay('p1', '3', { overpayment: 'credit' })], policy, waived);
    expect(refusalOf(decide(undo('u1', waiverId), account, policy))).toEqual({
      type: 'WaiverNotFound',
      waiverId,
    });
  });

  it('works if the policy no longer has the types and reasons', () => {
    expect(decide(undo('u1', 'w1'), waived, forgetfulPolicy).accepted).toBe(true);
  });

  it('restores exactly the balances and the owed amount from before the waiver (property)', {
    timeout: LAW_TIMEOUT_MS,
  }, async () => {
    await expectUndoing('WaiveFees', ['waive', 'waiveSome', 'waiveTransferred'], (_, { decision }) =>
      decision.events.map(({ data }, index) => {
        const { waiverId, creditId } = data as { waiverId?: string; creditId?: string };
        return undo(`undo ${index}`, waiverId ?? (creditId as string));
      }),
    );
  });
});

describe('reverseWaiver of a waiver that became a credit', () => {
  const lost = accountAfter([assessLost('lost', '60'), waive('w1', 'lost', '20')]);

  it('cancels the credit: the amount is owed again', () => {
    expect(factsOf(decide({ ...undo('u1', 'w1'), comment: 'too early' }, lost, policy))).toEqual([
      fact('CreditCancelled', {
        cancellationId: 'u1',
        creditId: 'w1',
        amount: '20.00',
        comment: 'too early',
      }),
    ]);
    const after = accountAfter([undo('u1', 'w1')], policy, lost);
    expect(feeNow(after, 'lost')).toEqual({ remaining: '60.00', owed: '60.00', status: 'active' });
    expect(creditNow(after, 'w1').status).toBe('closed');
  });

  it('cancels an external credit: the transferred amount is not reversed', () => {
    const account = accountAfter([assess('a', '6'), transfer('t1', 'a'), waive('w1', 'a'), undo('u1', 'w1')]);
    expect(findFee(account, 'a')?.transferReversed).toBe(0);
  });

  it('cancels the rest of a partly cancelled credit', () => {
    const partly = accountAfter([ask('CancelCredit', 'k1', { creditId: 'w1', amount: '5' })], policy, lost);
    expect(factsOf(decide(undo('u1', 'w1'), partly, policy))).toEqual([
      fact('CreditCancelled', { cancellationId: 'u1', creditId: 'w1', amount: '15.00' }),
    ]);
  });

  it('is refused if the credit is used', () => {
    const used = accountAfter([ask('ApplyCredit', 'x1', { creditId: 'w1', amount: '5' })], policy, lost);
    expect(refusalOf(decide(undo('u1', 'w1'), used, policy))).toEqual({
      type: 'CreditInUse',
      creditId: 'w1',
      amount: '20.00',
      unused: '15.00',
    });
  });

  it('is refused if it is already undone', () => {
    const account = accountAfter([undo('u1', 'w1')], policy, lost);
    expect(refusalOf(decide(undo('u2', 'w1'), account, policy))).toEqual({ type: 'AlreadyUndone', id: 'w1' });
  });

  it('is refused for a credit that did not come from a waiver', () => {
    const returned = accountAfter([ask('ReturnLostItem', 'r1', { feeIds: ['lost'] })], policy, lost);
    expect(refusalOf(decide(undo('u1', 'r1#1'), returned, policy))).toEqual({
      type: 'WaiverNotFound',
      waiverId: 'r1#1',
    });
  });
});
