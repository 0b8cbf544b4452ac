import { describe, expect, it } from 'vitest';
import { balancesInMinorUnits, type Command, type CommandOf, decide, fold } from '../../../src/index.js';
import { receipt } from '../../../src/views/index.js';
import {
  acceptedEvents,
  accountAfter,
  ask,
  assess,
  factsOf,
  feeNow,
  forgetfulPolicy,
  pay,
  policy,
  refusalOf,
  repeating,
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

  it('is accepted without events if it is repeated with the same amount, under any id', () => {
    expect(decide(online('p2', '4.00'), paid, policy)).toEqual(repeating('p1', 'payment'));
    expect(decide(online('p1', '4.00'), paid, policy)).toEqual(repeating('p1', 'payment'));
    expect(decide(online('p2', '4'), paid, policy)).toEqual(repeating('p1', 'payment'));
  });

  it('does not use up the id of a command that is accepted without events', () => {
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
      feesNamed: [],
      recordedTotal: null,
      reversed: false,
    });
  });

  it('is another transaction if the method differs', () => {
    expect(factsOf(decide(online('p2', '4.00', { method: 'CREDIT_CARD' }), paid, policy))).toHaveLength(1);
  });

  it('is checked before the rules: a repeated webhook is accepted even if the policy no longer has the method', () => {
    expect(decide(online('p2', '4.00'), paid, forgetfulPolicy)).toEqual(repeating('p1', 'payment'));
  });

  it('is checked after the id', () => {
    expect(refusalOf(decide(online('a', '4.00'), paid, policy))).toMatchObject({
      type: 'IdAlreadyUsed',
      id: 'a',
    });
  });

  it('is refused if the payment was fully reversed, in this list or before; not if partly', () => {
    const reverse = ask('ReversePayment', 'r1', { paymentId: 'p1' });
    const refusal = { type: 'ExternalTransactionAlreadyUsed', paymentId: 'p1', reversed: true };
    const reversed = accountAfter([reverse], policy, paid);
    expect(refusalOf(decide(online('p2', '4.00'), reversed, policy))).toMatchObject(refusal);
    expect(refusalOf(decide([reverse, online('p2', '4.00')], paid, policy))).toMatchObject(refusal);
    const partly = accountAfter([{ ...reverse, amount: '3.99' }], policy, paid);
    expect(decide(online('p2', '4.00'), partly, policy)).toEqual(repeating('p1', 'payment'));
    // The command itself was executed, even though its payment was reversed.
    expect(decide(online('p1', '4.00'), reversed, policy)).toEqual(repeating('p1', 'payment'));
  });

  it('is found within a list of commands, beside an earlier payment that the list partly reverses', () => {
    const list = [
      ask('ReversePayment', 'r1', { paymentId: 'p1', amount: '1' }),
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
    expect(decide(again, once, policy)).toEqual(repeating('p2', 'payment'));
    expect(decide(again, three, policy).events).toHaveLength(1);
  });

  it('does not apply to the reference: two cheques may have the same number', () => {
    const cheques = ['p1', 'p2'].map((id) => pay(id, '1.00', { method: 'CHECK', reference: '7' }));
    expect(factsOf(decide(cheques, three, policy))).toHaveLength(2);
  });
});

