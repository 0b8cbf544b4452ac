import type { OnlinePayment } from 'patron-fees/online';
import { describe, expect, it } from 'vitest';
import { differenceOf, notPaidOut } from '../../../src/online/payouts/payoutFindings.js';

const at = '2026-03-02T09:00:00Z';
const capture = { externalTransactionId: 'ch_1', amount: '10.00', currency: 'USD', at };
const back = { ...capture, externalTransactionId: 're_1', amount: '4.00' };
const paymentWith = (...payouts: readonly object[]) =>
  ({
    onlinePaymentId: 'o1',
    currency: 'USD',
    captures: [capture],
    returns: [back],
    payouts,
    settled: [],
  }) as unknown as OnlinePayment;
const paid = (rowId: string, amount: string) =>
  ({ rowId, amount, kind: 'capture', externalTransactionId: 'ch_1' }) as const;

describe('differenceOf', () => {
  const of = { kind: 'capture', externalTransactionId: 'ch_1' } as const;
  const codeOf = (...payouts: readonly object[]) =>
    differenceOf('north', paymentWith(...payouts), of)?.code ?? null;

  it('compares the sum of the rows, some of them below zero, with what was charged', () => {
    expect(codeOf(paid('a', '10.00'))).toBe(null);
    expect(codeOf(paid('a', '15.00'), paid('b', '-5.00'))).toBe(null);
    expect(codeOf(paid('a', '15.00'))).toBe('AMOUNT_DIFFERS');
    expect(codeOf(paid('a', '10.00'), paid('b', '10.00'))).toBe('PAID_OUT_TWICE');
  });
});

describe('notPaidOut', () => {
  it('names captures and returns before an instant that are in no payout', () => {
    const found = (payment: OnlinePayment, before = Date.parse(at)) =>
      notPaidOut('north', payment, before).map(({ externalTransactionId }) => externalTransactionId);
    expect(found(paymentWith())).toEqual(['ch_1', 're_1']);
    expect(found(paymentWith(paid('a', '10.00')))).toEqual(['re_1']);
    expect(found(paymentWith(), Date.parse(at) - 1)).toEqual([]);
  });
});
