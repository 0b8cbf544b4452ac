import { describe, expect, it } from 'vitest';
import { explainRow } from '../../../src/interop/alma/explainRow.js';
import { paymentsOf } from '../../../src/interop/alma/paymentsOf.js';
import { feeRow, type Json, rowFrom, transaction } from './almaRows.js';

const partsOf = (id: string, ...transactions: Json[]) =>
  explainRow(rowFrom(feeRow({ id, balance: 1, transaction: transactions })), {}).payments;

const shared = (amount: number, changes: Json = {}) =>
  transaction(amount, { external_transaction_id: 'x1', ...changes });

describe('paymentsOf', () => {
  it('combines parts with the same id, at the time of the first, with every comment once', () => {
    const parts = [
      ...partsOf('a', shared(2, { comment: 'by card', transaction_time: '2026-03-04T10:00:01Z' })),
      ...partsOf('b', shared(3, { comment: 'by card' })),
      ...partsOf('c', shared(4, { comment: 'thanks' })),
    ];
    expect(paymentsOf(parts)).toEqual([
      {
        ms: Date.parse('2026-03-04T10:00:01Z'),
        opens: false,
        events: [
          {
            type: 'PaymentReceived',
            data: {
              paymentId: 'alma/payment/CASH/x1',
              amount: '9.00',
              currency: 'USD',
              method: 'CASH',
              allocations: [
                { feeId: 'a', amount: '2.00' },
                { feeId: 'b', amount: '3.00' },
                { feeId: 'c', amount: '4.00' },
              ],
              externalTransactionId: 'x1',
              feesNamed: ['a', 'b', 'c'],
              comment: 'by card; thanks',
              at: '2026-03-04T10:00:00.000Z',
              by: { channel: 'import' },
            },
          },
        ],
      },
    ]);
  });

  it('names each fee once, also if two transactions of one payment paid it', () => {
    const [episode] = paymentsOf(partsOf('a', shared(2), shared(3)));
    expect(episode?.events).toMatchObject([
      { data: { amount: '5.00', allocations: [{ feeId: 'a', amount: '5.00' }] } },
    ]);
  });

  it('does not combine payments without an external transaction id', () => {
    expect(paymentsOf(partsOf('a', transaction(2), transaction(3))).length).toBe(2);
  });

  it('returns nothing without parts', () => {
    expect(paymentsOf([])).toEqual([]);
  });
});
