import { describe, expect, it } from 'vitest';
import { decide, emptyAccount, type PatronAccount } from '../../src/index.js';
import {
  accountAfter,
  ask,
  assess,
  assessLost,
  deepFrozen,
  factsOf,
  feeNow,
  pay,
  policy,
  refusalOf,
  repeating,
  waive,
} from '../support/account.js';

const empty = emptyAccount();
const hostileIds = ['__proto__', 'constructor', '17', 'toString', ' ', '\u{1F4DA}'];

describe('ids', () => {
  it('the command id names what the command creates; further rows get id#1, id#2 in event order', () => {
    const account = accountAfter([assess('f1', '6')]);
    expect(factsOf(decide(pay('p1', '10', { overpayment: 'credit' }), account, policy))).toMatchObject([
      { data: { paymentId: 'p1', overpayment: { creditId: 'p1#1' } } },
    ]);
  });

  it('share one namespace per account, across kinds of rows', () => {
    const account = accountAfter([assess('f1', '6')]);
    for (const command of [pay('f1', '1'), waive('f1', 'f1'), ask('DisputeFee', 'f1', { feeId: 'f1' })]) {
      expect(refusalOf(decide(command, account, policy))).toMatchObject({ type: 'IdAlreadyUsed', id: 'f1' });
    }
  });

  it('refuse a command when a derived id is already in use', () => {
    const account = accountAfter([assess('p1#1', '6')]);
    expect(refusalOf(decide(pay('p1', '10', { overpayment: 'credit' }), account, policy))).toEqual({
      type: 'IdAlreadyUsed',
      id: 'p1#1',
    });
    expect(decide(pay('p1', '6'), account, policy).accepted).toBe(true);
  });

  it('refuse a command whose id is a derived id of another command', () => {
    const account = accountAfter([assess('f1', '6'), pay('p1', '10', { overpayment: 'credit' })]);
    expect(refusalOf(decide(assess('p1#1', '1'), account, policy))).toMatchObject({
      type: 'IdAlreadyUsed',
      id: 'p1#1',
    });
  });

  it('refuse a shortfall fee with the id of an earlier command, even one that created nothing', () => {
    const account = accountAfter([
      assess('f1', '6'),
      ask('DisputeFee', 'd1', { feeId: 'f1' }),
      ask('ResolveDispute', 'r1', { feeId: 'f1', outcome: 'feeStands' }),
      pay('p1', '10', { feeIds: ['f1'], overpayment: 'credit' }),
      ask('RefundCredit', 'b1', { creditId: 'p1#1', method: 'CASH' }),
    ]);
    const bounced = (feeId: string) =>
      ask('ReversePayment', 'x1', {
        paymentId: 'p1',
        shortfallFee: { feeId, feeType: 'OTHER', owner: 'MAIN' },
      });
    expect(refusalOf(decide(bounced('r1'), account, policy))).toMatchObject({
      type: 'IdAlreadyUsed',
      id: 'r1',
    });
    expect(decide(bounced('r2'), account, policy).accepted).toBe(true);
  });

  it('also refuse an application id that a closing rule would derive', () => {
    const account = accountAfter([
      assessLost('lost', '60'),
      waive('w1', 'lost', '20'),
      assess('p1#1', '5', { feeType: 'OTHER' }),
    ]);
    expect(refusalOf(decide(pay('p1', '40', { feeIds: ['lost'] }), account, policy))).toMatchObject({
      type: 'IdAlreadyUsed',
      id: 'p1#1',
    });
  });

  it.each(hostileIds)(
    'can be any string, even in an account that went through structuredClone or JSON: %j',
    (id) => {
      const dispute = ask('DisputeFee', `${id}d`, { feeId: id });
      const account = accountAfter([
        assess(id, '6'),
        pay(`${id}p`, '1', { externalTransactionId: id }),
        dispute,
      ]);
      const again: PatronAccount[] = [
        account,
        structuredClone(account),
        JSON.parse(JSON.stringify(account)),
        deepFrozen(structuredClone(account)),
      ];
      for (const copy of again) {
        const resolve = ask('ResolveDispute', `${id}r`, { feeId: id, outcome: 'withdrawn' });
        const then = accountAfter([resolve, waive(`${id}w`, id, '2')], policy, copy);
        expect(feeNow(then, id)).toEqual({ remaining: '3.00', owed: '3.00', status: 'active' });
        expect(decide(assess(id, '6'), copy, policy)).toEqual(repeating(id, 'fee'));
        expect(decide(pay('other', '1', { externalTransactionId: id }), copy, policy).events).toEqual([]);
      }
    },
  );

  it.each(['toString', 'hasOwnProperty', '__proto__', 'constructor'])(
    'do not match inherited properties: %s',
    (id) => {
      for (const account of [empty, structuredClone(empty), JSON.parse(JSON.stringify(empty))]) {
        expect(refusalOf(decide(waive('w1', id), account, policy))).toEqual({
          type: 'FeeNotFound',
          feeId: id,
        });
        expect(decide(assess(id, '1'), account, policy).events).toHaveLength(1);
      }
    },
  );
});
