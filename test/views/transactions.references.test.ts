import { describe, expect, it } from 'vitest';
import type { AccountEvent } from '../../src/account/events/accountEvent.js';
import { definePolicy, fold } from '../../src/index.js';
import { transactions } from '../../src/views/index.js';
import {
  applied,
  assessed,
  at,
  credited,
  disputed,
  lost,
  paid,
  returned,
  transferred,
  waived,
  waivedLost,
} from './story.js';

const usd = { currency: 'USD', at } as const;

/** The kind and references of every transaction of a fee or credit. */
function referencesOf(events: readonly AccountEvent[], id: string) {
  const { lines } = transactions(fold(events), definePolicy({ currency: 'USD' }), { id });
  return lines.map(({ kind, references }) => [kind, references]);
}

/** A transfer that was paid with one dollar more than was pending, then reversed completely. */
const settledAndReversed: readonly AccountEvent[] = [
  assessed('f1', '5.00'),
  {
    type: 'FeeTransferred',
    data: { ...usd, transferId: 't1', feeId: 'f1', amount: '5.00', expectsSettlement: true },
  },
  {
    type: 'TransferSettled',
    data: {
      ...{ ...usd, settlementId: 's1', transferId: 't1', amount: '5.00', externalReference: 'run 8' },
      surplus: { creditId: 'c1', amount: '1.00' },
    },
  },
  {
    type: 'CreditIssued',
    data: { ...usd, creditId: 'c1', amount: '1.00', cause: 'settlement', purpose: 'refundable' },
  },
  {
    type: 'SettlementReversed',
    data: {
      ...{ ...usd, reversalId: 'r1', settlementId: 's1', transferId: 't1', amount: '5.00' },
      surplus: { creditId: 'c1', amount: '1.00' },
    },
  },
];

const reversed: AccountEvent = {
  type: 'PaymentReversed',
  data: {
    ...usd,
    reversalId: 'r1',
    paymentId: 'p1',
    amount: '6.00',
    method: 'CASH',
    allocations: [{ feeId: 'f1', amount: '5.00' }],
    overpayment: { creditId: 'c1', amount: '1.00' },
  },
};

const overpaid = paid('p1', 'f1', '5.00', {
  amount: '6.00',
  overpayment: { creditId: 'c1', amount: '1.00' },
  externalTransactionId: 'ext-1',
  reference: 'cheque 7',
});

