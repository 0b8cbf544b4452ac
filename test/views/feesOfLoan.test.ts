import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AccountEvent } from '../../src/account/events/accountEvent.js';
import { fold } from '../../src/account/fold.js';
import { emptyAccount, type PatronAccount } from '../../src/account/patronAccount.js';
import { definePolicy, type FeePolicy } from '../../src/policy/feePolicy.js';
import { feesOfLoan } from '../../src/views/feesOfLoan.js';
import { forgetfulPolicy } from '../support/account.js';
import { tried } from '../support/seeded.js';
import { histories } from './histories.js';
import {
  applied,
  assessed,
  at,
  credited,
  disputed,
  lost,
  paid,
  returned,
  transferred,
  waived,
  waivedLost,
} from './story.js';

const policy = definePolicy({ currency: 'USD' });

const usd = { currency: 'USD', at } as const;

/** `settled`, `lostAndSettled` and `lostAndPaid` of the loan `loan` after some events. */
function answers(
  ...events: AccountEvent[]
): [settled: boolean, lostAndSettled: boolean, lostAndPaid: boolean] {
  const { settled, lostAndSettled, lostAndPaid } = feesOfLoan(fold(events), policy, { loanId: 'loan' });
  return [settled, lostAndSettled, lostAndPaid];
}

const fine = assessed('fine', '5.00', { loanId: 'loan' });
const replacement = lost('replacement', '40.00');

describe('feesOfLoan', () => {
  it('returns the fees of the loan only, with totals', () => {
    const account = fold([
      fine,
      replacement,
      assessed('other', '3.00', { loanId: 'another loan' }),
      assessed('none', '3.00'),
      paid('p1', 'fine', '5.00'),
      waivedLost('c1', 'replacement', '10.00'),
    ]);
    const view = feesOfLoan(account, definePolicy({ currency: 'USD' }), { loanId: 'loan' });
    expect(view.fees.map(({ id, typeLabel, owed }) => [id, typeLabel, owed])).toEqual([
      ['fine', 'Overdue fine', '0.00'],
      ['replacement', 'Lost item replacement fee', '30.00'],
    ]);
    expect(view).toMatchObject({
      loanId: 'loan',
      currency: 'USD',
      totals: { original: '45.00', remaining: '40.00', owed: '30.00', paid: '5.00', transferPending: '0.00' },
      settled: false,
    });
    expect(feesOfLoan(account, forgetfulPolicy, { loanId: 'loan' }).fees[0]?.typeLabel).toBe('OVERDUEFINE');
  });

  it('returns no fees for a loan without fees, which is settled', () => {
    for (const loanId of ['', 'loan', '__proto__', 'constructor']) {
      expect(feesOfLoan(emptyAccount(), policy, { loanId })).toEqual({
        loanId,
        currency: 'USD',
        fees: [],
        totals: { original: '0.00', remaining: '0.00', owed: '0.00', paid: '0.00', transferPending: '0.00' },
        settled: true,
        lostAndSettled: false,
        lostAndPaid: false,
      });
    }
  });

  it('refuses an invalid account or policy', () => {
    expect(() => feesOfLoan({} as PatronAccount, policy, { loanId: 'loan' })).toThrow('INVALID_ACCOUNT');
    expect(() => feesOfLoan(emptyAccount(), policy, {} as never)).toThrow(
      /^INVALID_ARGUMENT: options\.loanId: missing /,
    );
    expect(() => feesOfLoan(emptyAccount(), {} as FeePolicy, { loanId: 'loan' })).toThrow('INVALID_POLICY');
  });
});

describe('a loan', () => {
  it('is settled when nothing is owed on any of its fees', () => {
    expect(answers(fine)).toEqual([false, false, false]);
    expect(answers(fine, waived('w1', 'fine', '4.99'))).toEqual([false, false, false]);
    expect(answers(fine, waived('w1', 'fine', '5.00'))).toEqual([true, false, false]);
    expect(answers(fine, disputed('d1', 'fine'))).toEqual([false, false, false]);
  });

  it('is not settled while a transferred amount is pending', () => {
    const reported = (amount: string): AccountEvent => ({
      type: 'TransferSettled',
      data: { ...usd, settlementId: 's1', transferId: 't1', amount },
    });
    expect(answers(fine, transferred('t1', 'fine', '5.00'))[0]).toBe(false);
    expect(answers(fine, transferred('t1', 'fine', '5.00'), reported('5.00'))[0]).toBe(true);
    expect(answers(fine, transferred('t1', 'fine', '5.00', { expectsSettlement: false }))[0]).toBe(true);
  });
});

