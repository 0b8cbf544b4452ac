import { describe, expect, it } from 'vitest';
import { account, balance, change, charge, imported } from './foreign.js';

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
