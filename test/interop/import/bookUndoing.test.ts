import { describe, expect, it } from 'vitest';
import { account, balance, change, charge, imported } from './foreign.js';

const paid = (amount: number) => [{ feeId: 'x/f1', amount }];

const payment = change(1, { kind: 'payment', paymentId: 'x/p', method: 'CASH', paid: paid(600) });

describe('undoing in an import', () => {
  it('voids a payment with the use of its credit', () => {
    const credit = { balanceId: 'x/p', amount: 500 };
    const changes = [
      charge(0, 1_000),
      change(1, { kind: 'payment', paymentId: 'x/p', method: 'CASH', paid: paid(600), credit }),
      change(2, { kind: 'use', id: 'x/u', creditId: 'x/p/credit', feeId: 'x/f1', amount: 400 }),
      change(3, { kind: 'void', id: 'x/v', of: 'x/p' }),
    ];
    const balances = [balance(1_000), balance(0, { balanceId: 'x/p' })];
    expect(imported(account(changes, balances))).toMatchObject({
      events: [
        'FeeAssessed 10.00',
        'PaymentReceived 11.00',
        'CreditApplied',
        'CreditApplicationReversed',
        'PaymentReversed 11.00',
      ],
      findings: [],
    });
  });

  it('voids a waiver and a credit', () => {
    const changes = [
      charge(0, 1_000),
      change(1, { kind: 'waiver', id: 'x/w', waived: paid(300) }),
      change(1, { kind: 'credit', creditId: 'x/c', balanceId: 'x/c', amount: 200, purpose: 'goodwill' }),
      change(2, { kind: 'void', id: 'x/v', of: 'x/w' }),
      change(2, { kind: 'void', id: 'x/w2', of: 'x/c' }),
    ];
    const result = imported(account(changes, [balance(1_000), balance(0, { balanceId: 'x/c' })]));
    expect(result.events.slice(3)).toEqual(['WaiverReversed 3.00', 'CreditCancelled 2.00']);
    expect(result.findings).toEqual([]);
  });

  it('opens a fee again: payments and transfers come back, the latest first', () => {
    const changes = [
      charge(0, 1_000),
      payment,
      change(2, { kind: 'transfer', id: 'x/t', feeId: 'x/f1', amount: 400 }),
      change(3, { kind: 'reopening', id: 'x/r', feeId: 'x/f1', amount: 100, from: 'payments' }),
      change(4, { kind: 'reopening', id: 'x/s', feeId: 'x/f1', amount: 400, from: 'transfers' }),
      change(5, { kind: 'reopening', id: 'x/z', feeId: 'x/f1', amount: 900, from: 'payments' }),
      change(6, { kind: 'reopening', id: 'x/y', feeId: 'x/f1', amount: 900, from: 'payments' }),
    ];
    const result = imported(account(changes, [balance(1_000)]));
    expect(result.events.slice(3)).toEqual([
      'PaymentReversed 1.00',
      'TransferRecalled 4.00',
      'PaymentReversed 5.00',
      'FeeCancelled 0.00',
    ]);
    expect(result.findings).toEqual(['AmountDoesNotFit', 'AmountDoesNotFit']);
  });

  it('pays out a credit, even more than it has if the credit says so', () => {
    const changes = [
      change(1, { kind: 'credit', creditId: 'x/c', balanceId: 'x/c', amount: 200, purpose: 'refundable' }),
      change(2, { kind: 'refund', id: 'x/r', of: { creditId: 'x/c' }, amount: 150, method: 'CASH' }),
      change(3, { kind: 'refund', id: 'x/s', of: { creditId: 'x/c' }, amount: 150, method: 'CASH' }),
    ];
    expect(imported(account(changes, [balance(0, { balanceId: 'x/c' })]))).toMatchObject({
      events: [
        'CreditIssued 2.00',
        'CreditRefunded 1.50',
        'CreditIssued 1.00',
        'CreditRefunded 0.50',
        'CreditRefunded 1.00',
      ],
      findings: ['AmountDoesNotFit'],
      unused: { 'x/c': 0, 'x/s/credit': 0 },
    });
  });

  it('pays out a balance: its credit first, then payments are taken back', () => {
    const refund = (amount: number) =>
      change(3, { kind: 'refund', id: 'x/r', of: { balanceId: 'x/f1' }, amount, method: 'CASH' });
    const over = change(1, {
      kind: 'payment',
      paymentId: 'x/p',
      method: 'CASH',
      paid: { balanceId: 'x/f1', amount: 1_200 },
    });
    const result = imported(account([charge(0, 1_000), over, refund(500)], [balance(300, { pooled: true })]));
    expect(result.events.slice(2)).toEqual(['CreditRefunded 2.00', 'PaymentReversed 3.00']);
    expect(result.findings).toEqual([]);
    const tooMuch = imported(account([charge(0, 1_000), payment, refund(700)], [balance(1_000)]));
    expect(tooMuch.events.slice(2)).toEqual([
      'PaymentReversed 6.00',
      'CreditIssued 1.00',
      'CreditRefunded 1.00',
    ]);
    expect(tooMuch.findings).toEqual(['AmountDoesNotFit', 'UnknownRow']);
  });
});
