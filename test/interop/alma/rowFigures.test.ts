import { describe, expect, it } from 'vitest';
import { rowFigures } from '../../../src/interop/alma/rowFigures.js';
import { creditRow, feeRow, ofType, rowFrom, transaction, waiver } from './almaRows.js';

describe('rowFigures', () => {
  it('sums the transactions of a fee', () => {
    const transactions = [
      transaction(1),
      transaction(2),
      waiver(3),
      ofType('EXPORT', 4),
      ofType('PAYMENT_IMPORTED', 2),
    ];
    expect(rowFigures(rowFrom(feeRow({ balance: 0, transaction: transactions })))).toEqual({
      isCredit: false,
      original: 1000,
      balance: 0,
      paid: 300,
      waived: 300,
      exported: 400,
      settled: 200,
      gone: 400,
    });
  });

  it('makes the figures of a credit positive', () => {
    expect(rowFigures(rowFrom(creditRow({ balance: -2 })))).toMatchObject({
      isCredit: true,
      original: 500,
      balance: 200,
      gone: 300,
    });
  });
});
