import { describe, expect, it } from 'vitest';
import { takeBackAccrued, takeBackAfterEnd } from '../../src/account/closing.js';
import { type AccountEvent, balancesInMinorUnits, type Command, decide, findFee } from '../../src/index.js';
import {
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
  transfer,
  waive,
} from '../support/account.js';
import { contextOf } from '../support/context.js';
import { accountOf, assessed, event, paid } from '../support/events.js';

const closed = { remaining: '0.00', owed: '0.00', status: 'closed' };
const credit = (creditId: string, more: object) =>
  ask('IssueCredit', creditId, { amount: '40', ...more } as never);
const applied = (applicationId: string, creditId: string, amount: string, more = {}) =>
  fact('CreditApplied', { applicationId, creditId, allocations: [{ feeId: 'lost', amount }], ...more });
const bringBack = ask('ReturnLostItem', 'b1', { feeIds: ['lost'] });
const bounce = (id: string, paymentId: string) => ask('ReversePayment', id, { paymentId });
const refund = (id: string, creditId: string, amount?: string) =>
  ask('RefundCredit', id, { creditId, method: 'CASH', ...(amount === undefined ? {} : { amount }) });

describe('when anything but a waiver brings the owed amount to 0 and a reserved credit is unused', () => {
  /** 60.00; 20.00 of it were waived. */
  const waived = accountAfter([assessLost('lost', '60'), waive('w1', 'lost', '20')]);

  it.each<[string, readonly Command[], Command]>([
    ['a payment', [], pay('x1', '40')],
    [
      'goodwill',
      [credit('g1', { cause: 'manual', reason: 'GOODWILL' })],
      ask('ApplyCredit', 'x1', { creditId: 'g1' }),
    ],
    ['money owed back', [credit('i1', { cause: 'imported' })], ask('ApplyCredit', 'x1', { creditId: 'i1' })],
    ['a cancellation', [], ask('CancelFee', 'x1', { feeId: 'lost' })],
    ['a returned item', [], bringBack],
    ['a transfer', [], ask('TransferFees', 'x1', { fees: [{ feeId: 'lost' }], expectsSettlement: false })],
    [
      'an upheld dispute that cancels',
      [ask('DisputeFee', 'd1', { feeId: 'lost' })],
      ask('ResolveDispute', 'x1', { feeId: 'lost', outcome: 'patronUpheld', remedy: 'cancel' }),
    ],
  ])('the credit is applied, so both rows close: %s', (_, before, command) => {
    const account = accountAfter([...before, command], policy, waived);
    expect(feeNow(account, 'lost')).toEqual(closed);
    expect(creditNow(account, 'w1')).toEqual({ purpose: 'setOff', unused: '0.00', status: 'closed' });
  });

  it('records the time and the actor of the command on the application, but not its comments', () => {
    const by = { channel: 'desk', userId: 'clerk' } as const;
    const command = pay('p1', '40', { by, reason: 'r', comment: 'c', staffNote: 's' });
    expect(factsOf(decide(command, waived, policy)).at(-1)).toEqual(applied('p1#1', 'w1', '20.00', { by }));
  });

  it('applies every reserved credit, oldest first, each by its own event', () => {
    const account = accountAfter([waive('w2', 'lost', '10')], policy, waived);
    expect(factsOf(decide(pay('p1', '30'), account, policy)).slice(1)).toEqual([
      applied('p1#1', 'w1', '20.00'),
      applied('p1#2', 'w2', '10.00'),
    ]);
  });

  it('skips a reserved credit that is used up', () => {
    const account = accountAfter(
      [ask('ApplyCredit', 'y1', { creditId: 'w1' }), waive('w2', 'lost', '10')],
      policy,
      waived,
    );
    expect(factsOf(decide(pay('p1', '30'), account, policy)).slice(1)).toEqual([
      applied('p1#1', 'w2', '10.00'),
    ]);
  });

  it('applies nothing while anything is owed', () => {
    const account = accountAfter([pay('p1', '39.99')], policy, waived);
    expect(feeNow(account, 'lost')).toEqual({ remaining: '20.01', owed: '0.01', status: 'active' });
  });

  it('a waiver does not trigger it: a fee waived in full keeps its unused credits', () => {
    const account = accountAfter([pay('p1', '15'), waive('w2', 'lost')], policy, waived);
    expect(feeNow(account, 'lost')).toEqual({ remaining: '45.00', owed: '0.00', status: 'active' });
    expect(creditNow(account, 'w2')).toEqual({ purpose: 'setOff', unused: '25.00', status: 'active' });
  });

  it('an upheld dispute with a waiver does not trigger it either', () => {
    const account = accountAfter(
      [
        ask('DisputeFee', 'd1', { feeId: 'lost' }),
        ask('ResolveDispute', 'x1', {
          feeId: 'lost',
          outcome: 'patronUpheld',
          remedy: 'waive',
          reason: 'OTHER',
        }),
      ],
      policy,
      waived,
    );
    expect(feeNow(account, 'lost')).toEqual({ remaining: '60.00', owed: '0.00', status: 'active' });
  });

  it('closes fees after each command of a list, not only at the end', () => {
    const list = [pay('p1', '40'), waive('w2', 'other')];
    const account = accountAfter([assess('other', '5')], policy, waived);
    const events = decide(list, account, policy).events;
    expect(events.map(({ type, metadata }) => [type, metadata?.commandId])).toEqual([
      ['PaymentReceived', 'p1'],
      ['CreditApplied', 'p1'],
      ['FeeWaived', 'w2'],
    ]);
  });

  it('does not use the reserved credits of other fees', () => {
    const account = accountAfter(
      [assessLost('other', '10'), waive('w2', 'other', '4'), pay('p1', '40', { feeIds: ['lost'] })],
      policy,
      waived,
    );
    expect(creditNow(account, 'w2').unused).toBe('4.00');
  });
});

