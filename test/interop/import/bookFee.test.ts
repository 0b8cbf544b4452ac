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
