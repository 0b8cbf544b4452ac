import { describe, expect, it } from 'vitest';
import { balancesInMinorUnits, type CommandOf, decide, findFee, findPayment } from '../../../src/index.js';
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
  policyWith,
  refusalOf,
  waive,
} from '../../support/account.js';
import { LAW_TIMEOUT_MS } from '../../support/seeded.js';
import { expectUndoing } from '../../support/undoing.js';

const reverse = (more: Partial<CommandOf<'ReversePayment'>> = {}) =>
  ask('ReversePayment', 'r1', { paymentId: 'p1', ...more });
const reversed = (amount: string, parts: Readonly<Record<string, string>>, more = {}) =>
  fact('PaymentReversed', {
    reversalId: 'r1',
    paymentId: 'p1',
    amount,
    allocations: Object.entries(parts).map(([feeId, part]) => ({ feeId, amount: part })),
    method: 'CASH',
    ...more,
  });
const overpayment = (amount: string) => ({ overpayment: { creditId: 'p1#1', amount } });

/** 20.00: 6.00 paid fee a, 9.00 paid fee b, and 5.00 became a credit. */
const paid = accountAfter([assess('a', '6'), assess('b', '9'), pay('p1', '20', { overpayment: 'credit' })]);

describe('reversePayment', () => {
  it('undoes a payment in full: fees reopen as before, the unused overpayment credit is withdrawn', () => {
    const command = reverse({ reason: 'bounced', comment: 'the cheque bounced' });
    expect(factsOf(decide(command, paid, policy))).toEqual([
      reversed(
        '20.00',
        { b: '9.00', a: '6.00' },
        {
          ...overpayment('5.00'),
          reason: 'bounced',
          comment: 'the cheque bounced',
        },
      ),
    ]);
    const after = accountAfter([command], policy, paid);
    expect(feeNow(after, 'a')).toEqual({ remaining: '6.00', owed: '6.00', status: 'active' });
    expect(creditNow(after, 'p1#1')).toEqual({ purpose: 'refundable', unused: '0.00', status: 'closed' });
  });

  it.each([
    ['4.00', {}, overpayment('4.00')],
    ['5.00', {}, overpayment('5.00')],
    ['8.00', { b: '3.00' }, overpayment('5.00')],
    ['14.00', { b: '9.00' }, overpayment('5.00')],
    ['15.00', { b: '9.00', a: '1.00' }, overpayment('5.00')],
  ])(
    'undoes an amount: the overpayment credit first, then allocations last to first: %s',
    (amount, parts, credit) => {
      expect(factsOf(decide(reverse({ amount }), paid, policy))).toEqual([reversed(amount, parts, credit)]);
    },
  );

  it('continues where the last reversal ended', () => {
    const account = accountAfter([{ ...reverse({ amount: '8' }), id: 'r0' }], policy, paid);
    expect(factsOf(decide(reverse(), account, policy))).toEqual([
      reversed('12.00', { b: '6.00', a: '6.00' }),
    ]);
    expect(refusalOf(decide(reverse({ amount: '12.01' }), account, policy))).toEqual({
      type: 'ReversalExceedsPayment',
      paymentId: 'p1',
      amount: '12.01',
      reversible: '12.00',
    });
  });

  it('uses the method of the payment, or another one named by the command', () => {
    expect(factsOf(decide(reverse({ method: 'ONLINE' }), paid, policy))).toMatchObject([
      { data: { method: 'ONLINE' } },
    ]);
    const byCheque = accountAfter([assess('a', '6'), pay('p1', '6', { method: 'CHECK' })]);
    expect(factsOf(decide(reverse(), byCheque, policy))).toMatchObject([{ data: { method: 'CHECK' } }]);
    expect(factsOf(decide(reverse(), byCheque, forgetfulPolicy))).toMatchObject([
      { data: { method: 'CHECK' } },
    ]);
  });

  it('reopens a fee as disputed when it is disputed', () => {
    const account = accountAfter([
      assess('a', '6'),
      pay('p1', '4'),
      ask('DisputeFee', 'd1', { feeId: 'a' }),
      reverse(),
    ]);
    expect(feeNow(account, 'a')).toEqual({ remaining: '6.00', owed: '6.00', status: 'disputed' });
    expect(balancesInMinorUnits(account)).toMatchObject({ active: 0, disputed: 600 });
  });

  it('works if the policy no longer has the types and methods', () => {
    expect(factsOf(decide(reverse(), paid, forgetfulPolicy))).toMatchObject([{ data: { method: 'CASH' } }]);
  });

  it.each(['BARTER', 'constructor'])(
    'is refused for an unknown method that the command names: %s',
    (method) => {
      expect(refusalOf(decide(reverse({ method }), paid, policy))).toEqual({
        type: 'PaymentMethodUnknown',
        known: expect.anything(),
        method,
      });
    },
  );

  it('is refused if it is already undone', () => {
    const account = accountAfter([{ ...reverse(), id: 'r0' }], policy, paid);
    expect(refusalOf(decide(reverse(), account, policy))).toEqual({ type: 'AlreadyUndone', id: 'p1' });
  });

  it('is refused for a payment that does not exist', () => {
    expect(refusalOf(decide(reverse({ paymentId: 'a' }), paid, policy))).toEqual({
      type: 'PaymentNotFound',
      paymentId: 'a',
    });
  });

  it('restores exactly the balances and the owed amount from before the payment (property)', {
    timeout: LAW_TIMEOUT_MS,
  }, async () => {
    await expectUndoing(
      'ReceivePayment',
      ['pay', 'payWhole', 'payAll', 'payAllocated', 'overpay'],
      ({ id }) => [ask('ReversePayment', 'undo', { paymentId: id })],
    );
  });
});