describe('when givenBack of a fee exceeds its moneyIn', () => {
  const returned = (percent: string, ...payments: Command[]) =>
    accountAfter([assessLost('lost', '60', percent), ...payments, bringBack]);

  it('a returned item costs no more when the payment bounces after the return', () => {
    const account = returned('LOST100', pay('p1', '60'));
    expect(factsOf(decide(bounce('x1', 'p1'), account, policy))).toEqual([
      fact('PaymentReversed', {
        reversalId: 'x1',
        paymentId: 'p1',
        amount: '60.00',
        allocations: [{ feeId: 'lost', amount: '60.00' }],
        method: 'CASH',
      }),
      applied('x1#1', 'b1#1', '60.00'),
    ]);
    expect(feeNow(accountAfter([bounce('x1', 'p1')], policy, account), 'lost')).toEqual(closed);
  });

  it('half of the fee is owed if half of the payment would have been given back', () => {
    const account = accountAfter([bounce('x1', 'p1')], policy, returned('LOST50', pay('p1', '60')));
    expect(feeNow(account, 'lost')).toEqual({ remaining: '30.00', owed: '30.00', status: 'active' });
    expect(creditNow(account, 'b1#1').status).toBe('closed');
    expect(balancesInMinorUnits(account)).toMatchObject({ active: 3000, owed: 3000 });
  });

  it('only the amount refunded in cash is owed again', () => {
    const all = returned('LOST100', pay('p1', '60'));
    const partly = accountAfter([refund('c1', 'b1#1', '25'), bounce('x1', 'p1')], policy, all);
    expect(feeNow(partly, 'lost').owed).toBe('25.00');
    const wholly = accountAfter([refund('c1', 'b1#1'), bounce('x1', 'p1')], policy, all);
    expect(feeNow(wholly, 'lost').owed).toBe('60.00');
  });

  it('is settled at once when the refund is undone after the payment was reversed', () => {
    const account = accountAfter(
      [refund('c1', 'b1#1'), bounce('x1', 'p1'), ask('ReverseRefund', 'u1', { refundId: 'c1' })],
      policy,
      returned('LOST100', pay('p1', '60')),
    );
    expect(feeNow(account, 'lost')).toEqual(closed);
  });

  it('uses no more than the excess: with one of two cheques bounced, the other still covers its part', () => {
    const account = returned('LOST50', pay('p1', '50'), pay('p2', '10'));
    const bounced = accountAfter([bounce('x1', 'p1')], policy, account);
    expect(findFee(bounced, 'lost')).toMatchObject({
      paid: 1000,
      givenBack: 3000,
      settledByCredit: { refundable: 2000 },
    });
    expect(feeNow(bounced, 'lost').owed).toBe('30.00');
    expect(creditNow(bounced, 'b1#1').unused).toBe('10.00');
  });

  it('uses the unused refundable credits of the fee, oldest first, and not those of other fees', () => {
    const account = accountAfter([
      assessLost('lost', '60'),
      assessLost('other', '7'),
      pay('p1', '60', { feeIds: ['lost'] }),
      pay('p2', '7'),
      ask('CancelFee', 'k1', { feeId: 'lost', amount: '15' }),
      ask('ReturnLostItem', 'b1', { feeIds: ['other', 'lost'] }),
      ask('IssueCredit', 'i1', { cause: 'imported', amount: '99' }),
    ]);
    expect(factsOf(decide(bounce('x1', 'p1'), account, policy)).slice(1)).toEqual([
      applied('x1#1', 'k1#1', '15.00'),
      applied('x1#2', 'b1#3', '45.00'),
    ]);
  });

  it('uses no more than is owed: a part that was waived later needs no credit', () => {
    const account = accountAfter(
      [
        refund('c1', 'b1#1'),
        bounce('x1', 'p1'),
        waive('w1', 'lost', '45'),
        ask('ReverseRefund', 'u1', { refundId: 'c1' }),
      ],
      policy,
      returned('LOST100', pay('p1', '60')),
    );
    expect(creditNow(account, 'b1#1').unused).toBe('45.00');
    expect(feeNow(account, 'lost')).toEqual(closed);
  });

  it('skips external credits: a transferred amount is not money', () => {
    const account = accountAfter([
      assessLost('lost', '60'),
      transfer('t1', 'lost', '20'),
      pay('p1', '40'),
      bringBack,
      bounce('x1', 'p1'),
    ]);
    expect(feeNow(account, 'lost')).toEqual({ remaining: '0.00', owed: '0.00', status: 'transferred' });
    expect(creditNow(account, 'b1#1')).toEqual({ purpose: 'external', unused: '20.00', status: 'active' });
  });

  it('comes before the rule for reserved credits, which then finds nothing owed', () => {
    const account = accountAfter([
      assessLost('lost', '60'),
      pay('p1', '40'),
      waive('w1', 'lost'),
      bringBack,
      bounce('x1', 'p1'),
    ]);
    expect(feeNow(account, 'lost')).toEqual(closed);
    expect(creditNow(account, 'w1').status).toBe('closed');
  });

  it('closes every fee that the decision touched, not only the first', () => {
    const both = [assessLost('lost', '60'), assessLost('other', '30'), pay('p1', '90')];
    const home = ask('ReturnLostItem', 'b1', { feeIds: ['lost', 'other'] });
    const account = accountAfter([...both, home, bounce('r1', 'p1')]);
    expect(feeNow(account, 'lost')).toEqual(closed);
    expect(feeNow(account, 'other')).toEqual(closed);
    expect(balancesInMinorUnits(account)).toMatchObject({ active: 0, owed: 0 });
    const waived = accountAfter([...both.slice(0, 2), waive('w1', 'lost', '20'), waive('w2', 'other', '20')]);
    const paid = accountAfter([pay('p1', '50')], policy, waived);
    expect(creditNow(paid, 'w1').status).toBe('closed');
    expect(creditNow(paid, 'w2').status).toBe('closed');
  });
});

