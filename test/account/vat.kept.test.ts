import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { creditVat, vatOfTransaction } from '../../src/account/vat.js';
import { type Credit, feeVat, formatAmount, type PatronAccount, taxIncluded } from '../../src/index.js';
import { toAlmaFees } from '../../src/interop/alma/index.js';
import { accountAfter, ask, assess, pay, policyWith } from '../support/account.js';
import { tried } from '../support/seeded.js';

describe('the tax of a growing fine', () => {
  const accrue = (id: string, total: string) =>
    ask('AccrueFine', id, { feeId: 'f1', feeType: 'OVERDUEFINE', total, owner: 'MAIN' });
  const taxedAt = (vatPercent: number) =>
    policyWith({ feeTypes: { OVERDUEFINE: { label: 'Fine', vatPercent } } });

  it('is that of its total, even after the total fell', () => {
    const account = accountAfter([accrue('a1', '0.10'), accrue('a2', '0.08')], taxedAt(19));
    expect(feeVat(account, 'f1')).toMatchObject({ remaining: 1, parts: [2, 1] });
    const [row] = toAlmaFees(account).fee;
    expect(row).toMatchObject({ original_vat_amount: 0.01, remaining_vat_amount: 0.01 });
    const raised = accountAfter([accrue('a3', '0.10')], taxedAt(19), account);
    expect(feeVat(raised, 'f1')).toMatchObject({ remaining: 2, parts: [2, 1, 1] });
  });

  it('is that of its total while nothing is paid, however often the total rose and fell (property)', () => {
    const totals = fc.array(fc.integer({ min: 1, max: 500 }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(totals, fc.constantFrom(5.5, 7.7, 19, 100), (list, vatPercent) => {
        let account = accountAfter([], taxedAt(vatPercent));
        for (const [number, total] of list.entries()) {
          account = accountAfter(
            [accrue(`a${number}`, formatAmount(total, 2))],
            taxedAt(vatPercent),
            account,
          );
          expect(feeVat(account, 'f1')?.remaining).toBe(taxIncluded(total, vatPercent));
        }
      }),
      tried(300),
    );
  });
});

describe('the tax of what is kept', () => {
  const LOST50 = { label: 'Lost item', lostItem: true, refundPercent: 50, vatPercent: 7.7 };
  const lostRules = { feeTypes: { LOST50 } };
  const loss = (amount: string) => assess('f1', amount, { feeType: 'LOST50', loanId: 'l1' });
  /** Returns each transaction of the fee that moves money as its kind, its amount and its tax. */
  const taxedTransactions = (account: PatronAccount) => {
    const parts = feeVat(account, 'f1')?.parts;
    const all = account.fees[0]?.transactions.map(({ kind, amount }, at) => [kind, amount, parts?.[at]]);
    return all?.filter(([, amount]) => amount !== 0);
  };

  it('is right after a recall has used up a credit of what was transferred', () => {
    const account = accountAfter(
      [
        loss('0.07'),
        ask('TransferFees', 't1', { fees: [{ feeId: 'f1' }], expectsSettlement: true }),
        ask('SettleTransfer', 's1', { transferId: 't1', amount: '0.02' }),
        ask('ReturnLostItem', 'b1', { loanId: 'l1' }),
        ask('RecallTransfer', 'r1', { transferId: 't1' }),
      ],
      policyWith({ ...lostRules, unpaidOnReturn: 'all' }),
    );
    // 0.02 was settled without tax, so the credit that the recall uses up has all of it; what the return gives has none.
    expect(taxedTransactions(account)).toEqual([
      ['assessed', 7, 1],
      ['transfer', 7, 1],
      ['settlement', 2, 0],
      ['creditIssued', 4, 1],
      ['recall', 5, 1],
      ['creditApplied', 4, 1],
      ['creditIssued', 1, 0],
      ['creditIssued', 1, 0],
      ['creditApplied', 1, 0],
    ]);
  });

  it('is right after the reversal of a payment that a credit of the fee had given back', () => {
    const account = accountAfter(
      [
        assess('f1', '0.05'),
        pay('p1', '0.05'),
        ask('CancelFee', 'x1', { feeId: 'f1', amount: '0.03' }),
        ask('ReversePayment', 'u1', { paymentId: 'p1', amount: '0.03' }),
      ],
      policyWith({ feeTypes: { OVERDUEFINE: { label: 'Fine', vatPercent: 19 } } }),
    );
    expect(taxedTransactions(account)).toEqual([
      ['assessed', 5, 1],
      ['payment', 5, 1],
      ['creditIssued', 3, 1],
      ['paymentReversed', 3, 1],
      ['creditApplied', 1, 1],
    ]);
  });

  it('is not below zero after a part of a payment was reversed', () => {
    const account = accountAfter(
      [
        loss('0.08'),
        pay('p1', '0.02'),
        pay('p2', '0.06'),
        ask('ReturnLostItem', 'b1', { loanId: 'l1' }),
        ask('ReversePayment', 'u1', { paymentId: 'p2', amount: '0.03' }),
      ],
      policyWith(lostRules),
    );
    // 0.01 is kept, and all of the tax was given back: the reversed part has none.
    expect(taxedTransactions(account)).toEqual([
      ['assessed', 8, 1],
      ['payment', 2, 0],
      ['payment', 6, 1],
      ['creditIssued', 4, 1],
      ['paymentReversed', 3, 0],
    ]);
  });

  it('is deducted when a prepaid credit is used, and comes back when the use is undone; the credit has no tax', () => {
    const account = accountAfter(
      [
        pay('p1', '5.00', { overpayment: 'credit' }),
        assess('f1', '11.90'),
        ask('ApplyCredit', 'a1', { creditId: 'p1#1' }),
        ask('ReverseCreditApplication', 'u1', { applicationId: 'a1' }),
        pay('p2', '11.90'),
      ],
      policyWith({ feeTypes: { OVERDUEFINE: { label: 'Fine', vatPercent: 19 } } }),
    );
    expect(taxedTransactions(account)).toEqual([
      ['assessed', 1190, 190],
      ['creditApplied', 500, 80],
      ['creditApplicationReversed', 500, 80],
      ['payment', 1190, 190],
    ]);
    expect(creditVat(account, account.credits[0] as Credit)).toEqual([0, 0, 0]);
    expect(vatOfTransaction(account, 'f2', 'p2')).toBe(0);
  });
});
