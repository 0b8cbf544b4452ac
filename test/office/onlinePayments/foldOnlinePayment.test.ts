import { foldOnlinePayment, unrecordedParts } from 'patron-fees/online';
import { describe, expect, it } from 'vitest';
import { changed, history } from './onlinePayments.js';

const [started, captured, ann, , returned, , ended, paidOut] = history;

const ofOther = { of: 'ch_1', serviceFee: '0.00', accounts: [] };

const settled = (more: object) => {
  const { onlinePaymentId, currency, at, by } = (started as { data: object }).data as Record<string, unknown>;
  const part = { kind: 'capture', externalTransactionId: 'ch_1', patronId: 'ann', amount: '5.50' };
  const data = { onlinePaymentId, currency, at, by, what: 'apart', reason: 'paid in cash', ...part, ...more };
  return { type: 'OnlinePaymentSettled', data };
};

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
  ['a capture is named twice', [started, captured, changed(4, { others: [ofOther] })]],
  ['no capture ch_2', [started, captured, changed(4, { others: [{ ...ofOther, of: 'ch_2' }] })]],
  ['no capture ch_2', [started, captured, settled({ externalTransactionId: 'ch_2' })]],
  ['expected nothing to record for ann', [started, captured, ann, settled({})]],
  ['expected 5.50 to record for ann, found 5.00', [started, captured, settled({ amount: '5.00' })]],
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
