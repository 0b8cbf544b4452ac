import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AccountEvent } from '../../src/account/events/accountEvent.js';
import { fold } from '../../src/account/fold.js';
import { emptyAccount, type PatronAccount } from '../../src/account/patronAccount.js';
import { definePolicy, type FeePolicy } from '../../src/policy/feePolicy.js';
import { receipt } from '../../src/views/receipt.js';
import { forgetfulPolicy } from '../support/account.js';
import { tried } from '../support/seeded.js';
import { histories } from './histories.js';
import { assessed, at, lost, paid } from './story.js';

const policy = definePolicy({ currency: 'USD' });
const by = { channel: 'selfCheck', desk: 'KIOSK' } as const;

const events: AccountEvent[] = [
  assessed('f1', '5.00', { item: { title: 'On Numbers' } }),
  lost('f2', '40.00', { owner: 'LAW' }),
  paid('p1', 'f1', '5.00', {
    by,
    amount: '16.00',
    allocations: [
      { feeId: 'f1', amount: '5.00' },
      { feeId: 'f2', amount: '10.00' },
    ],
    overpayment: { creditId: 'c1', amount: '1.00' },
    comment: 'Thank you',
    externalTransactionId: 'ext-1',
    reference: 'cheque 7',
    staffNote: 'SECRET',
  }),
];

describe('receipt', () => {
  it('excludes disputed and set-off amounts from remainingPayable', () => {
    const disputed = { type: 'FeeDisputed', data: { disputeId: 'd1', feeId: 'f3', at } } as const;
    const waived = {
      type: 'LostItemCreditIssued',
      data: {
        creditId: 'c2',
        feeId: 'f2',
        amount: '4.00',
        currency: 'USD',
        cause: 'waived',
        purpose: 'setOff',
        at,
      },
    } as const;
    const account = fold([...events, assessed('f3', '7.00'), disputed, waived]);
    expect(receipt(account, policy, { paymentId: 'p1' })).toMatchObject({
      remainingPayable: '26.00',
      allocations: [{ remaining: '0.00' }, { remaining: '30.00' }],
    });
  });

  it('shows allocations, overpayment and what is still payable', () => {
    expect(receipt(fold(events), policy, { paymentId: 'p1' })).toStrictEqual({
      paymentId: 'p1',
      currency: 'USD',
      amount: '16.00',
      reversed: '0.00',
      netAmount: '16.00',
      method: 'CASH',
      methodLabel: 'Cash',
      at,
      by,
      comment: 'Thank you',
      externalTransactionId: 'ext-1',
      reference: 'cheque 7',
      allocations: [
        {
          feeId: 'f1',
          feeType: 'OVERDUEFINE',
          feeTypeLabel: 'Overdue fine',
          title: 'On Numbers',
          owner: 'MAIN',
          amount: '5.00',
          reversed: '0.00',
          vatPercent: null,
          vat: '0.00',
          remaining: '0.00',
          accruing: false,
          planId: null,
        },
        {
          feeId: 'f2',
          feeType: 'LOSTITEMREPLACEMENTFEE',
          feeTypeLabel: 'Lost item replacement fee',
          title: null,
          owner: 'LAW',
          amount: '10.00',
          reversed: '0.00',
          vatPercent: null,
          vat: '0.00',
          remaining: '30.00',
          accruing: false,
          planId: null,
        },
      ],
      overpayment: { creditId: 'c1', amount: '1.00', reversed: '0.00' },
      vat: [],
      remainingPayable: '30.00',
    });
  });

  it('shows what has been reversed since', () => {
    const bounced: AccountEvent = {
      type: 'PaymentReversed',
      data: {
        reversalId: 'r1',
        paymentId: 'p1',
        amount: '5.00',
        currency: 'USD',
        method: 'CASH',
        allocations: [{ feeId: 'f2', amount: '4.00' }],
        overpayment: { creditId: 'c1', amount: '1.00' },
        at,
      },
    };
    const view = receipt(fold([...events, bounced]), policy, { paymentId: 'p1' });
    expect(view).toMatchObject({ reversed: '5.00', netAmount: '11.00', remainingPayable: '34.00' });
    expect(view.allocations.map(({ reversed }) => reversed)).toEqual(['0.00', '4.00']);
    expect(view.overpayment?.reversed).toBe('1.00');
  });

  it('shows codes that the policy does not have, and null for absent details', () => {
    const view = receipt(fold([assessed('f1', '5.00'), paid('p1', 'f1', '5.00')]), forgetfulPolicy, {
      paymentId: 'p1',
    });
    expect(view).toMatchObject({
      methodLabel: 'CASH',
      by: null,
      comment: null,
      reference: null,
      overpayment: null,
    });
    expect(view.allocations[0]?.feeTypeLabel).toBe('OVERDUEFINE');
  });

  it('throws NOT_FOUND if the account has no such payment', () => {
    for (const paymentId of ['f1', 'c1', '', '__proto__', 'constructor']) {
      expect(() => receipt(fold(events), policy, { paymentId })).toThrow(
        expect.objectContaining({
          code: 'NOT_FOUND',
          message: `NOT_FOUND: the account has no payment ${paymentId}`,
          details: { paymentId },
        }),
      );
    }
    expect(() => receipt(emptyAccount(), policy, { paymentId: 'p1' })).toThrow('NOT_FOUND');
    expect(() => receipt(null as unknown as PatronAccount, policy, { paymentId: 'p1' })).toThrow(
      'INVALID_ACCOUNT',
    );
    expect(() => receipt(fold(events), {} as FeePolicy, { paymentId: 'p1' })).toThrow('INVALID_POLICY');
  });

  it('names the option that is missing', () => {
    expect(() => receipt(fold(events), policy, {} as never)).toThrow(
      /^INVALID_ARGUMENT: options\.paymentId: missing /,
    );
  });

  it('adds up to the payment, is plain JSON without staff notes, and does not change the account', () => {
    const minor = (amount: string) => Math.round(Number(amount) * 100);
    fc.assert(
      fc.property(histories, (history) => {
        const account = fold(history);
        const before = structuredClone(account);
        for (const { paymentId } of account.payments) {
          const view = receipt(account, policy, { paymentId });
          const parts = [...view.allocations, ...(view.overpayment === null ? [] : [view.overpayment])];
          const sum = (column: 'amount' | 'reversed') =>
            parts.reduce((total, part) => total + minor(part[column]), 0);
          expect(sum('amount')).toBe(minor(view.amount));
          expect(sum('reversed')).toBe(minor(view.reversed));
          expect(minor(view.netAmount)).toBe(minor(view.amount) - minor(view.reversed));
          const json = JSON.stringify(view);
          expect(JSON.parse(json)).toStrictEqual(view);
          expect(json).not.toContain('SECRET');
        }
        expect(structuredClone(account)).toEqual(before);
      }),
      tried(1_000),
    );
  });
});