describe('a lost item', () => {
  it('is settled once a transferred fee was waived there and the credit was sent', () => {
    const sent = (amount: string, more = {}): AccountEvent => ({
      type: 'CreditTransferred',
      data: { transferId: 't2', creditId: 'c1', amount, expectsSettlement: true, ...usd, ...more },
    });
    const waivedThere: AccountEvent = {
      type: 'CreditIssued',
      data: {
        creditId: 'c1',
        feeId: 'replacement',
        amount: '40.00',
        cause: 'waived',
        purpose: 'external',
        ...usd,
      },
    };
    const pending = [replacement, transferred('t1', 'replacement', '40.00'), waivedThere];
    expect(answers(...pending)).toEqual([false, false, false]);
    expect(answers(...pending, sent('39.99'))).toEqual([false, false, false]);
    expect(answers(...pending, sent('40.00'))).toEqual([true, true, false]);
    expect(answers(...pending, sent('40.00', { expectsSettlement: false }))).toEqual([true, true, false]);
    const recalled: AccountEvent = {
      type: 'TransferRecalled',
      data: { recallId: 'r1', transferId: 't2', amount: '0.01', ...usd },
    };
    expect(answers(...pending, sent('40.00'), recalled)).toEqual([false, false, false]);
  });

  it('is lost and paid when all its lost-item fees are settled and one was paid', () => {
    expect(answers(replacement, paid('p1', 'replacement', '40.00'))).toEqual([true, true, true]);
    expect(answers(fine, replacement, paid('p1', 'replacement', '40.00'))).toEqual([false, true, true]);
    expect(answers(replacement, paid('p1', 'replacement', '39.99'))).toEqual([false, false, false]);
  });

  it('is lost and settled but not paid when it was only waived', () => {
    expect(answers(replacement, waivedLost('c1', 'replacement', '40.00'))).toEqual([true, true, false]);
    expect(answers(replacement, waived('w1', 'replacement', '40.00'))).toEqual([true, true, false]);
  });

  it('is not paid by goodwill but is paid by a refundable credit', () => {
    const used = applied('a1', 'c1', 'replacement', '40.00');
    expect(answers(replacement, credited('c1', '40.00'), used)).toEqual([true, true, false]);
    const money = credited('c1', '40.00', { cause: 'imported', purpose: 'refundable' });
    expect(answers(replacement, money, used)).toEqual([true, true, true]);
  });

  it('is paid when one of its fees was paid and the other waived', () => {
    const processing = lost('processing', '15.00', { feeType: 'LOSTITEMPROCESSFEE' });
    const payment = paid('p1', 'replacement', '40.00');
    expect(answers(replacement, processing, payment)).toEqual([false, false, false]);
    expect(answers(replacement, processing, payment, waivedLost('c1', 'processing', '15.00'))).toEqual([
      true,
      true,
      true,
    ]);
  });

  it('is paid when the external system reports payment, not when it is transferred', () => {
    const elsewhere = transferred('t1', 'replacement', '40.00', { expectsSettlement: false });
    expect(answers(replacement, elsewhere)).toEqual([true, true, false]);
    const pending = transferred('t1', 'replacement', '40.00');
    const reported: AccountEvent = {
      type: 'TransferSettled',
      data: { ...usd, settlementId: 's1', transferId: 't1', amount: '40.00' },
    };
    expect(answers(replacement, pending)).toEqual([false, false, false]);
    expect(answers(replacement, pending, reported)).toEqual([true, true, true]);
    const view = feesOfLoan(fold([replacement, pending, reported]), policy, { loanId: 'loan' });
    expect(view.totals.paid).toBe('40.00');
  });

  it('is not paid by an external settlement that a credit gave back', () => {
    expect(
      answers(
        replacement,
        transferred('t1', 'replacement', '40.00'),
        { type: 'TransferSettled', data: { ...usd, settlementId: 's1', transferId: 't1', amount: '40.00' } },
        waivedLost('c1', 'replacement', '40.00', { purpose: 'external' }),
      ),
    ).toEqual([true, true, false]);
  });

  it('is not lost after it returned', () => {
    expect(
      answers(
        replacement,
        paid('p1', 'replacement', '40.00'),
        returned('b1', 'replacement'),
        waivedLost('c1', 'replacement', '40.00', { cause: 'returned', purpose: 'refundable' }),
      ),
    ).toEqual([true, false, false]);
  });

  it('is not lost if all its fees were cancelled as errors', () => {
    const cancelled = (amount: string): AccountEvent => ({
      type: 'FeeCancelled',
      data: { ...usd, cancellationId: 'x1', feeId: 'replacement', amount },
    });
    const givenBack = credited('c1', '40.00', {
      cause: 'cancelled',
      purpose: 'refundable',
      feeId: 'replacement',
    });
    expect(answers(replacement, cancelled('40.00'))).toEqual([true, false, false]);
    const kept: AccountEvent = {
      type: 'CreditCancelled',
      data: { ...usd, cancellationId: 'x2', creditId: 'c1', amount: '40.00' },
    };
    const payment = paid('p1', 'replacement', '40.00');
    expect(answers(replacement, payment, cancelled('0.00'), givenBack, kept)).toEqual([true, true, true]);
    expect(answers(replacement, paid('p1', 'replacement', '40.00'), cancelled('0.00'), givenBack)).toEqual([
      true,
      false,
      false,
    ]);
  });

  it('stays lost and paid if only a part was cancelled as an error', () => {
    const partly: AccountEvent[] = [
      replacement,
      paid('p1', 'replacement', '30.00'),
      { type: 'FeeCancelled', data: { ...usd, cancellationId: 'x1', feeId: 'replacement', amount: '10.00' } },
    ];
    expect(answers(...partly)).toEqual([true, true, true]);
  });
});

it('of every loan: paid implies settled, totals are sums, and the account does not change', () => {
  const minor = (amount: string) => Math.round(Number(amount) * 100);
  fc.assert(
    fc.property(histories, (events) => {
      const account = fold(events);
      const before = structuredClone(account);
      for (const loanId of ['loan', '__proto__']) {
        const view = feesOfLoan(account, policy, { loanId });
        expect(view.lostAndPaid && !view.lostAndSettled).toBe(false);
        for (const column of ['original', 'remaining', 'owed', 'transferPending'] as const) {
          const sum = view.fees.reduce((total, fee) => total + minor(fee[column]), 0);
          expect(minor(view.totals[column])).toBe(sum);
        }
        expect(view.settled).toBe(minor(view.totals.owed) + minor(view.totals.transferPending) === 0);
        expect(minor(view.totals.paid)).toBeGreaterThanOrEqual(0);
        expect(JSON.parse(JSON.stringify(view))).toStrictEqual(view);
      }
      expect(structuredClone(account)).toEqual(before);
    }),
    tried(1_000),
  );
});
