import { describe, expect, it } from 'vitest';
import { eventLine } from '../../../src/testing/scenario/eventLine.js';
import { at } from '../../support/account.js';

const currency = 'USD';

describe('an event in one line', () => {
  it('starts with the id of the event, then its subject and its amount', () => {
    const reversed = { reversalId: 'r1', waiverId: 'w1', feeId: 'f1', amount: '2.50', currency, at };
    expect(eventLine({ type: 'WaiverReversed', data: reversed })).toBe('WaiverReversed r1 w1 f1 2.50');
  });

  it('names every part of a payment', () => {
    const allocations = [
      { feeId: 'f1', amount: '4.00' },
      { feeId: 'f2', amount: '1.00' },
    ];
    const overpayment = { creditId: 'p1#1', amount: '5.00' };
    const data = { paymentId: 'p1', amount: '10.00', currency, method: 'CASH', allocations, overpayment, at };
    expect(eventLine({ type: 'PaymentReceived', data })).toBe(
      'PaymentReceived p1 10.00 CASH allocations: f1 4.00, f2 1.00 overpayment: p1#1 5.00',
    );
    const none = { ...data, allocations: [] };
    expect(eventLine({ type: 'PaymentReceived', data: none })).toContain('allocations: none overpayment');
  });

  it('quotes an id that could be mistaken for something else', () => {
    const data = { disputeId: 'd1 9.00\nFeeWaived', feeId: '', at };
    expect(eventLine({ type: 'FeeDisputed', data })).toBe('FeeDisputed "d1 9.00\\nFeeWaived" ""');
  });

  it('shows the readable parts of an invalid event', () => {
    expect(eventLine({ type: 'FeeWaived' } as never)).toBe('FeeWaived');
    const odd = { type: 'PaymentReceived', data: { allocations: [null], amount: Symbol('x') } } as never;
    expect(eventLine(odd)).toBe('PaymentReceived ? allocations: ? ?');
  });
});