describe('a web payment that a client posts in parts with the same id', () => {
  // Fees of 5.00, 5.00 and 2.50: one call for each fee whose whole balance fits, the rest without naming a fee.
  const fees = accountAfter([assess('f1', '5'), assess('f2', '5'), assess('f3', '2.50')]);
  const call = (id: string, amount: string, feeId?: string) =>
    pay(id, amount, {
      method: 'ONLINE',
      externalTransactionId: 'X9',
      ...(feeId === undefined ? {} : { feeIds: [feeId] }),
    });
  const calls: readonly [string, string, string?][] = [
    ['c1', '5.00', 'f1'],
    ['c2', '5.00', 'f2'],
    ['c3', '2.50'],
  ];
  const three = calls.map(([id, amount, feeId]) => call(id, amount, feeId));
  const done = accountAfter(three, policy, fees);
  const used = (paymentId: string, reversed = false) => ({
    type: 'ExternalTransactionAlreadyUsed',
    paymentId,
    reversed,
  });
  const reversed = (paymentId: string) =>
    accountAfter([ask('ReversePayment', 'r', { paymentId })], policy, done);

  it('is recorded whole', () => {
    expect(balancesInMinorUnits(done)).toMatchObject({ payable: 0, active: 0 });
    expect(done.payments.map(({ amount, feesNamed }) => [amount, feesNamed])).toEqual([
      [500, ['f1']],
      [500, ['f2']],
      [250, []],
    ]);
  });

  it.each(calls)(
    'recognises a call repeated under the same id or another one, at once or later: %s',
    (id, amount, feeId) => {
      const position = calls.findIndex(([name]) => name === id);
      const atOnce = accountAfter(three.slice(0, position + 1), policy, fees);
      for (const account of [atOnce, done])
        for (const again of [call(id, amount, feeId), call('retry', amount, feeId)])
          expect(decide(again, account, policy)).toEqual(repeating(id, 'payment'));
      const decision = decide(call('retry', amount, feeId), done, policy);
      const paymentId = decision.accepted ? decision.repeats?.id : undefined;
      expect(receipt(done, policy, { paymentId: paymentId as string })).toMatchObject({
        paymentId: id,
        amount,
      });
    },
  );

  it('recognises a call for the whole payment, beside parts that all named fees, if it says that it is the whole', () => {
    const named = accountAfter(three.slice(0, 2), policy, fees);
    const whole = { ...call('whole', '10.00'), part: 'whole' } as const;
    expect(decide(whole, named, policy)).toEqual(repeating('c2', 'payment'));
    const undone = accountAfter([ask('ReversePayment', 'r', { paymentId: 'c2' })], policy, named);
    expect(refusalOf(decide(whole, undone, policy))).toMatchObject(used('c2', true));
    // Otherwise it could be the rest.
    const unclear = { type: 'TransactionAmbiguous', recordedAmount: '10.00', amount: '10.00' };
    expect(refusalOf(decide(call('whole', '10.00'), named, policy))).toMatchObject(unclear);
  });

  it('refuses a second rest, whatever its amount', () => {
    for (const amount of ['12.50', '10.00', '0.01'])
      expect(refusalOf(decide(call('whole', amount), done, policy))).toMatchObject(used('c3'));
  });

  it.each(calls)('refuses a part that is entered again after it was reversed: %s', (id, amount, feeId) => {
    const refusal = refusalOf(decide(call('again', amount, feeId), reversed(id), policy));
    expect(refusal).toMatchObject(used(id, true));
    const again = pay('again', amount, { method: 'ONLINE', externalTransactionId: 'X9, again' });
    expect(decide(again, reversed(id), policy)).toMatchObject({ events: [{ type: 'PaymentReceived' }] });
  });

  it('refuses a fee that another part named or was spread over, alone or among others', () => {
    const more = accountAfter([assess('f4', '1')], policy, done);
    const naming = (...feeIds: string[]) => ({ ...call('more', '1.00'), feeIds });
    expect(refusalOf(decide(naming('f1'), more, policy))).toMatchObject(used('c1'));
    expect(refusalOf(decide(naming('f4', 'f2'), more, policy))).toMatchObject(used('c2'));
    expect(refusalOf(decide(naming('f3'), more, policy))).toMatchObject(used('c3'));
    // The rest of 2.50 could be the whole of a transaction in which this 1.00 is.
    expect(refusalOf(decide(naming('f4'), more, policy))).toMatchObject({ type: 'TransactionAmbiguous' });
    const named = accountAfter([assess('f4', '1'), ...three.slice(0, 2)], policy, fees);
    expect(decide(naming('f4'), named, policy)).toMatchObject({
      events: [{ type: 'PaymentReceived', data: { feesNamed: ['f4'] } }],
    });
  });

  it('refuses a fee that a part named but did not pay, and one of several fees that it was spread over', () => {
    const naming = (id: string, amount: string, ...feeIds: string[]) => ({ ...call(id, amount), feeIds });
    const first = accountAfter([naming('p', '3', 'f1', 'f2')], policy, fees);
    expect(refusalOf(decide(naming('q', '2', 'f2'), first, policy))).toMatchObject(used('p'));
    const spread = accountAfter([call('p', '10')], policy, fees);
    expect(refusalOf(decide(naming('q', '2', 'f2'), spread, policy))).toMatchObject(used('p'));
  });

  it("refuses a part's amount if it names one more fee", () => {
    const wider = { ...call('q', '5'), feeIds: ['f1', 'f3'] };
    expect(refusalOf(decide(wider, done, policy))).toMatchObject(used('c1'));
  });

  it('compares fee ids as a set, including those of allocations', () => {
    const both = { method: 'ONLINE', externalTransactionId: 'X10' } as const;
    const account = accountAfter([pay('p', '10', { ...both, feeIds: ['f1', 'f2'] })], policy, fees);
    const allocations = [
      { feeId: 'f2', amount: '5' },
      { feeId: 'f1', amount: '5' },
    ];
    expect(decide(pay('q', '10', { ...both, feeIds: ['f2', 'f1'] }), account, policy)).toEqual(
      repeating('p', 'payment'),
    );
    expect(decide(pay('q', '10', { ...both, allocations }), account, policy)).toEqual(
      repeating('p', 'payment'),
    );
  });

  it('is recorded whole in one list that repeats a call', () => {
    const [first, second, rest] = three as [Command, Command, Command];
    const list = [first, { ...first, id: 'twice' }, second, rest, { ...rest, id: 'rest twice' }];
    const decision = decide(list, fees, policy);
    expect(factsOf(decision).map(({ type }) => type)).toEqual(three.map(() => 'PaymentReceived'));
    expect(decision).not.toHaveProperty('repeats');
    expect(decide(list.slice(1), done, policy)).toEqual(repeating('c1', 'payment'));
  });

  it('folds whatever was recorded under the same id', () => {
    const twice = [call('a', '1.00'), call('b', '1.00')].flatMap((command) =>
      acceptedEvents(decide(command, fees, policy)),
    );
    const account = fold(twice, fees);
    expect(account.payments).toHaveLength(2);
    expect(decide(call('c', '1.00'), account, policy)).toEqual(repeating('a', 'payment'));
  });
});