const fine = assessed('f1', '10.00', { accruing: true });
const facts = (events: readonly AccountEvent[]) =>
  events.map(({ type, data }) => [type, 'amount' in data ? data.amount : null]);
const takenBack = (history: readonly AccountEvent[], total: number, recorded: 'always' | 'ifTaken') => {
  const context = contextOf(accountOf(...history));
  takeBackAccrued(context, 'f1', total, recorded);
  return facts(context.events);
};

describe('takeBackAccrued', () => {
  it('reduces the owed amount, then gives back the paid one', () => {
    const history = [fine, paid('p1', 'f1', '7.00')];
    expect(takenBack(history, 800, 'ifTaken')).toEqual([['FeeCancelled', '2.00']]);
    expect(takenBack(history, 500, 'ifTaken')).toEqual([
      ['FeeCancelled', '3.00'],
      ['CreditIssued', '2.00'],
    ]);
  });

  it('leaves what is owed only because more was given back than came in', () => {
    const history = [
      fine,
      paid('p1', 'f1', '4.00'),
      event('CreditIssued', {
        creditId: 'c1',
        feeId: 'f1',
        amount: '3.00',
        cause: 'cancelled',
        purpose: 'refundable',
      }),
      event('PaymentReversed', {
        reversalId: 'r1',
        paymentId: 'p1',
        amount: '4.00',
        method: 'CASH',
        allocations: [{ feeId: 'f1', amount: '4.00' }],
      }),
    ];
    expect(takenBack(history, 0, 'ifTaken')).toEqual([['FeeCancelled', '7.00']]);
  });

  it('gives back nothing for a waived amount, and records the total only if asked to', () => {
    const history = [fine, event('FeeWaived', { waiverId: 'w1', feeId: 'f1', amount: '10.00' })];
    expect(takenBack(history, 500, 'ifTaken')).toEqual([]);
    expect(takenBack(history, 500, 'always')).toEqual([['FeeCancelled', '0.00']]);
  });
});

describe('takeBackAfterEnd', () => {
  const ended = event('AccrualEnded', { endId: 'e1', feeId: 'f1', cause: 'returned', total: '4.00' });
  const taken = (...history: readonly AccountEvent[]) => {
    const context = contextOf(accountOf(...history));
    takeBackAfterEnd(context, 'f1');
    return facts(context.events);
  };

  it('reduces an ended fine to its total, but by no more than is owed', () => {
    expect(taken(fine, ended)).toEqual([['FeeCancelled', '6.00']]);
    expect(taken(fine, paid('p1', 'f1', '7.00'), ended)).toEqual([['FeeCancelled', '3.00']]);
    expect(taken(fine, paid('p1', 'f1', '10.00'), ended)).toEqual([]);
  });

  it('does not touch a fine that grows, a fine within its total, or a fee charged once', () => {
    expect(taken(fine)).toEqual([]);
    expect(taken(assessed('f1', '3.00', { accruing: true }), ended)).toEqual([]);
    expect(taken(assessed('f1', '10.00'))).toEqual([]);
  });
});
