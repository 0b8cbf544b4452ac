import { foldOnlinePayment, unrecordedParts } from 'patron-fees/online';
import { describe, expect, it } from 'vitest';
import {
  captureOf,
  type OnlinePayment,
  withOwnIds,
} from '../../../src/office/onlinePayments/onlinePayment.js';
import { isSameTransaction } from '../../../src/office/onlinePayments/transactionIds.js';
import { changed, history } from './onlinePayments.js';

const [started, captured, ann, , returned, , ended, paidOut] = history;

/** Histories that cannot be, and what is wrong with them. */
const corrupt: readonly (readonly [problem: string, events: readonly unknown[]])[] = [
  ['the payment has not started', [captured]],
  ['the payment has started already', [started, started]],
  ['the parts do not add up', [changed(0, { amount: '8.00' })]],
  ['do not add up to the total', [changed(0, { total: '9.00' })]],
  ['expected payment o1, found o2', [started, changed(1, { onlinePaymentId: 'o2' })]],
  ['expected USD, found EUR', [started, changed(1, { currency: 'EUR' })]],
  ['capture ch_1 is recorded already', [started, captured, captured]],
  ['service fee and accounts do not add up', [started, changed(1, { amount: '9.00' })]],
  ['no service fee of 0.50 is left', [started, captured, changed(1, { externalTransactionId: 'ch_2' })]],
  [
    'no part of eve',
    [started, changed(1, { accounts: [{ patronId: 'eve', amount: '9.50', allocations: [] }] })],
  ],
  [
    'the allocations exceed',
    [
      started,
      changed(1, {
        accounts: [{ patronId: 'ann', amount: '9.50', allocations: [{ feeId: 'f1', amount: '9.60' }] }],
      }),
    ],
  ],
  ['no capture ch_2', [started, captured, changed(4, { of: 'ch_2' })]],
  ['return re_1 is recorded already', [started, captured, returned, returned]],
  ['service fee and accounts do not add up', [started, captured, changed(4, { amount: '1.00' })]],
  [
    'exceeds what is left',
    [started, captured, changed(4, { amount: '0.60', serviceFee: '0.60', accounts: [] })],
  ],
  [
    'the amount of ben exceeds',
    [
      started,
      captured,
      changed(4, { amount: '4.11', serviceFee: '0.10', accounts: [{ patronId: 'ben', amount: '4.01' }] }),
    ],
  ],
  [
    'the amount of eve exceeds',
    [started, captured, changed(4, { accounts: [{ patronId: 'eve', amount: '0.50' }] })],
  ],
  ['expected nothing to record for ann', [started, ann]],
  ['expected nothing to record for ann', [started, captured, ann, ann]],
  ['expected 5.50 to record for ann, found 5.00', [started, captured, changed(2, { amount: '5.00' })]],
  ['the end was final', [started, ended, ended]],
  ['the row row1 is recorded already', [started, captured, paidOut, paidOut]],
  ['no capture ch_1', [started, paidOut]],
];

describe('foldOnlinePayment', () => {
  it('keeps what was taken, given back, recorded and paid out', () => {
    const payment = foldOnlinePayment(history);
    expect(payment).toMatchObject({ total: '9.50', ended: { final: true }, eventCount: history.length });
    expect(payment?.recorded).toHaveLength(3);
    expect(payment && unrecordedParts(payment)).toEqual([]);
    expect(foldOnlinePayment([])).toBeNull();
  });

  it('folds a head and then a tail to the same payment', () => {
    for (let at = 0; at <= history.length; at++) {
      const head = foldOnlinePayment(history.slice(0, at));
      expect(foldOnlinePayment(history.slice(at), head)).toEqual(foldOnlinePayment(history));
    }
  });

  it.each(corrupt)('refuses a corrupt history: %s', (problem, events) => {
    expect(() => foldOnlinePayment(events as never)).toThrow(problem);
    expect(() => foldOnlinePayment(events as never)).toThrow(
      expect.objectContaining({ code: 'CORRUPT_HISTORY' }),
    );
  });

  it.each([null, 5, 'events'])('refuses %j', (events) => {
    expect(() => foldOnlinePayment(events as never)).toThrow(/INVALID_ARGUMENT|INVALID_EVENT/);
  });
});

describe('unrecordedParts', () => {
  it('lists captures, then returns', () => {
    const payment = foldOnlinePayment([started, captured, returned] as never);
    expect(payment && unrecordedParts(payment).map(({ kind, patronId }) => [kind, patronId])).toEqual([
      ['capture', 'ann'],
      ['capture', 'ben'],
      ['return', 'ann'],
    ]);
  });
});

describe('the ids of a transaction', () => {
  const one = { externalTransactionId: 'ch_1', otherIds: ['pi_1', 'x1'] };
  const two = { externalTransactionId: 'ch_2', otherIds: ['pi_1'] };
  const payment = { captures: [one, two, { externalTransactionId: 'ch_3' }] } as unknown as OnlinePayment;

  it('name it, but not another one with which it has another id in common', () => {
    expect(isSameTransaction(one, { externalTransactionId: 'pi_1' })).toBe(true);
    expect(isSameTransaction({ externalTransactionId: 'pi_1' }, one)).toBe(true);
    expect(isSameTransaction(one, two)).toBe(false);
    expect(captureOf(payment, { externalTransactionId: 'x1' })).toBe(one);
    expect(captureOf(payment, { externalTransactionId: 'x2' })).toBeUndefined();
  });

  it('name none of several captures that have them', () => {
    expect(withOwnIds(payment, 'ch_1')).toEqual({ ...one, otherIds: ['x1'] });
    expect(withOwnIds(payment, 'ch_3')).toEqual({ externalTransactionId: 'ch_3' });
  });
});
