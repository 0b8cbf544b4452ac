import { describe, expect, it } from 'vitest';
import { decide } from '../../../src/index.js';
import {
  accountAfter,
  ask,
  creditNow,
  fact,
  factsOf,
  forgetfulPolicy,
  policy,
  refusalOf,
} from '../../support/account.js';
import { LAW_TIMEOUT_MS } from '../../support/seeded.js';
import { expectUndoing } from '../../support/undoing.js';

const undo = (id: string, refundId: string) => ask('ReverseRefund', id, { refundId });

describe('reverseRefund', () => {
  const refunded = accountAfter([
    ask('IssueCredit', 'i1', { cause: 'imported', amount: '5' }),
    ask('RefundCredit', 'r1', { creditId: 'i1', amount: '2', method: 'CASH' }),
  ]);

  it('undoes a refund in full: the credit is unused again', () => {
    expect(factsOf(decide({ ...undo('u1', 'r1'), comment: 'transfer bounced' }, refunded, policy))).toEqual([
      fact('RefundReversed', {
        reversalId: 'u1',
        refundId: 'r1',
        creditId: 'i1',
        amount: '2.00',
        comment: 'transfer bounced',
      }),
    ]);
    expect(creditNow(accountAfter([undo('u1', 'r1')], policy, refunded), 'i1').unused).toBe('5.00');
  });

  it('is refused if it is already undone', () => {
    const account = accountAfter([undo('u1', 'r1')], policy, refunded);
    expect(refusalOf(decide(undo('u2', 'r1'), account, policy))).toEqual({ type: 'AlreadyUndone', id: 'r1' });
  });

  it('is refused for a refund that does not exist', () => {
    expect(refusalOf(decide(undo('u1', 'i1'), refunded, policy))).toEqual({
      type: 'RefundNotFound',
      refundId: 'i1',
    });
  });

  it('works if the policy no longer has the method', () => {
    expect(decide(undo('u1', 'r1'), refunded, forgetfulPolicy).accepted).toBe(true);
  });

  it('restores exactly the balances and the owed amount from before the refund (property)', {
    timeout: LAW_TIMEOUT_MS,
  }, async () => {
    await expectUndoing('RefundCredit', ['refund'], ({ id }) => [undo('undo', id)]);
  });
});
