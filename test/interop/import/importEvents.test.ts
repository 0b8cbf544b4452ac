import { describe, expect, it } from 'vitest';
import { importEvents, isImported } from '../../../src/interop/import/importEvents.js';
import { account, balance, change, charge, imported } from './foreign.js';

describe('the events of an import', () => {
  it('are in the order of their times, and never before the charge they are about', () => {
    const paid = [{ feeId: 'x/f1', amount: 100 }];
    const changes = [
      change(0, { kind: 'payment', paymentId: 'x/p', method: 'CASH', paid }),
      change(9, { kind: 'waiver', id: 'x/w', waived: paid }),
      charge(5, 1_000),
    ];
    expect(imported(account(changes, [balance(800)])).events).toEqual([
      'FeeAssessed 10.00',
      'PaymentReceived 1.00',
      'FeeWaived 1.00',
    ]);
  });

  it('leave out what earlier imports recorded, and keep what was done here', () => {
    const first = imported(account([charge(0, 1_000)], [balance(1_000)]));
    const here = {
      type: 'FeeWaived',
      data: { waiverId: 'w1', feeId: 'x/f1', amount: '4.00', currency: 'USD', at: '2026-04-01T09:00:00Z' },
    } as const;
    const paid = [{ feeId: 'x/f1', amount: 100 }];
    const later = change(9, { kind: 'payment', paymentId: 'x/p', method: 'CASH', paid });
    const second = imported(account([charge(0, 1_000), later], [balance(900)]), [...first.all, here]);
    expect(second).toMatchObject({ events: ['PaymentReceived 1.00'], findings: [], owed: { 'x/f1': 500 } });
  });

  it('are recognised by the channel and the ids of the system', () => {
    const [event] = importEvents(account([charge(0, 1_000)], [balance(1_000)]), {
      institution: 'north',
    }).events;
    expect(event?.data.by).toEqual({ channel: 'import', institution: 'north' });
    expect(event !== undefined && isImported(event, 'x')).toBe(true);
    expect(event !== undefined && isImported(event, 'y')).toBe(false);
    const data = { feeId: 'x/f1', disputeId: 'x/d', at: '2026-03-02T09:00:00Z' };
    expect(isImported({ type: 'FeeDisputed', data }, 'x')).toBe(false);
  });
});
