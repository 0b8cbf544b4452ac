import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { unused } from '../../src/account/credit.js';
import { fold } from '../../src/account/fold.js';
import { findCredit } from '../../src/account/patronAccount.js';
import { paymentsBehind } from '../../src/account/paymentsBehind.js';
import type { Command } from '../../src/index.js';
import { accountAfter, ask, assess, assessLost, pay, policyWith } from '../support/account.js';
import { assertVaried, tried } from '../support/seeded.js';
import { anyPolicy, eventsOf, moves, runMoves } from '../support/stories.js';

const policy = policyWith({ overpayment: 'credit' });

/** The ids of the payments behind each unused refundable credit. */
function behind(...commands: readonly Command[]) {
  const account = accountAfter(commands, policy);
  const paymentsOf = paymentsBehind(account);
  return account.credits
    .filter((credit) => credit.purpose === 'refundable' && unused(credit) > 0)
    .map((credit) => paymentsOf(credit).map(({ paymentId }) => paymentId));
}

const returned = (id: string, ...feeIds: string[]) => ask('ReturnLostItem', id, { feeIds });

describe('paymentsBehind', () => {
  it('finds the payment that was too large', () => {
    expect(behind(assess('f1', '5.00'), pay('p1', '3.00'), pay('p2', '4.00'))).toEqual([['p2']]);
  });

  it('finds the payments of the fee that was given back, not those of other fees', () => {
    const fees = [assessLost('f1', '9.00'), assess('f2', '1.00')];
    const paid = [pay('p1', '4.00', { feeIds: ['f1'] }), pay('p2', '6.00')];
    expect(behind(...fees, ...paid, returned('r1', 'f1'))).toEqual([['p1', 'p2']]);
    expect(
      behind(...fees, pay('p1', '1.00', { feeIds: ['f2'] }), pay('p2', '9.00'), returned('r1', 'f1')),
    ).toEqual([['p2']]);
  });

  it('follows credits that paid the fee, to the payment that they came from', () => {
    const commands = [
      pay('p1', '9.00'),
      assessLost('f1', '9.00'),
      ask('ApplyCredit', 'a1', { creditId: 'p1#1' }),
      returned('r1', 'f1'),
    ];
    expect(behind(...commands)).toEqual([['p1']]);
  });

  it('ignores payments and uses of credits that were undone', () => {
    const fees = [assessLost('f1', '9.00'), pay('p0', '9.00', { feeIds: ['f1'] })];
    const undone = ask('ReversePayment', 'v1', { paymentId: 'p0', method: 'CASH' });
    const reused = [pay('p1', '9.00', { feeIds: ['f1'] }), returned('r1', 'f1')];
    expect(behind(...fees, undone, ...reused)).toEqual([['p1']]);
  });

  it('finds none if the payment was undone after its credit was used for a fee that was given back', () => {
    const used = (feeId: string, creditId: string) => [
      assess(feeId, '1.00'),
      ask('ApplyCredit', `use ${creditId}`, { creditId }),
      ask('CancelFee', `cancel ${feeId}`, { feeId }),
    ];
    const undone = ask('ReversePayment', 'v1', { paymentId: 'p1', method: 'CASH' });
    const paid = [assess('f1', '1.00'), pay('p1', '1.00'), ask('CancelFee', 'cancel f1', { feeId: 'f1' })];
    expect(behind(...paid, ...used('f2', 'cancel f1#1'))).toEqual([['p1']]);
    expect(behind(...paid, ...used('f2', 'cancel f1#1'), undone)).toEqual([[]]);
    expect(behind(pay('p1', '1.00'), ...used('f2', 'p1#1'))).toEqual([['p1']]);
  });

  it('finds none for goodwill, and for credits that were imported', () => {
    const goodwill = { amount: '5.00', cause: 'manual', reason: 'GOODWILL' } as const;
    expect(behind(ask('IssueCredit', 'c1', { amount: '5.00', cause: 'imported' }))).toEqual([[]]);
    const account = accountAfter([pay('p1', '1.00'), ask('IssueCredit', 'c1', goodwill)], policy);
    const credit = findCredit(account, 'c1');
    expect(credit && paymentsBehind(account)(credit)).toEqual([]);
  });

  it('finds enough money for every credit whose money was received here, in any account', async () => {
    let checked = 0;
    await assertVaried(
      fc.asyncProperty(moves(20), anyPolicy, async (story, rules) => {
        const account = fold(eventsOf(runMoves(story, rules)));
        // What was undone is owed by the patron; other money was never received here.
        if (account.payments.some(({ reversals }) => reversals.length > 0)) return;
        if (account.settlements.length > 0 || account.credits.some(({ cause }) => cause === 'imported'))
          return;
        const paymentsOf = paymentsBehind(account);
        for (const credit of account.credits) {
          if (credit.purpose !== 'refundable' || unused(credit) === 0) continue;
          const received = paymentsOf(credit).reduce((sum, { amount }) => sum + amount, 0);
          expect(received).toBeGreaterThanOrEqual(unused(credit));
          checked += 1;
        }
      }),
      tried(400),
      60,
      () => expect(checked).toBeGreaterThan(0),
    );
  });
});