describe('reversePayment if the overpayment credit is used', () => {
  const used = accountAfter(
    [ask('RefundCredit', 'c1', { creditId: 'p1#1', amount: '3', method: 'CASH' })],
    policy,
    paid,
  );
  const shortfallFee = { feeId: 'short', feeType: 'SERVICEFEE', owner: 'BRANCH' };
  const charged = (amount: string, more = {}) =>
    fact('FeeAssessed', { feeId: 'short', feeType: 'SERVICEFEE', amount, owner: 'BRANCH', ...more });

  it('is refused: undo the use first', () => {
    expect(refusalOf(decide(reverse(), used, policy))).toEqual({
      type: 'CreditInUse',
      creditId: 'p1#1',
      amount: '5.00',
      unused: '2.00',
    });
    const undone = accountAfter([ask('ReverseRefund', 'u1', { refundId: 'c1' }), reverse()], policy, used);
    expect(balancesInMinorUnits(undone)).toMatchObject({ active: 1500, owed: 1500 });
  });

  it('undoes the unused part without further options', () => {
    expect(factsOf(decide(reverse({ amount: '2' }), used, policy))).toEqual([
      reversed('2.00', {}, overpayment('2.00')),
    ]);
  });

  it('charges the shortfall to a new fee if one is named', () => {
    expect(factsOf(decide(reverse({ shortfallFee }), used, policy))).toEqual([
      charged('3.00'),
      reversed(
        '20.00',
        { b: '9.00', a: '6.00' },
        {
          ...overpayment('2.00'),
          shortfall: { feeId: 'short', amount: '3.00', creditId: 'p1#1' },
        },
      ),
    ]);
    const after = accountAfter([reverse({ shortfallFee })], policy, used);
    expect(feeNow(after, 'short')).toEqual({ remaining: '3.00', owed: '3.00', status: 'active' });
    expect(findFee(after, 'short')?.givenBack).toBe(300);
    expect(findPayment(after, 'p1')?.overpayment?.reversed).toBe(500);
    expect(balancesInMinorUnits(after)).toMatchObject({ active: 1800, owed: 1800 });
  });

  it('charges the shortfall without tax, even to a fee type with tax: the money was paid out before', () => {
    const taxed = policyWith({ feeTypes: { SERVICEFEE: { label: 'Service', vatPercent: 19 } } });
    expect(factsOf(decide(reverse({ shortfallFee }), used, taxed))[0]).toEqual(charged('3.00'));
    expect(
      factsOf(decide(assess('new', '3.00', { feeType: 'SERVICEFEE' }), used, taxed))[0]?.data,
    ).toMatchObject({
      vatPercent: 19,
    });
  });

  it('keeps reason and comments on the new fee', () => {
    const why = { reason: 'bounced', comment: 'the cheque bounced', staffNote: 'call the bank' };
    const facts = factsOf(decide({ ...reverse({ shortfallFee }), ...why }, used, policy));
    expect(facts.map(({ data }) => data)).toMatchObject([why, why]);
  });

  it('charges all of it if nothing of the credit is unused', () => {
    const spent = accountAfter(
      [ask('RefundCredit', 'c2', { creditId: 'p1#1', method: 'CASH' })],
      policy,
      used,
    );
    expect(factsOf(decide(reverse({ amount: '4', shortfallFee }), spent, policy))).toEqual([
      charged('4.00'),
      reversed('4.00', {}, { shortfall: { feeId: 'short', amount: '4.00', creditId: 'p1#1' } }),
    ]);
  });

  it('does not allow the paid fee of the shortfall to be cancelled: its money was given back before', () => {
    const account = accountAfter(
      [reverse({ shortfallFee }), pay('p2', '3', { feeIds: ['short'] })],
      policy,
      used,
    );
    expect(refusalOf(decide(ask('CancelFee', 'x1', { feeId: 'short' }), account, policy))).toEqual({
      type: 'NothingToCancel',
      feeId: 'short',
    });
  });

  it('also withdraws the part of the credit that a recall brought back and that was then cancelled', () => {
    const account = accountAfter([
      pay('p1', '2', { overpayment: 'credit' }),
      ask('TransferFees', 't', { credits: [{ creditId: 'p1#1' }], expectsSettlement: true }),
      reverse({ amount: '1', shortfallFee }),
      pay('p2', '1', { feeIds: ['short'] }),
      ask('RecallTransfer', 'c', { transferId: 't' }),
      ask('CancelCredit', 'x', { creditId: 'p1#1' }),
    ]);
    const rest = ask('ReversePayment', 'r2', { paymentId: 'p1' });
    const after = accountAfter([rest], policy, account);
    expect(findPayment(after, 'p1')?.overpayment).toMatchObject({ amount: 200, reversed: 200 });
    expect(creditNow(after, 'p1#1').unused).toBe('0.00');
    expect(balancesInMinorUnits(after).owed).toBe(0);
  });

  it('charges nothing without a shortfall, even if a fee is named', () => {
    expect(factsOf(decide(reverse({ shortfallFee }), paid, policy))).toEqual([
      reversed('20.00', { b: '9.00', a: '6.00' }, overpayment('5.00')),
    ]);
  });

  it('uses the library of the actor as owner, and marks a lost-item type', () => {
    const by = { channel: 'desk', library: 'LAW' } as const;
    const command = reverse({ amount: '5', by, shortfallFee: { feeId: 'short', feeType: 'LOST50' } });
    expect(factsOf(decide(command, used, policy))[0]).toEqual(
      charged('3.00', { feeType: 'LOST50', owner: 'LAW', lostItem: true, by }),
    );
    expect(factsOf(decide(reverse({ amount: '5', by, shortfallFee }), used, policy))[0]).toEqual(
      charged('3.00', { owner: 'BRANCH', by }),
    );
  });

  it.each([
    [{ feeType: 'NOSUCHTYPE' }, { type: 'FeeTypeUnknown', known: expect.anything(), feeType: 'NOSUCHTYPE' }],
    [{ feeType: 'OLDFINE' }, { type: 'FeeTypeRetired', feeType: 'OLDFINE' }],
    [{ feeId: 'a' }, { type: 'IdAlreadyUsed', id: 'a' }],
    [{ feeId: 'r1' }, { type: 'IdAlreadyUsed', id: 'r1' }],
    [{ feeId: 'p1#1' }, { type: 'IdAlreadyUsed', id: 'p1#1' }],
  ])('is refused if the new fee cannot be charged: %j', (more, refusal) => {
    const command = reverse({ shortfallFee: { ...shortfallFee, ...more } });
    expect(refusalOf(decide(command, used, policy))).toMatchObject(refusal);
  });

  it('is refused if the new fee has no owner', () => {
    const command = reverse({ shortfallFee: { feeId: 'short', feeType: 'OTHER' } });
    expect(refusalOf(decide(command, used, policy))).toEqual({ type: 'FeeOwnerMissing' });
  });
});

describe('a bounced cheque', () => {
  it('makes its amount owed again, even on a fee whose reserved credit was applied by the payment', () => {
    const account = accountAfter([
      assessLost('lost', '60'),
      waive('w1', 'lost', '20'),
      pay('p1', '40', { method: 'CHECK' }),
      reverse(),
    ]);
    expect(feeNow(account, 'lost')).toEqual({ remaining: '40.00', owed: '40.00', status: 'active' });
  });

  it('does not raise the cost of a returned item above its percentage', () => {
    const account = accountAfter(
      [
        assessLost('lost', '60', 'LOST50'),
        pay('p1', '60', { method: 'CHECK' }),
        ask('ReturnLostItem', 'b1', { feeIds: ['lost'] }),
        reverse(),
      ],
      policyWith(),
    );
    expect(feeNow(account, 'lost')).toEqual({ remaining: '30.00', owed: '30.00', status: 'active' });
  });
});
