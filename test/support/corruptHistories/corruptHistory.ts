import type { AccountEvent } from '../../../src/account/events/accountEvent.js';
import type { PatronAccount } from '../../../src/account/patronAccount.js';
import { assessed, event, lost, prepaid, transferred } from '../events.js';

/** A history, an event that cannot follow it, and the expected and found values of the error. */
export type CorruptHistory = {
  readonly title: string;
  readonly history: readonly AccountEvent[] | PatronAccount;
  readonly next: unknown;
  readonly expected: unknown;
  readonly found: unknown;
};

/** Returns one corrupt history. */
export function corrupt(
  title: string,
  history: CorruptHistory['history'],
  next: unknown,
  expected: unknown,
  found: unknown,
): CorruptHistory {
  return { title, history, next, expected, found };
}

// The events of corrupt histories: a fee of ten dollars, another of five, a credit of five.
export const fee = assessed('f1', '10.00');
export const other = assessed('f2', '5.00');
export const fine = assessed('f1', '10.00', { accruing: true });
export const increased = (amount = '1.00', total = '11.00') =>
  event('FeeIncreased', { increaseId: 'i1', feeId: 'f1', amount, total });
export const lowered = (amount: string, total: string) =>
  event('FeeCancelled', { cancellationId: 'x1', feeId: 'f1', amount, accrual: true, total });
export const ended = (endId = 'e1', total = '10.00') =>
  event('AccrualEnded', { endId, feeId: 'f1', cause: 'returned', total });
export const lostFee = lost('f1', '10.00');
export const credit = prepaid('p1', 'c1', '5.00');
export const otherCredit = prepaid('p2', 'c2', '5.00');
export const transferredFee = transferred('t1', 'f1', '10.00');
export const disputed = event('FeeDisputed', { disputeId: 'd1', feeId: 'f1' });
export const returned = event('LostItemReturned', {
  returnId: 'b1',
  feeId: 'f1',
  refundPercent: 100,
  unpaid: 'percent',
});
export const refunded = event('CreditRefunded', {
  refundId: 'b1',
  creditId: 'c1',
  amount: '2.00',
  method: 'CASH',
});
export const goodwill = event('CreditIssued', {
  creditId: 'c1',
  amount: '5.00',
  cause: 'manual',
  purpose: 'goodwill',
});
export const setOff = event('LostItemCreditIssued', {
  creditId: 'c1',
  feeId: 'f1',
  amount: '4.00',
  cause: 'waived',
  purpose: 'setOff',
});

export const waived = (amount = '4.00', waiverId = 'w1') =>
  event('FeeWaived', { waiverId, feeId: 'f1', amount });

export const unwaived = (amount = '4.00', feeId = 'f1') =>
  event('WaiverReversed', { reversalId: 'r1', waiverId: 'w1', feeId, amount });

export const resolved = (disputeId = 'd1', feeId = 'f1') =>
  event('DisputeResolved', { disputeId, feeId, outcome: 'feeStands' });

export const cancelled = (amount = '1.00', feeId = 'f1') =>
  event('FeeCancelled', { cancellationId: 'x1', feeId, amount });

export const creditCancelled = (amount = '1.00', more: object = {}) =>
  event('CreditCancelled', { cancellationId: 'x1', creditId: 'c1', amount, ...more });

export const applied = (amount = '1.00', feeId = 'f1') =>
  event('CreditApplied', { applicationId: 'a1', creditId: 'c1', allocations: [{ feeId, amount }] });

export const unapplied = (allocations: object = {}, more: object = {}) =>
  event('CreditApplicationReversed', {
    reversalId: 'r1',
    applicationId: 'a1',
    creditId: 'c1',
    allocations: [{ feeId: 'f1', amount: '1.00', ...allocations }],
    ...more,
  });

export const unrefunded = (amount = '2.00', more: object = {}) =>
  event('RefundReversed', { reversalId: 'r1', refundId: 'b1', creditId: 'c1', amount, ...more });

export const creditTransferred = (amount = '1.00') =>
  event('CreditTransferred', { transferId: 't2', creditId: 'c1', amount, expectsSettlement: true });

export const settled = (amount = '1.00', more: object = {}) =>
  event('TransferSettled', { settlementId: 's1', transferId: 't1', amount, ...more });

export const unsettled = (more: object = {}) =>
  event('SettlementReversed', {
    reversalId: 'r1',
    settlementId: 's1',
    transferId: 't1',
    amount: '1.00',
    ...more,
  });

/** A settlement of all ten dollars with a surplus of two, and the credit of the surplus. */
export const settledWithSurplus = () => [
  settled('10.00', { surplus: { creditId: 'c9', amount: '2.00' } }),
  surplusCredit,
];

/** The credit of a settlement's surplus. */
export const surplusCredit = event('CreditIssued', {
  creditId: 'c9',
  amount: '2.00',
  cause: 'settlement',
  purpose: 'refundable',
});

export const recalled = (amount = '1.00', more: object = {}) =>
  event('TransferRecalled', { recallId: 'r1', transferId: 't1', amount, ...more });

/** A recall that uses a credit. */
export const recalledAgainst = (creditId: string, amount: string, part = amount, more: object = {}) =>
  recalled(amount, { setOff: [{ creditId, amount: part }], ...more });

export const payment = (more: object = {}) =>
  event('PaymentReceived', { paymentId: 'p9', amount: '1.00', method: 'CASH', allocations: [], ...more });

export const unpaid = (more: object = {}) =>
  event('PaymentReversed', {
    reversalId: 'r1',
    paymentId: 'p1',
    amount: '1.00',
    method: 'CASH',
    allocations: [],
    ...more,
  });

export const part = (amount: string, feeId = 'f1') => ({ feeId, amount });
