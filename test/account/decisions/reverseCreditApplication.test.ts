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

  /** Of 20.00, 10.00 was paid and the fee then cancelled; the cheque bounced, and the fee took its credit back. */
  const takenBack = accountAfter([
    assess('a', '20'),
    pay('p1', '10'),
    ask('CancelFee', 'k1', { feeId: 'a' }),
    ask('ReversePayment', 'r1', { paymentId: 'p1' }),
  ]);

  it('is refused if a closing rule would at once apply the same amount of the credit to the fee again', () => {
    expect(refusalOf(decide(undo('u1', 'r1#1'), takenBack, policy))).toEqual({
      type: 'AppliedAgain',
      creditId: 'k1#1',
      feeId: 'a',
    });
  });

  it('is refused for a fee that was charged for the shortfall of the credit', () => {
    const account = accountAfter([
      pay('p1', '4', { overpayment: 'credit' }),
      ask('RefundCredit', 'c1', { creditId: 'p1#1', method: 'CASH' }),
      ask('ReversePayment', 'r1', {
        paymentId: 'p1',
        shortfallFee: { feeId: 'short', feeType: 'OVERDUEFINE', owner: 'MAIN' },
      }),
      ask('ReverseRefund', 'v1', { refundId: 'c1' }),
    ]);
    expect(refusalOf(decide(undo('u1', 'v1#1'), account, policy))).toEqual({
      type: 'AppliedAgain',
      creditId: 'p1#1',
      feeId: 'short',
    });
  });

  /** Of 20.00, 10.00 was paid and 16.00 cancelled; of the credit of 6.00, 4.00 went to the fee and 2.00 to another. */
  const spread = accountAfter([
    assess('a', '20'),
    pay('p1', '10'),
    ask('CancelFee', 'k1', { feeId: 'a', amount: '16' }),
    assess('b', '2'),
    ask('ReversePayment', 'r1', { paymentId: 'p1', amount: '4' }),
    ask('ApplyCredit', 'y1', {
      creditId: 'k1#1',
      allocations: [
        { feeId: 'a', amount: '4' },
        { feeId: 'b', amount: '2' },
      ],
    }),
  ]);

  it('undoes the use on one fee even if a closing rule applies that on another again', () => {
    const account = accountAfter(
      [ask('ReversePayment', 'r2', { paymentId: 'p1', amount: '4' })],
      policy,
      spread,
    );
    expect(factsOf(decide(undo('u1', 'y1'), account, policy)).map(({ type }) => type)).toEqual([
      'CreditApplicationReversed',
      'CreditApplied',
    ]);
    const after = accountAfter([undo('u1', 'y1')], policy, account);
    expect([feeNow(after, 'a').owed, feeNow(after, 'b').owed]).toEqual(['4.00', '2.00']);
    expect(creditNow(after, 'k1#1').unused).toBe('2.00');
  });

  it('undoes a use even if a closing rule then applies a smaller amount again', () => {
    const account = accountAfter([
      assess('a', '20'),
      pay('p1', '10'),
      ask('CancelFee', 'k1', { feeId: 'a', amount: '16' }),
      ask('ReversePayment', 'r1', { paymentId: 'p1', amount: '4' }),
      ask('ApplyCredit', 'y1', { creditId: 'k1#1', feeIds: ['a'] }),
      ask('ReversePayment', 'r2', { paymentId: 'p1', amount: '2' }),
    ]);
    expect(creditNow(account, 'k1#1').unused).toBe('2.00');
    const after = accountAfter([undo('u1', 'y1')], policy, account);
    expect([feeNow(after, 'a').owed, creditNow(after, 'k1#1').unused]).toEqual(['4.00', '4.00']);
  });

  it('undoes a use on a fee even if the fee of a shortfall then takes the same amount', () => {
    const account = accountAfter([
      pay('p1', '4', { overpayment: 'credit' }),
      assess('a', '4'),
      ask('ApplyCredit', 'y1', { creditId: 'p1#1', feeIds: ['a'] }),
      ask('ReversePayment', 'r1', {
        paymentId: 'p1',
        shortfallFee: { feeId: 'short', feeType: 'OVERDUEFINE', owner: 'MAIN' },
      }),
      undo('u1', 'y1'),
    ]);
    expect([feeNow(account, 'a').owed, feeNow(account, 'short').owed]).toEqual(['4.00', '0.00']);
  });

  it('undoes a use even if a closing rule then applies another amount', () => {
    const account = accountAfter(
      [ask('ReversePayment', 'r2', { paymentId: 'p1', amount: '6' })],
      policy,
      spread,
    );
    const after = accountAfter([undo('u1', 'y1')], policy, account);
    expect([feeNow(after, 'a').owed, feeNow(after, 'b').owed]).toEqual(['4.00', '2.00']);
    expect(creditNow(after, 'k1#1').unused).toBe('0.00');
  });

  it('undoes a use once what takes the credit is undone: an older credit of the fee is taken instead', () => {
    const cancel = (id: string, amount: string) => ask('CancelFee', id, { feeId: 'a', amount });
    const account = accountAfter([
      assess('a', '10'),
      pay('p1', '10'),
      cancel('k1', '5'),
      cancel('k2', '5'),
      ask('RefundCredit', 'c1', { creditId: 'k1#1', method: 'CASH' }),
      ask('ReversePayment', 'r1', { paymentId: 'p1' }),
    ]);
    expect(refusalOf(decide(undo('u1', 'r1#1'), account, policy))).toMatchObject({ type: 'AppliedAgain' });
    const waived = accountAfter(
      [waive('w1', 'a'), ask('ReverseRefund', 'v1', { refundId: 'c1' })],
      policy,
      account,
    );
    const after = accountAfter([undo('u1', 'r1#1')], policy, waived);
    expect([creditNow(after, 'k1#1').unused, creditNow(after, 'k2#1').unused]).toEqual(['0.00', '5.00']);
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
