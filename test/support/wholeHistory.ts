import type { AccountEvent } from '../../src/account/events/accountEvent.js';
import { assessed, event, lost, paid, prepaid, transferred } from './events.js';

export const waived = event('FeeWaived', { waiverId: 'w1', feeId: 'f1', amount: '4.00' });

/** A history with a row in every list. */
export const history: readonly AccountEvent[] = [
  assessed('f1', '10.00', { item: { title: 'Walden' }, by: { channel: 'desk', desk: 'front' } }),
  assessed('f2', '20.00'),
  lost('f3', '5.00'),
  prepaid('p1', 'c1', '8.00'),
  paid('p2', 'f2', '1.00'),
  waived,
  transferred('t1', 'f2', '2.00'),
  event('FeeDisputed', { disputeId: 'd1', feeId: 'f1' }),
  event('CreditApplied', {
    applicationId: 'a1',
    creditId: 'c1',
    allocations: [{ feeId: 'f2', amount: '3.00' }],
  }),
  event('CreditRefunded', { refundId: 'b1', creditId: 'c1', amount: '1.00', method: 'CASH' }),
  event('PaymentPlanAgreed', {
    planId: 'n1',
    feeIds: ['f2'],
    instalments: [{ dueOn: '2026-04-01', amount: '14.00' }],
  }),
  event('PaymentReceived', {
    paymentId: 'p3',
    amount: '1.00',
    method: 'ONLINE',
    externalTransactionId: 'x1',
    allocations: [{ feeId: 'f2', amount: '1.00' }],
  }),
  event('AccountJoined', { mergeId: 'm1', from: 'twin' }),
];
