import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AccountEvent, decide } from '../../src/index.js';
import { arbitraries } from '../../src/testing/arbitraries/arbitraries.js';
import {
  accountAfter,
  ask,
  assess,
  assessLost,
  deepFrozen,
  pay,
  policy,
  refusalOf,
  waive,
} from '../support/account.js';
import { seeded } from '../support/seeded.js';

const account = accountAfter([assess('a', '6'), assessLost('lost', '60'), waive('w1', 'lost', '20')]);

describe("the account's total", () => {
  const most = 9_007_199_254_740_991;
  const fine = (id: string, total: string) =>
    ask('AccrueFine', id, { feeId: 'fine', feeType: 'OVERDUEFINE', total, owner: 'MAIN' });
  const nearly = deepFrozen({
    ...accountAfter([fine('i1', '1.00')], policy, account),
    turnover: most - 600,
  });

  it.each<[string, Parameters<typeof decide>[0]]>([
    ['fees', assess('f1', '6.01')],
    ['increases of a fine', fine('i2', '7.01')],
    ['credits', ask('IssueCredit', 'f1', { cause: 'imported', amount: '6.01' })],
    ['credits of fees', waive('f1', 'lost', '6.01')],
  ])('must be a safe integer: %s above it are refused', (_, asked) => {
    expect(refusalOf(decide(asked, nearly, policy))).toEqual({
      type: 'AccountTotalTooLarge',
      amount: '6.01',
    });
  });

  it('counts a payment and the credit from its overpayment', () => {
    const command = pay('p1', '6.01', { feeIds: ['a'], overpayment: 'credit' });
    expect(refusalOf(decide(command, nearly, policy))).toEqual({
      type: 'AccountTotalTooLarge',
      amount: '6.02',
    });
  });

  it('limits the commands that charge, pay in or issue a credit, and no others', () => {
    const inflows = [
      'FeeAssessed',
      'FeeIncreased',
      'PaymentReceived',
      'LostItemCreditIssued',
      'CreditIssued',
    ];
    // A fine that was waived can grow by nothing.
    const adds = ({ type, data }: AccountEvent) =>
      inflows.includes(type) && 'amount' in data && Number(data.amount) > 0;
    fc.assert(
      fc.property(arbitraries(fc).stories(), ({ steps }) => {
        for (const { command, before, decision, policy: inForce } of steps) {
          if (!decision.accepted || decision.events.length === 0) continue;
          const again = decide(command, { ...before, turnover: most }, inForce);
          if (!decision.events.some(adds)) expect(again).toEqual(decision);
          else expect(refusalOf(again)).toMatchObject({ type: 'AccountTotalTooLarge' });
        }
      }),
      seeded('the largest total limits inflows only'),
    );
  });

  it('may reach the largest safe integer', () => {
    expect(decide(assess('f1', '6.00'), nearly, policy).accepted).toBe(true);
    expect(decide(fine('i2', '7.00'), nearly, policy).accepted).toBe(true);
    expect(decide(pay('p1', '6.00'), nearly, policy).accepted).toBe(true);
  });

  it('does not limit a fine that was waived, lowered and reported again: it does not grow', () => {
    const told = [fine('i1', '1.00'), waive('w2', 'fine'), fine('i2', '0.00')];
    const full = { ...accountAfter(told, policy, account), turnover: most };
    expect(decide(fine('i3', '1.00'), full, policy)).toMatchObject({
      accepted: true,
      events: [{ type: 'FeeIncreased', data: { amount: '0.00', total: '1.00' } }],
    });
  });

  it('does not limit commands that only move money: waive, cancel, reverse a refund, transfer', () => {
    const full = { ...nearly, turnover: most };
    expect(decide(waive('x1', 'a'), full, policy).accepted).toBe(true);
    expect(decide(ask('CancelFee', 'x1', { feeId: 'a' }), full, policy).accepted).toBe(true);
    const refunded = accountAfter(
      [
        ask('IssueCredit', 'c1', { cause: 'imported', amount: '2' }),
        ask('RefundCredit', 'b1', { creditId: 'c1', method: 'CASH' }),
      ],
      policy,
      account,
    );
    const back = ask('ReverseRefund', 'x1', { refundId: 'b1' });
    expect(decide(back, { ...refunded, turnover: most }, policy).accepted).toBe(true);
    expect(decide(ask('TransferFees', 'x1', { fees: [{ feeId: 'a' }] }), full, policy).accepted).toBe(true);
  });
});
