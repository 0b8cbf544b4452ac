import { describe, expect, it } from 'vitest';
import { balancesInMinorUnits, type CommandOf, decide } from '../../../src/index.js';
import {
  accountAfter,
  ask,
  assess,
  assessLost,
  creditNow,
  fact,
  factsOf,
  policy,
  refusalOf,
  transfer,
  waive,
} from '../../support/account.js';

const refund = (more: Partial<CommandOf<'RefundCredit'>> = {}) =>
  ask('RefundCredit', 'r1', { creditId: 'i1', method: 'CASH', ...more });

describe('refundCredit', () => {
  const credited = accountAfter([
    ask('IssueCredit', 'i1', { cause: 'imported', amount: '5' }),
    ask('IssueCredit', 'g1', { cause: 'manual', reason: 'GOODWILL', amount: '5' }),
    assessLost('lost', '60'),
    waive('w1', 'lost'),
    assess('a', '6'),
    transfer('t1', 'a'),
    waive('w2', 'a'),
  ]);

  it('pays out a refundable credit', () => {
    const details = {
      method: 'ONLINE',
      externalTransactionId: 'x1',
      reference: 'bank 3',
      comment: 'to your account',
    };
    expect(factsOf(decide(refund(details), credited, policy))).toEqual([
      fact('CreditRefunded', { refundId: 'r1', creditId: 'i1', amount: '5.00', ...details }),
    ]);
    const after = accountAfter([refund()], policy, credited);
    expect(creditNow(after, 'i1')).toEqual({ purpose: 'refundable', unused: '0.00', status: 'closed' });
    expect(balancesInMinorUnits(after).active - balancesInMinorUnits(credited).active).toBe(500);
  });

  it('pays out part of it', () => {
    expect(creditNow(accountAfter([refund({ amount: '1.5' })], policy, credited), 'i1').unused).toBe('3.50');
  });

  it.each([
    ['goodwill', 'g1'],
    ['setOff', 'w1'],
    ['external', 'w2'],
  ])('is refused for the wrong purpose, so a waiver is never paid out: %s', (purpose, creditId) => {
    expect(refusalOf(decide(refund({ creditId }), credited, policy))).toEqual({
      type: 'CreditPurposeForbids',
      creditId,
      purpose,
    });
  });

  it('is refused above the unused amount', () => {
    expect(refusalOf(decide(refund({ amount: '5.01' }), credited, policy))).toEqual({
      type: 'AmountExceedsCredit',
      creditId: 'i1',
      amount: '5.01',
      unused: '5.00',
    });
    const paidOut = accountAfter([{ ...refund(), id: 'r0' }], policy, credited);
    expect(refusalOf(decide(refund(), paidOut, policy))).toEqual({ type: 'CreditUsedUp', creditId: 'i1' });
  });

  it.each(['BARTER', 'constructor', '__proto__'])('is refused for an unknown method: %s', (method) => {
    expect(refusalOf(decide(refund({ method }), credited, policy))).toEqual({
      type: 'PaymentMethodUnknown',
      known: expect.anything(),
      method,
    });
  });

  it('is refused for a credit that does not exist', () => {
    expect(refusalOf(decide(refund({ creditId: 'a' }), credited, policy))).toEqual({
      type: 'CreditNotFound',
      creditId: 'a',
    });
  });
});
