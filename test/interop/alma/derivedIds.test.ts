import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { derivedId, paymentId, unusableId } from '../../../src/interop/alma/derivedIds.js';
import type { TransactionRow } from '../../../src/interop/alma/feeRow.js';
import { tried } from '../../support/seeded.js';
import { feeRow, type Json, rowFrom, transaction } from './almaRows.js';

const payment = (method: string, externalTransactionId?: string) =>
  ({ method, externalTransactionId }) as TransactionRow;

describe('derived ids', () => {
  it('name their origin', () => {
    expect(derivedId('5010000107', 'waiver', 2)).toBe('alma/fee/5010000107/waiver/2');
    expect(paymentId('5010000107', 1, payment('CASH'))).toBe('alma/fee/5010000107/payment/1');
    expect(paymentId('5010000107', 1, payment('CASH', '24010000107'))).toBe('alma/payment/CASH/24010000107');
  });

  it('are different for different things', () => {
    const name = fc.string({
      unit: fc.constantFrom('a', '/', '%', '2', 'F', 'waiver', 'payment'),
      maxLength: 4,
    });
    fc.assert(
      fc.property(fc.tuple(name, name), fc.tuple(name, name), fc.boolean(), ([a, b], [c, d], ofFee) => {
        fc.pre(a !== c || b !== d);
        const id = (x: string, y: string) => paymentId('f', 1, payment(x, y));
        expect(id(a, b)).not.toBe(id(c, d));
        if (a !== c) expect(derivedId(a, 'waiver', 1)).not.toBe(derivedId(c, 'waiver', 1));
        expect(derivedId(a, ofFee ? 'waiver' : 'payment', 1)).not.toBe(id(c, d));
      }),
      tried(2_000),
    );
  });
});

describe('unusableId', () => {
  const found = (json: Json) => unusableId(rowFrom(json))?.path;

  it('finds an id that looks like a derived one', () => {
    expect(found(feeRow({ id: 'alma/fee/1/waiver/1' }))).toBe('fee[0].id');
  });

  it('finds an id too long for its derived ids', () => {
    const long = { id: 'x'.repeat(200) };
    expect(found(feeRow(long))).toBeUndefined();
    expect(found(feeRow({ ...long, balance: 6, transaction: [transaction(4)] }))).toBe('fee[0].id');
    expect(found(feeRow({ ...long, status: { value: 'INDISPUTE' } }))).toBe('fee[0].id');
  });

  it('finds a payment with a long external transaction id', () => {
    const paid = transaction(4, { external_transaction_id: 'x'.repeat(200) });
    expect(found(feeRow({ balance: 6, transaction: [paid] }))).toBe('fee[0].transaction[0]');
  });
});
