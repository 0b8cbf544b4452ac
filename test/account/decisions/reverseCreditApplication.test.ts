import { describe, expect, it } from 'vitest';
import { decide } from '../../../src/index.js';
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
  waive,
} from '../../support/account.js';
import { LAW_TIMEOUT_MS } from '../../support/seeded.js';
import { expectUndoing } from '../../support/undoing.js';

const undo = (id: string, applicationId: string) => ask('ReverseCreditApplication', id, { applicationId });

describe('reverseCreditApplication', () => {
  const applied = accountAfter([
    assess('a', '6'),
    assess('b', '9'),
    ask('IssueCredit', 'i1', { cause: 'imported', amount: '10' }),
    ask('ApplyCredit', 'x1', { creditId: 'i1' }),
  ]);

  it('undoes the use of a credit in full: the fees are owed again, the credit is unused again', () => {
    expect(factsOf(decide({ ...undo('u1', 'x1'), comment: 'wrong fee' }, applied, policy))).toEqual([
      fact('CreditApplicationReversed', {
        reversalId: 'u1',
        applicationId: 'x1',
        creditId: 'i1',
        allocations: [
          { feeId: 'a', amount: '6.00' },
          { feeId: 'b', amount: '4.00' },
        ],
        comment: 'wrong fee',
      }),
    ]);
    const after = accountAfter([undo('u1', 'x1')], policy, applied);
    expect(feeNow(after, 'a').owed).toBe('6.00');
    expect(creditNow(after, 'i1').unused).toBe('10.00');
  });

  it('also undoes an application by a closing rule: fee and credit are open again', () => {
    const closed = accountAfter([assessLost('lost', '60'), waive('w1', 'lost', '20'), pay('p1', '40')]);
    expect(feeNow(closed, 'lost').status).toBe('closed');
    const after = accountAfter([undo('u1', 'p1#1')], policy, closed);
    expect(feeNow(after, 'lost')).toEqual({ remaining: '20.00', owed: '0.00', status: 'active' });
    expect(creditNow(after, 'w1')).toEqual({ purpose: 'setOff', unused: '20.00', status: 'active' });
  });

  it('is refused if it is already undone', () => {
    const account = accountAfter([undo('u1', 'x1')], policy, applied);
    expect(refusalOf(decide(undo('u2', 'x1'), account, policy))).toEqual({ type: 'AlreadyUndone', id: 'x1' });
  });

  it('is refused for an application that does not exist', () => {
    expect(refusalOf(decide(undo('u1', 'i1'), applied, policy))).toEqual({
      type: 'CreditApplicationNotFound',
      applicationId: 'i1',
    });
  });

  it('works if the policy no longer has the types and reasons', () => {
    expect(decide(undo('u1', 'x1'), applied, forgetfulPolicy).accepted).toBe(true);
  });

  it('restores exactly the balances and the owed amount from before the application (property)', {
    timeout: LAW_TIMEOUT_MS,
  }, async () => {
    await expectUndoing('ApplyCredit', ['applyCredit', 'allocateCredit'], ({ id }) => [undo('undo', id)]);
  });
});
