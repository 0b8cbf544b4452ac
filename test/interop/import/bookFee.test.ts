import { describe, expect, it } from 'vitest';
import { account, balance, change, charge, imported } from './foreign.js';

describe('fees of an import', () => {
  it('grow, fall and end as fines do', () => {
    const result = imported(
      account(
        [
          charge(0, 1_000, { grows: true }),
          change(1, { kind: 'increase', id: 'x/2', feeId: 'x/f1', amount: 500 }),
          change(2, { kind: 'decrease', id: 'x/3', feeId: 'x/f1', amount: 700 }),
          change(3, { kind: 'end', id: 'x/4', feeId: 'x/f1', cause: 'returned' }),
        ],
        [balance(800)],
      ),
    );
    expect(result).toMatchObject({
      events: ['FeeAssessed 10.00', 'FeeIncreased 5.00', 'FeeCancelled 7.00', 'AccrualEnded'],
      findings: [],
      owed: { 'x/f1': 800 },
    });
  });

  it('charge an increase on its own if the fine has stopped growing', () => {
    const before = [
      charge(0, 1_000, { grows: true }),
      change(3, { kind: 'end', id: 'x/4', feeId: 'x/f1', cause: 'lost' }),
    ];
    const first = imported(account(before, [balance(1_000)]));
    const later = change(4, { kind: 'increase', id: 'x/5', feeId: 'x/f1', amount: 200 });
    const second = imported(account([...before, later], [balance(1_200)]), first.all);
    expect(second).toMatchObject({ events: ['FeeAssessed 2.00'], findings: [] });
    expect(second.owed).toEqual({ 'x/f1': 1_000, 'x/5': 200 });
  });

  it('are transferred and cancelled as far as they are owed', () => {
    const transfer = change(1, {
      kind: 'transfer',
      id: 'x/2',
      feeId: 'x/f1',
      amount: 400,
      destination: 'Bursar',
    });
    const cancel = change(2, { kind: 'cancellation', id: 'x/3', feeId: 'x/f1' });
    const tooMuch = change(3, { kind: 'transfer', id: 'x/4', feeId: 'x/f1', amount: 100 });
    const result = imported(account([charge(0, 1_000), transfer, cancel, tooMuch], [balance(0)]));
    expect(result.events).toEqual([
      'FeeAssessed 10.00',
      'FeeTransferred 4.00',
      'FeeCancelled 6.00',
      'FeeCancelled 0.00',
    ]);
    expect(result.findings).toEqual(['AmountDoesNotFit']);
  });

  it('give back what was paid, which then pays other charges of the pool', () => {
    const pooled = balance(200, { pooled: true });
    const paid = { balanceId: 'x/f1', amount: 1_000 };
    const changes = [
      charge(0, 1_000),
      change(1, { kind: 'payment', paymentId: 'x/p', method: 'CASH', paid }),
      change(2, { kind: 'cancellation', id: 'x/v', feeId: 'x/f1', amount: 1_000, givesBack: true }),
      charge(3, 1_200, { feeId: 'x/f2' }),
    ];
    expect(imported(account(changes, [pooled]))).toMatchObject({
      events: [
        'FeeAssessed 10.00',
        'PaymentReceived 10.00',
        'FeeCancelled 0.00',
        'CreditIssued 10.00',
        'FeeAssessed 12.00',
        'CreditApplied',
      ],
      findings: [],
      owed: { 'x/f1': 0, 'x/f2': 200 },
      unused: { 'x/v/credit': 0 },
    });
  });

  it('must exist: a change of an unknown fee is a finding', () => {
    const unknown = change(1, { kind: 'increase', id: 'x/2', feeId: 'x/f9', amount: 500 });
    const fall = change(1, { kind: 'decrease', id: 'x/3', feeId: 'x/f9', amount: 500 });
    const cancel = change(1, { kind: 'cancellation', id: 'x/4', feeId: 'x/f9' });
    const { events, findings } = imported(account([unknown, fall, cancel], []));
    expect([events, findings]).toEqual([[], ['UnknownRow', 'UnknownRow', 'UnknownRow']]);
  });
});

