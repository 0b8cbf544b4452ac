import { describe, expect, it } from 'vitest';
import { type CommandOf, decide } from '../../../src/index.js';
import {
  accountAfter,
  ask,
  assess,
  factsOf,
  feeNow,
  forgetfulPolicy,
  pay,
  policy,
  refusalOf,
} from '../../support/account.js';

/** Three fees of 6.00, 9.00 and 3.00; the newest happened first. */
const three = accountAfter([
  assess('a', '6.00', { at: '2026-03-02T09:00:00Z' }),
  assess('b', '9.00', { at: '2026-03-01T09:00:00Z' }),
  assess('c', '3.00', { at: '2026-02-01T09:00:00Z' }),
]);

describe('receivePayment with an external transaction id', () => {
  const online = (paymentId: string, amount: string, more: Partial<CommandOf<'ReceivePayment'>> = {}) =>
    pay(paymentId, amount, { method: 'ONLINE', externalTransactionId: 'x1', ...more });
  const paid = accountAfter([online('p1', '4.00')], policy, three);

  it('is accepted with no events when it comes again with the same amount, under any id', () => {
    expect(decide(online('p2', '4.00'), paid, policy)).toEqual({ accepted: true, events: [] });
    expect(decide(online('p1', '4.00'), paid, policy)).toEqual({ accepted: true, events: [] });
    expect(decide(online('p3', '4', { feeIds: ['c'] }), paid, policy)).toEqual({
      accepted: true,
      events: [],
    });
  });

  it('does not take the id of a command that is accepted without events', () => {
    const account = accountAfter([online('p2', '4.00'), assess('p2', '1.00')], policy, paid);
    expect(feeNow(account, 'p2').owed).toBe('1.00');
  });

  it('is refused with another amount', () => {
    expect(refusalOf(decide(online('p2', '4.01'), paid, policy))).toEqual({
      type: 'ExternalTransactionAlreadyUsed',
      method: 'ONLINE',
      externalTransactionId: 'x1',
      paymentId: 'p1',
      recordedAmount: '4.00',
      amount: '4.01',
    });
  });

  it('is another transaction with another method', () => {
    expect(factsOf(decide(online('p2', '4.00', { method: 'CREDIT_CARD' }), paid, policy))).toHaveLength(1);
  });

  it('is checked before the rules: a webhook comes again although the policy forgot the method', () => {
    expect(decide(online('p2', '4.00'), paid, forgetfulPolicy)).toEqual({ accepted: true, events: [] });
  });

  it('is checked after the id', () => {
    expect(refusalOf(decide(online('a', '4.00'), paid, policy))).toMatchObject({
      type: 'IdAlreadyUsed',
      id: 'a',
    });
  });

  it('is known even when the payment was reversed', () => {
    const reversed = accountAfter([ask('ReversePayment', 'r1', { paymentId: 'p1' })], policy, paid);
    expect(decide(online('p2', '4.00'), reversed, policy)).toEqual({ accepted: true, events: [] });
  });

  it('is known within a list of commands, beside a payment of before that the list reverses', () => {
    const list = [
      ask('ReversePayment', 'r1', { paymentId: 'p1' }),
      online('p2', '1.00', { externalTransactionId: 'x2' }),
      online('p3', '1.00', { externalTransactionId: 'x2' }),
      online('p4', '4.00'),
    ];
    expect(factsOf(decide(list, paid, policy)).map(({ type }) => type)).toEqual([
      'PaymentReversed',
      'PaymentReceived',
    ]);
  });

  it.each(['__proto__', 'constructor', '17'])('can be any string: %s', (externalTransactionId) => {
    const once = accountAfter([online('p2', '1.00', { externalTransactionId })], policy, three);
    const again = online('p3', '1.00', { externalTransactionId });
    expect(decide(again, once, policy)).toEqual({ accepted: true, events: [] });
    expect(decide(again, three, policy).events).toHaveLength(1);
  });

  it('leaves the reference free: two cheques may have the same number', () => {
    const cheques = ['p1', 'p2'].map((id) => pay(id, '1.00', { method: 'CHECK', reference: '7' }));
    expect(factsOf(decide(cheques, three, policy))).toHaveLength(2);
  });
});
