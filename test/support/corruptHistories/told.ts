import type { AccountEvent } from '../../../src/account/events.js';
import type { PatronAccount } from '../../../src/account/patronAccount.js';
import { assessed, event, lost, prepaid, transferred } from '../events.js';

/** A history, an event that cannot follow it, and what is said about that. */
export type CorruptHistory = {
  readonly title: string;
  readonly history: readonly AccountEvent[] | PatronAccount;
  readonly next: unknown;
  readonly expected: unknown;
  readonly found: unknown;
};

/** Tells one corrupt history. */
export function told(
  title: string,
  history: CorruptHistory['history'],
  next: unknown,
  expected: unknown,
  found: unknown,
): CorruptHistory {
  return { title, history, next, expected, found };
}

// What corrupt histories are made of: ten dollars for one fee, five for another, a credit of five.
export const fee = assessed('f1', '10.00');
export const other = assessed('f2', '5.00');
export const fine = assessed('f1', '10.00', { accruing: true });
export const increased = (amount = '1.00') =>
  event('FeeIncreased', { increaseId: 'i1', feeId: 'f1', amount });
export const ended = (endId = 'e1', total = '10.00') =>
  event('AccrualEnded', { endId, feeId: 'f1', cause: 'returned', total });
export const lostFee = lost('f1', '10.00');
export const credit = prepaid('p1', 'c1', '5.00');
export const otherCredit = prepaid('p2', 'c2', '5.00');
export const handedOver = transferred('t1', 'f1', '10.00');
export const disputed = event('FeeDisputed', { disputeId: 'd1', feeId: 'f1' });
export const returned = event('LostItemReturned', {
  returnId: 'b1',
  feeId: 'f1',
  refundPercent: 100,
  unpaid: 'percent',
});
export const refunded = event('CreditRefunded', {
  ...{ refundId: 'b1', creditId: 'c1', amount: '2.00', method: 'CASH' },
});
export const goodwill = event('CreditIssued', {
  ...{ creditId: 'c1', amount: '5.00', cause: 'manual', purpose: 'goodwill' },
});
export const setOff = event('LostItemCreditIssued', {
  ...{ creditId: 'c1', feeId: 'f1', amount: '4.00', cause: 'waived', purpose: 'setOff' },
});

export const waived = (amount = '4.00', waiverId = 'w1') =>
  event('FeeWaived', { waiverId, feeId: 'f1', amount });

export const unwaived = (amount = '4.00', feeId = 'f1') =>
  event('WaiverReversed', { reversalId: 'r1', waiverId: 'w1', feeId, amount });

export const resolved = (disputeId = 'd1', feeId = 'f1') =>
  event('DisputeResolved', { disputeId, feeId, outcome: 'feeStands' });

export const cancelled = (amount = '1.00', feeId = 'f1') =>
  event('FeeCancelled', { cancellationId: 'x1', feeId, amount });

export const creditCancelled = (amount = '1.00') =>
  event('CreditCancelled', { cancellationId: 'x1', creditId: 'c1', amount });

export const applied = (amount = '1.00', feeId = 'f1') =>
  event('CreditApplied', { applicationId: 'a1', creditId: 'c1', allocations: [{ feeId, amount }] });

export const unapplied = (allocations: object = {}, told: object = {}) =>
  event('CreditApplicationReversed', {
    ...{ reversalId: 'r1', applicationId: 'a1', creditId: 'c1' },
    allocations: [{ feeId: 'f1', amount: '1.00', ...allocations }],
    ...told,
  });

export const unrefunded = (amount = '2.00', told: object = {}) =>
  event('RefundReversed', { reversalId: 'r1', refundId: 'b1', creditId: 'c1', amount, ...told });

export const creditTransferred = (amount = '1.00') =>
  event('CreditTransferred', { transferId: 't2', creditId: 'c1', amount, expectsSettlement: true });

export const settled = (amount = '1.00', told: object = {}) =>
  event('TransferSettled', { settlementId: 's1', transferId: 't1', amount, ...told });

export const unsettled = (told: object = {}) =>
  event('SettlementReversed', {
    ...{ reversalId: 'r1', settlementId: 's1', transferId: 't1', amount: '1.00' },
    ...told,
  });

/** A settlement of all ten with two above, and the credit that these became. */
export const settledAbove = () => [
  settled('10.00', { surplus: { creditId: 'c9', amount: '2.00' } }),
  surplusCredit,
];

/** The credit that a settlement's surplus became. */
export const surplusCredit = event('CreditIssued', {
  ...{ creditId: 'c9', amount: '2.00', cause: 'settlement', purpose: 'refundable' },
});

export const recalled = (amount = '1.00', told: object = {}) =>
  event('TransferRecalled', { recallId: 'r1', transferId: 't1', amount, ...told });

/** A recall that uses up of a credit. */
export const recalledAgainst = (creditId: string, amount: string, part = amount, told: object = {}) =>
  recalled(amount, { setOff: [{ creditId, amount: part }], ...told });

export const payment = (told: object = {}) =>
  event('PaymentReceived', { paymentId: 'p9', amount: '1.00', method: 'CASH', allocations: [], ...told });

export const unpaid = (told: object = {}) =>
  event('PaymentReversed', {
    ...{ reversalId: 'r1', paymentId: 'p1', amount: '1.00', method: 'CASH', allocations: [] },
    ...told,
  });

export const part = (amount: string, feeId = 'f1') => ({ feeId, amount });
