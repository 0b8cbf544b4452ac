import { describe, expect, it } from 'vitest';
import { explainRow, paymentsOf } from '../../../src/interop/alma/fromAlmaFees.js';
import { creditRow, feeRow, type Json, ofType, rowFrom, transaction, waiver } from './almaRows.js';

const types = (json: Json, options = {}) =>
  explainRow(rowFrom(json), options).episodes.flatMap(({ events }) => events.map(({ type }) => type));

describe('explainRow', () => {
  it('copies the details of a fee', () => {
    const json = feeRow({ title: 'River birds', barcode: { value: '30447' }, comment: 'Due: 10/04/2025' });
    const { episodes } = explainRow(rowFrom(json), { institution: 'NORTH' });
    expect(episodes).toEqual([
      {
        ms: Date.parse('2026-03-02T09:00:00.000Z'),
        opens: true,
        events: [
          {
            type: 'FeeAssessed',
            data: {
              feeId: '5010000107',
              feeType: 'OVERDUEFINE',
              amount: '10.00',
              currency: 'USD',
              owner: 'MAIN',
              item: { barcode: '30447', title: 'River birds' },
              comment: 'Due: 10/04/2025',
              at: '2026-03-02T09:00:00.000Z',
              by: { channel: 'import', institution: 'NORTH' },
            },
          },
        ],
      },
    ]);
  });

  it('numbers waivers in the order of their times', () => {
    const early = waiver(1, { transaction_time: '2026-03-03T00:00:00Z' });
    const { episodes } = explainRow(rowFrom(feeRow({ balance: 7, transaction: [waiver(2), early] })), {});
    expect(episodes.slice(1).flatMap(({ events }) => events)).toMatchObject([
      { data: { waiverId: 'alma/fee/5010000107/waiver/1', amount: '1.00' } },
      { data: { waiverId: 'alma/fee/5010000107/waiver/2', amount: '2.00' } },
    ]);
  });

  it('keeps the credit of a waived lost-item fee next to its use', () => {
    const lost = { type: { value: 'LOSTITEMPROCESSFEE' } };
    const { episodes } = explainRow(rowFrom(feeRow({ ...lost, balance: 7, transaction: [waiver(3)] })), {});
    expect(episodes[1]?.events).toMatchObject([
      { type: 'LostItemCreditIssued', data: { amount: '3.00', purpose: 'setOff', reason: 'OTHER' } },
      {
        type: 'CreditApplied',
        data: { allocations: [{ feeId: '5010000107', amount: '3.00' }], reason: 'OTHER' },
      },
    ]);
  });

  it('returns payments separately, because one may pay several fees', () => {
    const row = rowFrom(feeRow({ balance: 6, transaction: [transaction(4)] }));
    const { episodes, payments } = explainRow(row, {});
    expect(episodes.length).toBe(1);
    expect(payments).toMatchObject([{ feeId: '5010000107', amount: 400, currency: 'USD' }]);
  });

  it('dates nothing before the charge', () => {
    const early = { transaction_time: 0 };
    const json = feeRow({
      balance: 0,
      status: { value: 'CLOSED' },
      transaction: [
        transaction(1, early),
        waiver(2, early),
        ofType('EXPORT', 7, early),
        ofType('PAYMENT_IMPORTED', 7, early),
      ],
    });
    const { episodes, payments } = explainRow(rowFrom(json), {});
    const times = [...episodes, ...payments].map(({ ms }) => ms);
    expect(new Set(times)).toEqual(new Set([Date.parse('2026-03-02T09:00:00.000Z')]));
  });

  it('returns disputes, exports and settlements', () => {
    expect(types(feeRow({ status: { value: 'INDISPUTE' } }))).toEqual(['FeeAssessed', 'FeeDisputed']);
    const exported = { balance: 0, status: { value: 'EXPORTED' } };
    const settled = { transaction: [ofType('PAYMENT_IMPORTED', 2)] };
    expect(types(feeRow({ ...exported, ...settled }))).toEqual([
      'FeeAssessed',
      'FeeTransferred',
      'TransferSettled',
    ]);
    expect(types(creditRow({ ...exported, ...settled }))).toEqual([
      'CreditIssued',
      'CreditTransferred',
      'TransferSettled',
    ]);
  });
});

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

  it('names each fee once, even if two transactions of one payment paid it', () => {
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
