import { describe, expect, it } from 'vitest';
import { undoingOf } from '../../../src/testing/laws/undoingOf.js';
import { event, lost, paid } from '../../support/events.js';

describe('the command that undoes an event', () => {
  it('names what the event created', () => {
    expect(undoingOf(paid('p1', 'f1', '1.00'), 'u')).toMatchObject({
      type: 'ReversePayment',
      id: 'u',
      paymentId: 'p1',
    });
    expect(undoingOf(lost('f1', '1.00'), 'u')).toMatchObject({ type: 'CancelFee', feeId: 'f1' });
  });

  it.each([
    ['waived', { type: 'ReverseWaiver', waiverId: 'c1' }],
    ['returned', { type: 'CancelCredit', creditId: 'c1' }],
  ] as const)('depends on why a credit was issued: %s', (cause, command) => {
    const credit = event('LostItemCreditIssued', {
      ...{ creditId: 'c1', feeId: 'f1', amount: '1.00', cause, purpose: 'setOff' },
    });
    expect(undoingOf(credit, 'u')).toMatchObject(command);
  });

  it('are undefined for an event that cannot be undone', () => {
    const cancelled = event('FeeCancelled', { cancellationId: 'x', feeId: 'f1', amount: '1.00' });
    expect(undoingOf(cancelled, 'u')).toBeUndefined();
  });
});
