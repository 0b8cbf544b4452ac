import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { creditParts } from '../../src/account/vat.js';
import { type Command, type Credit, decide, fold, type PatronAccount, unused } from '../../src/index.js';
import { formatAmount } from '../../src/money/money.js';
import { effectOnCredit } from '../../src/views/transactionKinds.js';
import { accountAfter, ask, assess, pay, policyWith } from '../support/account.js';
import { assertVaried, tried } from '../support/seeded.js';

describe('the tax of a credit that is used, refunded, cancelled and transferred', () => {
  const feeTypes = { OVERDUEFINE: { label: 'Fine', vatPercent: 19 }, OTHER: { label: 'Other' } };
  const rules = policyWith({ feeTypes });
  const creditId = 'x1#1';
  const start = accountAfter(
    [assess('f1', '11.90'), pay('p1', '11.90'), ask('CancelFee', 'x1', { feeId: 'f1' })],
    rules,
  );
  const bills = ['f2', 'f3', 'f4'].map((feeId) => assess(feeId, '4.00', { feeType: 'OTHER' }));

  /** Returns each transaction of the credit as its kind, its amount and its tax. */
  const taxedTransactions = (account: PatronAccount) => {
    const credit = account.credits[0] as Credit;
    const parts = creditParts(account, credit, 190);
    return credit.transactions.map(({ kind, amount }, at) => [kind, amount, parts[at]] as const);
  };

  it('comes back when a use is undone, and goes out with a refund', () => {
    const account = accountAfter(
      [
        ...bills,
        ask('ApplyCredit', 'a1', { creditId, amount: '5.00' }),
        ask('ReverseCreditApplication', 'u1', { applicationId: 'a1' }),
        ask('RefundCredit', 'r1', { creditId, method: 'CASH' }),
      ],
      rules,
      start,
    );
    expect(taxedTransactions(account)).toEqual([
      ['creditIssued', 1190, 190],
      ['creditApplied', 400, 64],
      ['creditApplied', 100, 16],
      ['creditApplicationReversed', 400, 64],
      ['creditApplicationReversed', 100, 16],
      ['refund', 1190, 190],
    ]);
  });

  it('comes back when a refund is undone, and goes out with a cancelled part', () => {
    const account = accountAfter(
      [
        ask('RefundCredit', 'r1', { creditId, amount: '6.00', method: 'CASH' }),
        ask('ReverseRefund', 'u1', { refundId: 'r1' }),
        ask('CancelCredit', 'k1', { creditId, amount: '1.19' }),
      ],
      rules,
      start,
    );
    expect(taxedTransactions(account)).toEqual([
      ['creditIssued', 1190, 190],
      ['refund', 600, 96],
      ['refundReversed', 600, 96],
      ['creditCancelled', 119, 19],
    ]);
  });

  it('is complete if nothing is used, and zero if everything is, whatever happened before (property)', async () => {
    const amount = fc.integer({ min: 1, max: 1190 }).map((minor) => formatAmount(minor, 2));
    const some = fc.record({ creditId: fc.constant(creditId), amount }, { requiredKeys: ['creditId'] });
    const earlier = fc.nat({ max: 3 }).map((number) => `s${number}`);
    const step = fc.oneof(
      some.map((given) => ({ type: 'ApplyCredit', ...given })),
      some.map((given) => ({ type: 'CancelCredit', ...given })),
      some.map((given) => ({ type: 'RefundCredit', method: 'CASH', ...given })),
      earlier.map((applicationId) => ({ type: 'ReverseCreditApplication', applicationId })),
      earlier.map((refundId) => ({ type: 'ReverseRefund', refundId })),
    );
    const after = accountAfter(bills, rules, start);
    let usedUp = 0;
    await assertVaried(
      fc.property(fc.array(step, { maxLength: 8 }), (steps) => {
        let account = after;
        steps.forEach((given, number) => {
          const command = { ...given, id: `s${number}`, at: '2026-03-02T09:00:00Z' } as Command;
          account = fold(decide(command, account, rules).events, account);
        });
        const rows = taxedTransactions(account);
        const left = rows.reduce((sum, [kind, , tax]) => sum + effectOnCredit[kind] * (tax as number), 0);
        const free = unused(account.credits[0] as Credit);
        if (free === 1190) expect(left).toBe(190);
        if (free === 0) expect(left).toBe(0);
        usedUp += Number(free === 0);
        expect(left).toBeGreaterThanOrEqual(0);
        expect(left).toBeLessThanOrEqual(190);
      }),
      tried(3_000),
      100,
      () => expect(usedUp).toBeGreaterThan(10),
    );
  });

  it('is zero in a transaction that moves nothing of the credit', () => {
    const [credit] = start.credits as [Credit];
    const transactions = credit.transactions.flatMap((one) => [one, { ...one, kind: 'disputed' as const }]);
    expect(creditParts(start, { ...credit, transactions }, 190)).toEqual([190, 0]);
  });
});