const part = (amount: number, feeId = 'x/f1') => ({ feeId, amount });

describe('money of an import', () => {
  it('is paid, credited and used', () => {
    const credit = { balanceId: 'x/p', amount: 300 };
    const changes = [
      charge(0, 1_000),
      change(1, { kind: 'payment', paymentId: 'x/p', method: 'CASH', paid: [part(600)], credit }),
      change(2, { kind: 'use', id: 'x/u', creditId: 'x/p/credit', feeId: 'x/f1', amount: 100 }),
      change(3, { kind: 'waiver', id: 'x/w', waived: [part(50)] }),
    ];
    const balances = [balance(250), balance(0, { balanceId: 'x/p', credit: 200 })];
    expect(imported(account(changes, balances))).toMatchObject({
      events: ['FeeAssessed 10.00', 'PaymentReceived 9.00', 'CreditApplied', 'FeeWaived 0.50'],
      findings: [],
      owed: { 'x/f1': 250 },
      unused: { 'x/p/credit': 200 },
    });
  });

  it('is spread over a balance: the fee with exactly this amount, or else the oldest', () => {
    const pay = (id: string, amount: number) =>
      change(2, { kind: 'payment', paymentId: id, method: 'CASH', paid: { balanceId: 'x/f1', amount } });
    const fees = [charge(0, 1_000), charge(1, 300, { feeId: 'x/f2' })];
    expect(imported(account([...fees, pay('x/p', 300)], [balance(1_000)])).owed).toEqual({
      'x/f1': 1_000,
      'x/f2': 0,
    });
    expect(imported(account([...fees, pay('x/p', 400)], [balance(900)])).owed).toEqual({
      'x/f1': 600,
      'x/f2': 300,
    });
    const above = imported(account([...fees, pay('x/p', 1_500)], [balance(0, { credit: 200 })]));
    expect(above).toMatchObject({ findings: [], unused: { 'x/p/credit': 200 } });
  });

  it('that exceeds its fees is reduced, with a finding, and the excess is not booked later', () => {
    const changes = [
      charge(0, 1_000),
      change(1, { kind: 'payment', paymentId: 'x/p', method: 'CASH', paid: [part(1_200)] }),
      change(2, { kind: 'payment', paymentId: 'x/q', method: 'CASH', paid: [part(100)] }),
      change(3, { kind: 'waiver', id: 'x/w', waived: [part(100)] }),
      change(4, { kind: 'use', id: 'x/u', creditId: 'x/none', feeId: 'x/f1', amount: 100 }),
    ];
    const result = imported(account(changes, [balance(0)]));
    expect(result.events).toEqual([
      'FeeAssessed 10.00',
      'PaymentReceived 10.00',
      'FeeCancelled 0.00',
      'FeeCancelled 0.00',
      'FeeCancelled 0.00',
    ]);
    expect(result.findings).toEqual(Array(4).fill('AmountDoesNotFit'));
    expect(imported(account(changes, [balance(0)]), result.all).events).toEqual([]);
  });

  it('comes back as a credit of the fine that decreased, if the rows say so', () => {
    const paid = [part(900)];
    const credit = { kind: 'credit', creditId: 'x/c', balanceId: 'x/c', purpose: 'refundable' } as const;
    const changes = [
      charge(0, 1_000, { grows: true }),
      change(1, { kind: 'payment', paymentId: 'x/p', method: 'CASH', paid }),
      change(2, { kind: 'decrease', id: 'x/d', feeId: 'x/f1', amount: 400 }),
      change(2, { ...credit, amount: 300, ofDecrease: true }),
    ];
    const { all, findings } = imported(
      account(changes, [balance(0), balance(0, { balanceId: 'x/c', credit: 300 })]),
    );
    expect(findings).toEqual([]);
    expect(all.at(-1)).toMatchObject({
      type: 'CreditIssued',
      data: { creditId: 'x/c', amount: '3.00', cause: 'cancelled', feeId: 'x/f1', accrual: true },
    });
  });
});

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
