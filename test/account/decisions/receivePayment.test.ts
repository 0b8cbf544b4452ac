import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  balancesInMinorUnits,
  type Command,
  decide,
  emptyAccount,
  fold,
  formatAmount,
  minorDigits,
  type PaymentOrder,
  paymentOrders,
} from '../../../src/index.js';
import {
  acceptedEvents,
  accountAfter,
  ask,
  assess,
  assessLost,
  creditNow,
  fact,
  factsOf,
  feeNow,
  pay,
  policy,
  policyWith,
  refusalOf,
  transfer,
  waive,
} from '../../support/account.js';
import { LAW_TIMEOUT_MS, seeded } from '../../support/seeded.js';
import { anyPolicy, moves, runMoves } from '../../support/stories.js';

/** Three fees of 6.00, 9.00 and 3.00; the newest happened first. */
const three = accountAfter([
  assess('a', '6.00', { at: '2026-03-02T09:00:00Z' }),
  assess('b', '9.00', { at: '2026-03-01T09:00:00Z' }),
  assess('c', '3.00', { at: '2026-02-01T09:00:00Z' }),
]);

function received(paymentId: string, amount: string, parts: Readonly<Record<string, string>>, more = {}) {
  const allocations = Object.entries(parts).map(([feeId, part]) => ({ feeId, amount: part }));
  return fact('PaymentReceived', { paymentId, amount, method: 'CASH', allocations, ...more });
}

describe('receivePayment', () => {
  it('a payment of 22.23 on 25.00 leaves 2.77', () => {
    const before = accountAfter([assess('f1', '25.00')]);
    const decision = decide(pay('p1', '22.23'), before, policy);
    expect(factsOf(decision)).toEqual([received('p1', '22.23', { f1: '22.23' })]);
    expect(feeNow(accountAfter([pay('p1', '22.23')], policy, before), 'f1')).toEqual({
      remaining: '2.77',
      owed: '2.77',
      status: 'active',
    });
  });

  it('400 + 10 + 55 - 50 leaves 415', () => {
    const account = accountAfter([
      assess('f1', '400'),
      assess('f2', '10'),
      assess('f3', '55'),
      pay('p1', '50'),
    ]);
    expect(balancesInMinorUnits(account)).toMatchObject({ active: 41_500, payable: 41_500 });
  });

  it('keeps the method, the external transaction id, the free reference and the comments', () => {
    const details = {
      method: 'CHECK',
      externalTransactionId: 'x1',
      reference: 'cheque 7',
      reason: 'at last',
      comment: 'thanks',
      staffNote: 'signature checked',
      by: { channel: 'desk', desk: 'CIRC' },
    } as const;
    expect(factsOf(decide(pay('p1', '1.00', details), three, policy))).toEqual([
      received('p1', '1.00', { a: '1.00' }, { ...details, feesNamed: [] }),
    ]);
  });
});

describe('receivePayment with allocations', () => {
  it('is refused for the fee whose allocation is too large, before the sum is checked', () => {
    const command = pay('p1', '5.00', { allocations: [{ feeId: 'a', amount: '99.00' }] });
    expect(refusalOf(decide(command, three, policy))).toEqual({
      type: 'PaymentExceedsOwed',
      feeId: 'a',
      amount: '99.00',
      owed: '6.00',
    });
  });
});