describe('the references of a transaction', () => {
  it("returns a payment's external ids, and the payment that was reversed", () => {
    const events = [assessed('f1', '5.00'), overpaid, reversed];
    expect(referencesOf(events, 'f1')).toEqual([
      ['assessed', {}],
      ['payment', { externalTransactionId: 'ext-1', reference: 'cheque 7' }],
      ['paymentReversed', { paymentId: 'p1' }],
    ]);
    expect(referencesOf(events, 'c1')).toEqual([
      ['creditIssued', { paymentId: 'p1', cause: 'overpayment' }],
      ['creditWithdrawn', { paymentId: 'p1' }],
    ]);
  });

  it('name the settlement that was reversed, on the fee and on the credit of its surplus', () => {
    expect(referencesOf(settledAndReversed, 'f1').slice(1)).toEqual([
      ['transfer', {}],
      ['settlement', { externalReference: 'run 8' }],
      ['settlementReversed', { settlementId: 's1' }],
    ]);
    expect(referencesOf(settledAndReversed, 'c1')[1]).toEqual(['creditWithdrawn', { settlementId: 's1' }]);
  });

  it('omits absent references', () => {
    expect(referencesOf([assessed('f1', '5.00'), paid('p1', 'f1', '5.00')], 'f1')[1]).toEqual([
      'payment',
      {},
    ]);
  });

  it('returns the waiver that was reversed, and the outcome of a dispute', () => {
    const events: AccountEvent[] = [
      assessed('f1', '5.00'),
      waived('w1', 'f1', '5.00'),
      {
        type: 'WaiverReversed',
        data: { ...usd, reversalId: 'r1', waiverId: 'w1', feeId: 'f1', amount: '5.00' },
      },
      disputed('d1', 'f1'),
      { type: 'DisputeResolved', data: { at, disputeId: 'd1', feeId: 'f1', outcome: 'withdrawn' } },
      { type: 'FeeCancelled', data: { ...usd, cancellationId: 'x1', feeId: 'f1', amount: '5.00' } },
    ];
    expect(referencesOf(events, 'f1').slice(1)).toEqual([
      ['waiver', {}],
      ['waiverReversed', { waiverId: 'w1' }],
      ['disputed', {}],
      ['disputeResolved', { outcome: 'withdrawn' }],
      ['cancellation', {}],
    ]);
  });

  it('returns the credit for a fee, and the fee for a credit', () => {
    const application = {
      applicationId: 'a1',
      creditId: 'c1',
      allocations: [{ feeId: 'f1', amount: '4.00' }],
    };
    const events: AccountEvent[] = [
      lost('f1', '5.00'),
      returned('b1', 'f1'),
      waivedLost('c1', 'f1', '5.00', { cause: 'returned' }),
      applied('a1', 'c1', 'f1', '4.00'),
      { type: 'CreditApplicationReversed', data: { ...usd, reversalId: 'r1', ...application } },
      { type: 'CreditCancelled', data: { ...usd, cancellationId: 'x1', creditId: 'c1', amount: '5.00' } },
    ];
    expect(referencesOf(events, 'f1').slice(1)).toEqual([
      ['returned', {}],
      ['creditIssued', { creditId: 'c1', cause: 'returned' }],
      ['creditApplied', { creditId: 'c1' }],
      ['creditApplicationReversed', { creditId: 'c1' }],
      ['creditCancelled', { creditId: 'c1' }],
    ]);
    expect(referencesOf(events, 'c1')).toEqual([
      ['creditIssued', { feeId: 'f1', cause: 'returned' }],
      ['creditApplied', { feeId: 'f1' }],
      ['creditApplicationReversed', { feeId: 'f1' }],
      ['creditCancelled', { feeId: 'f1' }],
    ]);
  });

  it('returns the destination of a transfer, its settlement, and the recalled transfer', () => {
    const events: AccountEvent[] = [
      assessed('f1', '5.00'),
      transferred('t1', 'f1', '5.00', { batchId: 'b1', externalReference: 'bill 9' }),
      {
        type: 'TransferSettled',
        data: { ...usd, settlementId: 's1', transferId: 't1', amount: '2.00', externalReference: 'pay 3' },
      },
      { type: 'TransferSettled', data: { ...usd, settlementId: 's2', transferId: 't1', amount: '1.00' } },
      { type: 'TransferRecalled', data: { ...usd, recallId: 'r1', transferId: 't1', amount: '2.00' } },
    ];
    expect(referencesOf(events, 'f1').slice(1)).toEqual([
      ['transfer', { batchId: 'b1', destination: 'BURSAR', externalReference: 'bill 9' }],
      ['settlement', { externalReference: 'pay 3' }],
      ['settlement', {}],
      ['recall', { transferId: 't1' }],
    ]);
  });

  it("returns a refund's external ids, and the refund that was reversed", () => {
    const refund = { ...usd, refundId: 'm1', creditId: 'c1', amount: '2.00' };
    const events: AccountEvent[] = [
      credited('c1', '5.00', { cause: 'imported', purpose: 'refundable' }),
      {
        type: 'CreditRefunded',
        data: { ...refund, method: 'CASH', externalTransactionId: 'ext-2', reference: 'slip' },
      },
      { type: 'RefundReversed', data: { ...refund, reversalId: 'r1' } },
    ];
    expect(referencesOf(events, 'c1')).toEqual([
      ['creditIssued', { cause: 'imported' }],
      ['refund', { externalTransactionId: 'ext-2', reference: 'slip' }],
      ['refundReversed', { refundId: 'm1' }],
    ]);
  });
});
