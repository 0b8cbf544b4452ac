import { describe, expect, it } from 'vitest';
import type { AccountEvent } from '../../../src/index.js';
import { eventLine, eventTable, refusalLine } from '../../../src/testing/scenario/eventTable.js';
import { at } from '../../support/account.js';

const disputed = (feeId: string): AccountEvent => ({
  type: 'FeeDisputed',
  data: { disputeId: `d-${feeId}`, feeId, at },
});

describe('a table of events', () => {
  it('is empty if nothing differs', () => {
    expect(eventTable([], [])).toBeUndefined();
    expect(eventTable([disputed('f1')], [disputed('f1')])).toBeUndefined();
  });

  it('shows every event, and marks only the first difference', () => {
    const table = eventTable(['f1', 'f2', 'f3'].map(disputed), ['f1', 'f3'].map(disputed));
    expect(table?.split('\n').slice(0, 6)).toEqual([
      'The events differ, first in event 2.',
      '',
      '     expected             actual',
      '  1  FeeDisputed d-f1 f1  FeeDisputed d-f1 f1',
      '> 2  FeeDisputed d-f2 f2  FeeDisputed d-f3 f3',
      '  3  FeeDisputed d-f3 f3  (nothing)',
    ]);
  });

  it('cuts lines that are too long to show side by side', () => {
    const table = eventTable([], [disputed('x'.repeat(200))]) as string;
    expect(Math.max(...table.split('\n').map((line) => line.length))).toBeLessThan(80);
  });
});

describe('a refusal in one line', () => {
  it('has its fields and its place in a list', () => {
    const rejection = { type: 'FeeNotFound', kind: 'notFound', feeId: 'f9' } as const;
    expect(refusalLine({ accepted: false, events: [], rejection })).toBe('FeeNotFound (feeId "f9")');
    expect(refusalLine({ accepted: false, events: [], rejection, commandIndex: 1 })).toBe(
      'FeeNotFound (feeId "f9"), command 2 of the list',
    );
  });
});

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
