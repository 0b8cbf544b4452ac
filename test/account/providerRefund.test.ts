import { describe, expect, it } from 'vitest';
import { type Command, type CommandOf, decide, type PatronAccount } from '../../src/index.js';
import { transactions } from '../../src/views/index.js';
import {
  accountAfter,
  ask,
  assess,
  factsOf,
  pay,
  policy,
  policyWith,
  refusalOf,
  repeating,
} from '../support/account.js';

/** A payment p1 of 15.00 on a fee of 5.00 with a credit of 10.00, and an imported credit c1 of 20.00. */
const before = accountAfter([
  assess('f1', '5.00'),
  pay('p1', '15.00', { overpayment: 'credit', externalTransactionId: 'ch_1', method: 'ONLINE' }),
  ask('IssueCredit', 'c1', { cause: 'imported', amount: '20.00' }),
]);
const overpaid = 'p1#1';

type Refund = Partial<CommandOf<'RefundCredit'>>;
type Reversal = Partial<CommandOf<'ReversePayment'>>;
const provided = { method: 'ONLINE', externalTransactionId: 're_1' } as const;
const refund = (id: string, creditId: string, more: Refund = {}) =>
  ask('RefundCredit', id, { creditId, ...provided, ...more });
const reverse = (id: string, paymentId: string, more: Reversal = {}) =>
  ask('ReversePayment', id, { paymentId, ...provided, ...more });
const given = (...commands: readonly Command[]) => accountAfter(commands, policy, before);
const refused = (command: Command, account: PatronAccount) => refusalOf(decide(command, account, policy));
const cashOut = (account: PatronAccount) =>
  account.refunds.reduce((sum, { amount, reversed }) => sum + (reversed ? 0 : amount), 0) +
  account.payments.flatMap(({ reversals }) => reversals).reduce((sum, { amount }) => sum + amount, 0);

const five = { amount: '5.00' };
const used = (refundId: string, undone = false) => ({ type: 'ExternalRefundAlreadyUsed', refundId, undone });

describe("a provider's refund of a credit", () => {
  const first = given(refund('b1', 'c1', five));

  it('pays out 5.00 once, although it is reported under two ids', () => {
    const second = refund('b2', 'c1', five);
    expect(decide(second, first, policy)).toEqual(repeating('b1', 'refund'));
    expect(cashOut(accountAfter([second], policy, first))).toBe(500);
    expect(decide([refund('b1', 'c1', five), second], before, policy).events).toHaveLength(1);
  });

  it('is a repeat if it is reported again without an amount, even when nothing is left of the credit', () => {
    expect(decide(refund('b2', 'c1'), first, policy)).toEqual(repeating('b1', 'refund'));
    const all = given(refund('b1', 'c1'));
    expect(decide(refund('b2', 'c1'), all, policy)).toEqual(repeating('b1', 'refund'));
    expect(decide(refund('b2', 'c1', { amount: '20' }), all, policy)).toEqual(repeating('b1', 'refund'));
  });

  it('is recognised even if the policy no longer has the method', () => {
    const others = policyWith({ paymentMethods: { CASH: 'Cash' } });
    expect(decide(refund('b2', 'c1', five), first, others)).toEqual(repeating('b1', 'refund'));
  });

  it('is refused with another amount, and after it was undone', () => {
    expect(refused(refund('b2', 'c1', { amount: '5.01' }), first)).toEqual({
      ...used('b1'),
      ...provided,
      ...{ recordedAmount: '5.00', amount: '5.01', recordedTotal: null },
    });
    const undone = accountAfter([ask('ReverseRefund', 'u1', { refundId: 'b1' })], policy, first);
    for (const again of [refund('b2', 'c1', five), refund('b2', 'c1')])
      expect(refused(again, undone)).toMatchObject(used('b1', true));
    const other = refund('b2', 'c1', { ...five, externalTransactionId: 're_2' });
    expect(decide(other, undone, policy).events).toHaveLength(1);
    const inList = [ask('ReverseRefund', 'u1', { refundId: 'b1' }), refund('b2', 'c1', five)];
    expect(refusalOf(decide(inList, first, policy))).toMatchObject(used('b1', true));
  });

  it('is a different refund under another method or without an id', () => {
    expect(decide(refund('b2', 'c1', { ...five, method: 'CREDIT_CARD' }), first, policy).events).toHaveLength(
      1,
    );
    const { externalTransactionId, ...without } = refund('b2', 'c1', five);
    expect(decide(without, first, policy).events).toHaveLength(1);
  });

  it('does not share ids with payments', () => {
    const paid = given(refund('b1', 'c1', { ...five, externalTransactionId: 'ch_1' }));
    expect(paid.refunds).toHaveLength(1);
    const later = pay('p2', '1.00', { ...provided, overpayment: 'credit' });
    expect(decide(later, first, policy).events).toHaveLength(1);
  });

  it('may be a repeat or a further part if it names another credit or payment: refused without a total', () => {
    const unclear = { type: 'TransactionAmbiguous', ...provided, recordedAmount: '5.00' };
    expect(refused(refund('b2', overpaid, five), first)).toEqual({ ...unclear, amount: '5.00' });
    expect(refused(reverse('r1', 'p1', { amount: '3.00' }), first)).toEqual({ ...unclear, amount: '3.00' });
    expect(refused(reverse('r1', 'p1'), first)).toEqual({ ...unclear, amount: '15.00' });
  });
});