describe('receivePayment without allocations', () => {
  const partsByOrder: Readonly<Record<PaymentOrder, Readonly<Record<string, string>>>> = {
    'oldest-first': { a: '6.00', b: '4.00' },
    'newest-first': { b: '7.00', c: '3.00' },
    'largest-first': { a: '1.00', b: '9.00' },
    'smallest-first': { a: '6.00', b: '1.00', c: '3.00' },
    proportional: { a: '3.33', b: '5.00', c: '1.67' },
    evenly: { a: '3.50', b: '3.50', c: '3.00' },
  };

  it.each(paymentOrders)('splits over all payable fees %s, by stream order and not by `at`', (order) => {
    const decision = decide(pay('p1', '10.00', { order }), three, policy);
    expect(factsOf(decision)).toEqual([received('p1', '10.00', partsByOrder[order])]);
  });

  it('uses the default order of the policy, oldest-first', () => {
    const decision = decide(pay('p1', '10.00'), three, policy);
    expect(factsOf(decision)).toEqual([received('p1', '10.00', partsByOrder['oldest-first'])]);
  });

  it("follows the policy's order when the command names none", () => {
    const decision = decide(pay('p1', '10.00'), three, policyWith({ paymentOrder: 'largest-first' }));
    expect(factsOf(decision)).toEqual([received('p1', '10.00', { a: '1.00', b: '9.00' })]);
  });

  it('splits over the named fees only, in stream order', () => {
    expect(factsOf(decide(pay('p1', '10.00', { feeIds: ['c', 'b'] }), three, policy))).toEqual([
      received('p1', '10.00', { b: '9.00', c: '1.00' }),
    ]);
  });

  it('has no line for a share of zero, or for disputed or closed fees', () => {
    const account = accountAfter([ask('DisputeFee', 'd1', { feeId: 'a' }), waive('w1', 'b')], policy, three);
    expect(factsOf(decide(pay('p1', '3.00'), account, policy))).toEqual([
      received('p1', '3.00', { c: '3.00' }),
    ]);
  });

  it('pays the owed amount of a lost-item fee, not the remaining one: a waived part is not paid', () => {
    const account = accountAfter([assessLost('lost', '60'), waive('w1', 'lost', '20')]);
    expect(refusalOf(decide(pay('p1', '40.01'), account, policy))).toEqual({
      type: 'PaymentExceedsOwed',
      feeId: null,
      amount: '40.01',
      owed: '40.00',
    });
    expect(decide(pay('p1', '40.00'), account, policy).accepted).toBe(true);
  });

  it.each([
    [{}, '18.00'],
    [{ feeIds: ['a', 'c'] }, '9.00'],
  ])('is refused if the amount exceeds the owed amount (%j)', (named, owed) => {
    expect(refusalOf(decide(pay('p1', '18.01', named), three, policy))).toEqual({
      type: 'PaymentExceedsOwed',
      feeId: null,
      amount: '18.01',
      owed,
    });
  });

  it('is refused for a named fee that does not exist', () => {
    expect(refusalOf(decide(pay('p1', '1.00', { feeIds: ['a', 'x'] }), three, policy))).toEqual({
      type: 'FeeNotFound',
      feeId: 'x',
    });
  });

  it('is refused for a named fee that is disputed', () => {
    const account = accountAfter([ask('DisputeFee', 'd1', { feeId: 'a' })], policy, three);
    expect(refusalOf(decide(pay('p1', '1.00', { feeIds: ['a', 'b'] }), account, policy))).toEqual({
      type: 'FeeIsDisputed',
      feeId: 'a',
    });
  });
});

describe('receivePayment with explicit allocations', () => {
  const parts = (amounts: Readonly<Record<string, string>>) => ({
    allocations: Object.entries(amounts).map(([feeId, amount]) => ({ feeId, amount })),
  });

  it('follows them', () => {
    const command = pay('p1', '4.00', parts({ c: '1', a: '3' }));
    expect(factsOf(decide(command, three, policy))).toEqual([
      received('p1', '4.00', { c: '1.00', a: '3.00' }),
    ]);
  });

  it('is refused for an allocation above the owed amount', () => {
    const command = pay('p1', '7.00', parts({ a: '6.01', b: '0.99' }));
    expect(refusalOf(decide(command, three, policy))).toEqual({
      type: 'PaymentExceedsOwed',
      feeId: 'a',
      amount: '6.01',
      owed: '6.00',
    });
  });

  it('is refused for an allocation to a disputed fee', () => {
    const account = accountAfter([ask('DisputeFee', 'd1', { feeId: 'a' })], policy, three);
    expect(refusalOf(decide(pay('p1', '1.00', parts({ a: '1.00' })), account, policy))).toEqual({
      type: 'FeeIsDisputed',
      feeId: 'a',
    });
  });

  it('is refused for an allocation to a fee that does not exist, even if the rest may become a credit', () => {
    const command = pay('p1', '1.00', { ...parts({ x: '1.00' }), overpayment: 'credit' });
    expect(refusalOf(decide(command, three, policy))).toEqual({ type: 'FeeNotFound', feeId: 'x' });
  });

  it.each([
    ['less', '5.00', 'refuse', parts({ a: '4.99' }), '4.99'],
    ['more', '5.00', 'refuse', parts({ a: '5.01' }), '5.01'],
    ['more', '5.00', 'credit', parts({ a: '3.00', b: '2.01' }), '5.01'],
    ['nothing', '5.00', 'refuse', parts({}), '0.00'],
  ] as const)(
    'is refused if their sum is %s than %s (overpayment: %s)',
    (_, amount, overpayment, given, allocated) => {
      expect(refusalOf(decide(pay('p1', amount, { ...given, overpayment }), three, policy))).toEqual({
        type: 'AllocationsDoNotAddUp',
        amount,
        allocated,
      });
    },
  );

  it('keeps the rest of the amount as a credit if overpayment is allowed', () => {
    const command = pay('p1', '5.00', { ...parts({ a: '3.00' }), overpayment: 'credit' });
    expect(factsOf(decide(command, three, policy))).toEqual([
      received('p1', '5.00', { a: '3.00' }, { overpayment: { creditId: 'p1#1', amount: '2.00' } }),
    ]);
  });

  it('limits each to the owed amount of its fee and keeps the rest if overpayment is allowed', () => {
    const account = accountAfter([ask('DisputeFee', 'd1', { feeId: 'b' })], policy, three);
    const command = pay('p1', '11.00', { ...parts({ a: '9.00', b: '2.00' }), overpayment: 'credit' });
    expect(factsOf(decide(command, account, policy))).toEqual([
      received('p1', '11.00', { a: '6.00' }, { overpayment: { creditId: 'p1#1', amount: '5.00' } }),
    ]);
  });
});

