import { describe, expect, it } from 'vitest';
import { agesFrom, amountCharged, isAccruing, standsAt } from '../../src/account/accrual.js';
import { type AccountEvent, type Fee, findFee } from '../../src/index.js';
import { accountOf, assessed, at, event } from '../support/events.js';

const fine = assessed('f1', '10.00', { accruing: true });
const feeAfter = (...events: readonly AccountEvent[]) => findFee(accountOf(...events), 'f1') as Fee;
const increased = event('FeeIncreased', { increaseId: 'i1', feeId: 'f1', amount: '5.00', total: '15.00' });
const decreased = event('FeeCancelled', {
  cancellationId: 'x1',
  feeId: 'f1',
  amount: '3.00',
  accrual: true,
  total: '12.00',
});
const later = '2026-04-01T09:00:00Z';
const ended = event('AccrualEnded', { endId: 'e1', feeId: 'f1', cause: 'lost', total: '12.00', at: later });

describe('a fee that was charged once', () => {
  const fee = feeAfter(assessed('f1', '10.00'));

  it('does not grow, was charged its original amount, and ages from its assessment', () => {
    expect([isAccruing(fee), amountCharged(fee), agesFrom(fee)]).toEqual([false, 1_000, at]);
  });

  it('returns false for `accruing: false` too', () => {
    expect(feeAfter(assessed('f1', '10.00', { accruing: false })).accrual).toBeNull();
  });
});

describe('a fine that grows', () => {
  it('has no age, and its charged amount is what accrual has charged so far', () => {
    const fee = feeAfter(fine, increased, decreased);
    expect([isAccruing(fee), amountCharged(fee), agesFrom(fee)]).toEqual([true, 1_200, null]);
    expect(fee.original).toBe(1_500);
  });

  it('equals its last reported total, and never exceeds what was charged', () => {
    const stands = (amount: string, total: string) => {
      const { accrual } = feeAfter(assessed('f1', amount, { accruing: true, total }));
      return accrual && standsAt(accrual);
    };
    expect([stands('10.00', '10.00'), stands('10.00', '12.00')]).toEqual([1_000, 1_000]);
    const { accrual } = feeAfter(fine, { ...decreased, data: { ...decreased.data, total: '4.00' } });
    expect(accrual && [accrual.accrued, standsAt(accrual)]).toEqual([700, 400]);
  });

  it('ages from its end', () => {
    const fee = feeAfter(fine, ended);
    expect([isAccruing(fee), amountCharged(fee), agesFrom(fee)]).toEqual([false, 1_000, later]);
  });
});