describe("a provider's refund that is also reported as the reversal of a payment", () => {
  it('is a repeat if the amount is the same, in either order', () => {
    const refunded = given(refund('b1', overpaid, five));
    expect(decide(reverse('r1', 'p1', five), refunded, policy)).toEqual(repeating('b1', 'refund'));
    const reversed = given(reverse('r1', 'p1', five));
    expect(decide(refund('b1', overpaid, five), reversed, policy)).toEqual(repeating('r1', 'other'));
    for (const account of [refunded, reversed]) expect(cashOut(account)).toBe(500);
  });

  it('is a repeat without an amount, if nothing else is left of the credit', () => {
    const reversed = given(reverse('r1', 'p1', { amount: '10.00' }));
    expect(decide(refund('b1', overpaid), reversed, policy)).toEqual(repeating('r1', 'other'));
    const partly = given(reverse('r1', 'p1', { amount: '4.00' }));
    expect(refused(refund('b1', overpaid), partly)).toMatchObject({
      ...{ type: 'TransactionAmbiguous', recordedAmount: '4.00', amount: '6.00' },
    });
  });

  it('is refused if the refund was undone', () => {
    const undone = given(refund('b1', overpaid, five), ask('ReverseRefund', 'u1', { refundId: 'b1' }));
    expect(refused(reverse('r1', 'p1', five), undone)).toMatchObject(used('b1', true));
  });

  it('is unclear if the credit is of a cancelled fee: only the payment that was too large is behind a credit', () => {
    const cancelled = given(ask('CancelFee', 'x', { feeId: 'f1' }), refund('b1', 'x#1', five));
    expect(refused(reverse('r1', 'p1', five), cancelled)).toMatchObject({ type: 'TransactionAmbiguous' });
  });

  it('is unclear with another amount', () => {
    const reversed = given(reverse('r1', 'p1', five));
    const unclear = { type: 'TransactionAmbiguous', recordedAmount: '5.00' };
    expect(refused(refund('b1', overpaid, { amount: '4.00' }), reversed)).toMatchObject(unclear);
    expect(refused(refund('b1', 'c1', five), reversed)).toMatchObject(unclear);
  });
});

describe("a provider's refund that reverses a payment", () => {
  const first = given(reverse('r1', 'p1', five));

  it('is a repeat under another id, and by the payment method if none is named', () => {
    const { method, ...without } = reverse('r2', 'p1', five);
    for (const again of [reverse('r2', 'p1', five), reverse('r2', 'p1'), without])
      expect(decide(again, first, policy)).toEqual(repeating('r1', 'other'));
    const whole = given(reverse('r1', 'p1'));
    expect(decide(reverse('r2', 'p1'), whole, policy)).toEqual(repeating('r1', 'other'));
  });

  it('is refused with another amount', () => {
    expect(refused(reverse('r2', 'p1', { amount: '4.00' }), first)).toMatchObject(used('r1'));
  });

  it('is one of several refunds of a payment', () => {
    const second = reverse('r2', 'p1', { ...five, externalTransactionId: 're_2' });
    const both = accountAfter([second], policy, first);
    expect(both.payments[0]?.reversals).toMatchObject([
      { reversalId: 'r1', amount: 500, externalTransactionId: 're_1', externalTransactionTotal: null },
      { reversalId: 'r2', amount: 500, externalTransactionId: 're_2', externalTransactionTotal: null },
    ]);
    for (const [id, again] of [
      ['r1', reverse('r3', 'p1', five)] as const,
      ['r2', { ...second, id: 'r3' }] as const,
    ])
      expect(decide(again, both, policy)).toEqual(repeating(id, 'other'));
  });

  it('shows the id of the provider on what it changes', () => {
    const { lines } = transactions(first, policy, { id: overpaid });
    expect(lines.at(-1)?.references).toEqual({ paymentId: 'p1', externalTransactionId: 're_1' });
    const whole = given(reverse('r1', 'p1'));
    expect(transactions(whole, policy, { id: 'f1' }).lines.at(-1)?.references).toEqual({
      ...{ paymentId: 'p1', externalTransactionId: 're_1' },
    });
  });
});