describe('receivePayment above the owed amount', () => {
  const overpaid = { overpayment: { creditId: 'p1#1', amount: '2.00' } };

  it('keeps the rest as a refundable credit if the policy allows it', () => {
    const keeping = policyWith({ overpayment: 'credit' });
    expect(factsOf(decide(pay('p1', '20.00'), three, keeping))).toEqual([
      received('p1', '20.00', { a: '6.00', b: '9.00', c: '3.00' }, overpaid),
    ]);
    expect(creditNow(accountAfter([pay('p1', '20.00')], keeping, three), 'p1#1')).toEqual({
      purpose: 'refundable',
      unused: '2.00',
      status: 'active',
    });
  });

  it('keeps the rest if the command asks for it', () => {
    expect(factsOf(decide(pay('p1', '20.00', { overpayment: 'credit' }), three, policy))).toEqual([
      received('p1', '20.00', { a: '6.00', b: '9.00', c: '3.00' }, overpaid),
    ]);
  });

  it('is refused if the command asks for that, whatever the policy says', () => {
    const command = pay('p1', '20.00', { overpayment: 'refuse' });
    expect(refusalOf(decide(command, three, policyWith({ overpayment: 'credit' })))).toMatchObject({
      type: 'PaymentExceedsOwed',
    });
  });

  it.each<[string, Command]>([
    ['waived', waive('w1', 'a')],
    ['disputed', ask('DisputeFee', 'd1', { feeId: 'a' })],
    ['closed', pay('p0', '6.00', { feeIds: ['a'] })],
    ['cancelled', ask('CancelFee', 'x1', { feeId: 'a' })],
    ['transferred', transfer('t1', 'a')],
  ])('keeps all of it as a credit if the fee is %s in the meantime', (_, meanwhile) => {
    const account = accountAfter([meanwhile], policy, three);
    const whole = { overpayment: { creditId: 'p1#1', amount: '6.00' } };
    const named = pay('p1', '6.00', { feeIds: ['a'], overpayment: 'credit' });
    const allocated = pay('p1', '6.00', {
      allocations: [{ feeId: 'a', amount: '6.00' }],
      overpayment: 'credit',
    });
    expect(factsOf(decide(named, account, policy))).toEqual([received('p1', '6.00', {}, whole)]);
    expect(factsOf(decide(allocated, account, policy))).toEqual([received('p1', '6.00', {}, whole)]);
  });

  it('records every payment of any amount when it may become a credit (property)', {
    timeout: LAW_TIMEOUT_MS,
  }, () => {
    fc.assert(
      fc.property(
        moves(15),
        anyPolicy,
        fc.integer({ min: 1, max: 99_999 }),
        fc.nat(20),
        (story, rules, amount, pick) => {
          const account = runMoves(story, rules).at(-1)?.after ?? emptyAccount();
          fc.pre(account.currency === null || account.currency === rules.currency);
          const fee = account.fees[pick];
          const paid = formatAmount(amount, minorDigits(rules.currency) as number);
          const named = fee === undefined ? {} : { feeIds: [fee.feeId] };
          const decision = decide(pay('paid', paid, { ...named, overpayment: 'credit' }), account, rules);
          expect(acceptedEvents(decision)[0]).toMatchObject({
            type: 'PaymentReceived',
            data: { amount: paid },
          });
        },
      ),
      seeded('money in hand must always be recordable'),
    );
  });
});

describe('receivePayment by a method', () => {
  it.each(['BARTER', 'constructor', '__proto__'])(
    'is refused if the policy does not have it: %s',
    (method) => {
      expect(refusalOf(decide(pay('p1', '1.00', { method }), three, policy))).toEqual({
        type: 'PaymentMethodUnknown',
        known: expect.anything(),
        method,
      });
    },
  );
});

describe('receivePayment from a patron', () => {
  const closed = policyWith({ onlinePayments: false });

  it.each(['online', 'selfCheck'] as const)('is refused if nothing is paid here: %s', (channel) => {
    const paid = pay('p1', '1.00', { by: { channel } });
    const rejection = { type: 'OnlinePaymentsOff', channel };
    expect(refusalOf(decide(paid, three, closed))).toEqual(rejection);
    expect(decide(paid, three, policy).accepted).toBe(true);
  });

  it.each(['desk', 'job', 'import'] as const)('is not one through the channel %s', (channel) => {
    expect(decide(pay('p1', '1.00', { by: { channel } }), three, closed).accepted).toBe(true);
    expect(decide(pay('p1', '1.00'), three, closed).accepted).toBe(true);
  });

  it('is recognised as a repeat although it would be refused now', () => {
    const provider = { by: { channel: 'online' as const }, externalTransactionId: 'tx' };
    const first = decide(pay('p1', '1.00', provider), three, policy);
    const account = fold(acceptedEvents(first), three);
    for (const id of ['p1', 'p2'])
      expect(decide(pay(id, '1.00', provider), account, closed)).toMatchObject({ repeats: { id: 'p1' } });
  });
});
