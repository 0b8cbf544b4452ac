import { describe, expect, it } from 'vitest';
import { type Payment, reversedOf, type Transfer, transferPendingOf } from '../../src/account/records.js';
import { accountOf, assessed, paid, prepaid, transferred } from '../support/events.js';

describe('transferPendingOf', () => {
  const [transfer] = accountOf(assessed('f1', '10.00'), transferred('t1', 'f1', '10.00')).transfers as [
    Transfer,
  ];

  it('is the amount neither settled nor recalled', () => {
    expect(transferPendingOf({ ...transfer, settled: 200, recalled: 300 })).toBe(500);
  });

  it('is zero if no settlement is expected', () => {
    expect(transferPendingOf({ ...transfer, expectsSettlement: false })).toBe(0);
  });
});

describe('reversedOf', () => {
  it('is the sum of the reversed parts of the allocations and of the overpayment', () => {
    const [payment] = accountOf(assessed('f1', '10.00'), paid('p1', 'f1', '10.00')).payments as [Payment];
    const [overpaid] = accountOf(prepaid('p1', 'c1', '5.00')).payments as [Payment];
    const allocations = [100, 20].map((reversed) => ({ feeId: 'f1', amount: 500, reversed }));
    expect(reversedOf(payment)).toBe(0);
    expect(reversedOf({ ...payment, allocations })).toBe(120);
    expect(
      reversedOf({ ...overpaid, allocations, overpayment: { creditId: 'c1', amount: 500, reversed: 3 } }),
    ).toBe(123);
  });
});