describe("the total of a provider's refund", () => {
  const ten = { externalTransactionTotal: '10.00' };

  it('makes room for parts of several credits and payments', () => {
    const parts = [refund('b1', 'c1', { amount: '4.00', ...ten }), reverse('r1', 'p1', { amount: '6.00' })];
    const account = given(...parts);
    expect(cashOut(account)).toBe(1000);
    expect(account.refunds[0]).toMatchObject({ externalTransactionTotal: 1000 });
    for (const part of parts) expect(decide({ ...part, id: 'again' }, account, policy).events).toEqual([]);
    expect(refused(refund('b2', overpaid, { amount: '0.01' }), account)).toEqual({
      ...{ type: 'ExceedsTransactionTotal', ...provided },
      ...{ total: '10.00', recordedAmount: '10.00', amount: '0.01' },
    });
  });

  it('may be given by a later part if the earlier parts are within it', () => {
    const account = given(refund('b1', 'c1', { amount: '4.00' }));
    const part = reverse('r1', 'p1', { amount: '6.00', ...ten });
    expect(cashOut(accountAfter([part], policy, account))).toBe(1000);
    const three = { amount: '3.00', externalTransactionTotal: '3.00' };
    expect(refused(reverse('r1', 'p1', three), account)).toMatchObject({
      ...{ type: 'ExceedsTransactionTotal', total: '3.00', recordedAmount: '4.00' },
    });
  });

  it('refuses another amount of the same credit, another total, and a part above it', () => {
    const account = given(refund('b1', 'c1', { amount: '4.00', ...ten }));
    expect(refused(refund('b2', 'c1', { amount: '5.00', ...ten }), account)).toMatchObject(used('b1'));
    const eleven = { amount: '1.00', externalTransactionTotal: '11.00' };
    expect(refused(reverse('r1', 'p1', eleven), account)).toMatchObject({
      ...used('b1'),
      recordedTotal: '10.00',
    });
    const above = { amount: '10.01', ...ten };
    expect(refused(reverse('r1', 'p1', above), before)).toMatchObject({ type: 'ExceedsTransactionTotal' });
  });

  it('leaves the decision to the rules if nothing is left to pay back', () => {
    const account = given(
      refund('b1', 'c1', { amount: '4.00', ...ten }),
      ask('ReversePayment', 'r1', { paymentId: 'p1' }),
    );
    expect(refused(reverse('r2', 'p1', ten), account)).toEqual({ type: 'AlreadyUndone', id: 'p1' });
  });

  it('counts refunds that were undone', () => {
    const undone = given(
      refund('b1', 'c1', { amount: '4.00', ...ten }),
      ask('ReverseRefund', 'u1', { refundId: 'b1' }),
    );
    expect(refused(reverse('r1', 'p1', { amount: '7.00', ...ten }), undone)).toMatchObject({
      ...{ type: 'ExceedsTransactionTotal', recordedAmount: '4.00' },
    });
  });
});

it('records the ids and the total', () => {
  const ten = { amount: '1.00', externalTransactionTotal: '10.00' };
  const facts = [refund('b1', 'c1', ten), reverse('r1', 'p1', ten)].flatMap((command) =>
    factsOf(decide(command, before, policy)),
  );
  for (const { data } of facts)
    expect(data).toMatchObject({ externalTransactionId: 're_1', externalTransactionTotal: '10.00' });
});
