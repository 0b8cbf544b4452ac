import { describe, expect, it } from 'vitest';
import { type AccountEvent, type Fee, fold } from '../../../src/index.js';
import { transactionsForAlma } from '../../../src/interop/alma/transactionsForAlma.js';

const usd = { currency: 'USD', at: '2026-03-02T09:00:00.000Z' };
const code = (value: string) => ({ value });

const written = (...events: AccountEvent[]) => {
  const account = fold([
    {
      type: 'FeeAssessed',
      data: { feeId: 'f1', feeType: 'OTHER', amount: '10.00', owner: 'MAIN', lostItem: true, ...usd },
    },
    ...events,
  ]);
  const writing = {
    account,
    number: (minor: number) => minor / 100,
    time: (at: string) => at,
    feeType: code,
    method: code,
    reason: code,
    library: code,
  };
  const rows = [account.fees[0] as Fee, ...account.credits];
  return rows.map((row) =>
    transactionsForAlma(row, writing).map(({ type, amount, reason }) =>
      [type.value, amount, reason?.value].filter((part) => part !== undefined),
    ),
  );
};

const paid: AccountEvent = {
  type: 'PaymentReceived',
  data: {
    paymentId: 'p1',
    amount: '4.00',
    method: 'CASH',
    allocations: [{ feeId: 'f1', amount: '4.00' }],
    ...usd,
  },
};

const reversed = (amount: string): AccountEvent => ({
  type: 'PaymentReversed',
  data: {
    reversalId: 'r1',
    paymentId: 'p1',
    amount,
    allocations: [{ feeId: 'f1', amount }],
    method: 'CASH',
    ...usd,
  },
});

const transferred = (expectsSettlement: boolean): AccountEvent => ({
  type: 'FeeTransferred',
  data: { transferId: 't1', feeId: 'f1', amount: '10.00', expectsSettlement, ...usd },
});

describe('transactionsForAlma', () => {
  it('returns payments net of reversals', () => {
    expect(written(paid)).toEqual([[['PAYMENT', 4]]]);
    expect(written(paid, reversed('1.00'))).toEqual([[['PAYMENT', 3]]]);
    expect(written(paid, reversed('4.00'))).toEqual([[]]);
  });

  it('returns waivers that were not undone', () => {
    const waiver = { waiverId: 'w1', feeId: 'f1', amount: '4.00', ...usd };
    const waived: AccountEvent = { type: 'FeeWaived', data: { ...waiver, reason: 'OTHER' } };
    expect(written(waived)).toEqual([[['WAIVE', 4, 'OTHER']]]);
    expect(written(waived, { type: 'WaiverReversed', data: { ...waiver, reversalId: 'r1' } })).toEqual([[]]);
  });

  it('returns a lost-item credit that is set off as a waiver of the fee, with the reason of the credit', () => {
    const issued: AccountEvent = {
      type: 'LostItemCreditIssued',
      data: {
        creditId: 'c1',
        feeId: 'f1',
        amount: '4.00',
        cause: 'waived',
        purpose: 'setOff',
        reason: 'OTHER',
        ...usd,
      },
    };
    const use = {
      applicationId: 'a1',
      creditId: 'c1',
      allocations: [{ feeId: 'f1', amount: '4.00' }],
      ...usd,
    };
    const applied: AccountEvent = { type: 'CreditApplied', data: use };
    expect(written(issued, applied)).toEqual([[['WAIVE', 4, 'OTHER']], []]);
    const undone: AccountEvent = { type: 'CreditApplicationReversed', data: { ...use, reversalId: 'r1' } };
    expect(written(issued, applied, undone)).toEqual([[], []]);
  });

  it('returns nothing for a fee settled by another credit', () => {
    const issued: AccountEvent = {
      type: 'CreditIssued',
      data: { creditId: 'c1', amount: '4.00', cause: 'manual', purpose: 'goodwill', ...usd },
    };
    const allocations = [{ feeId: 'f1', amount: '4.00' }];
    const applied: AccountEvent = {
      type: 'CreditApplied',
      data: { applicationId: 'a1', creditId: 'c1', allocations, ...usd },
    };
    expect(written(issued, applied)).toEqual([[], []]);
  });

  it('returns transfers net of recalls, and reported payments', () => {
    const settled: AccountEvent = {
      type: 'TransferSettled',
      data: { settlementId: 's1', transferId: 't1', amount: '3.00', ...usd },
    };
    const recalled: AccountEvent = {
      type: 'TransferRecalled',
      data: { recallId: 'r1', transferId: 't1', amount: '7.00', ...usd },
    };
    expect(written(transferred(false))).toEqual([[['EXPORT', 10]]]);
    expect(written(transferred(true), settled)).toEqual([
      [
        ['EXPORTED', 10],
        ['PAYMENT_IMPORTED', 3],
      ],
    ]);
    expect(written(transferred(true), settled, recalled)).toEqual([
      [
        ['EXPORTED', 3],
        ['PAYMENT_IMPORTED', 3],
      ],
    ]);
  });
});
