import { describe, expect, it } from 'vitest';
import { takeBackAccrued, takeBackAfterEnd } from '../../src/account/takeBackAccrued.js';
import type { AccountEvent } from '../../src/index.js';
import { contextOf } from '../support/context.js';
import { accountOf, assessed, event, paid } from '../support/events.js';

const fine = assessed('f1', '10.00', { accruing: true });
const facts = (events: readonly AccountEvent[]) =>
  events.map(({ type, data }) => [type, 'amount' in data ? data.amount : null]);
const takenBack = (history: readonly AccountEvent[], total: number, recorded: 'always' | 'ifTaken') => {
  const context = contextOf(accountOf(...history));
  takeBackAccrued(context, 'f1', total, recorded);
  return facts(context.events);
};

describe('takeBackAccrued', () => {
  it('reduces the owed amount, then gives back the paid one', () => {
    const history = [fine, paid('p1', 'f1', '7.00')];
    expect(takenBack(history, 800, 'ifTaken')).toEqual([['FeeCancelled', '2.00']]);
    expect(takenBack(history, 500, 'ifTaken')).toEqual([
      ['FeeCancelled', '3.00'],
      ['CreditIssued', '2.00'],
    ]);
  });

  it('leaves what is owed only because more was given back than came in', () => {
    const history = [
      fine,
      paid('p1', 'f1', '4.00'),
      event('CreditIssued', {
        creditId: 'c1',
        feeId: 'f1',
        amount: '3.00',
        cause: 'cancelled',
        purpose: 'refundable',
      }),
      event('PaymentReversed', {
        reversalId: 'r1',
        paymentId: 'p1',
        amount: '4.00',
        method: 'CASH',
        allocations: [{ feeId: 'f1', amount: '4.00' }],
      }),
    ];
    expect(takenBack(history, 0, 'ifTaken')).toEqual([['FeeCancelled', '7.00']]);
  });

  it('gives back nothing for a waived amount, and records the total only if asked to', () => {
    const history = [fine, event('FeeWaived', { waiverId: 'w1', feeId: 'f1', amount: '10.00' })];
    expect(takenBack(history, 500, 'ifTaken')).toEqual([]);
    expect(takenBack(history, 500, 'always')).toEqual([['FeeCancelled', '0.00']]);
  });
});

describe('takeBackAfterEnd', () => {
  const ended = event('AccrualEnded', { endId: 'e1', feeId: 'f1', cause: 'returned', total: '4.00' });
  const taken = (...history: readonly AccountEvent[]) => {
    const context = contextOf(accountOf(...history));
    takeBackAfterEnd(context, 'f1');
    return facts(context.events);
  };

  it('reduces an ended fine to its total, but by no more than is owed', () => {
    expect(taken(fine, ended)).toEqual([['FeeCancelled', '6.00']]);
    expect(taken(fine, paid('p1', 'f1', '7.00'), ended)).toEqual([['FeeCancelled', '3.00']]);
    expect(taken(fine, paid('p1', 'f1', '10.00'), ended)).toEqual([]);
  });

  it('does not touch a fine that grows, a fine within its total, or a fee charged once', () => {
    expect(taken(fine)).toEqual([]);
    expect(taken(assessed('f1', '3.00', { accruing: true }), ended)).toEqual([]);
    expect(taken(assessed('f1', '10.00'))).toEqual([]);
  });
});
