import { describe, expect, it } from 'vitest';
import { refusals } from '../../../src/interop/alma/refusals.js';
import { feeRow, rawRow } from './almaRows.js';

const found = (rows: ReturnType<typeof rawRow>[], currency = 'USD') => {
  const refused = refusals(rows, currency);
  return rows.map((row) => refused.get(row)?.code);
};

const ofPatron = (id: string, value: string) => rawRow(feeRow({ id, user_primary_id: { value } }));

describe('refusals', () => {
  it('refuse every row whose id another row has, since nobody can tell which is right', () => {
    const rows = ['a', 'b', 'a'].map((id) => rawRow(feeRow({ id })));
    expect(found(rows)).toEqual(['DuplicateFee', undefined, 'DuplicateFee']);
  });

  it('refuse all rows when they belong to several patrons, whose ids Alma writes in either case', () => {
    expect(found([ofPatron('a', 'dverma'), ofPatron('b', 'DVerma')])).toEqual([undefined, undefined]);
    expect(found([ofPatron('a', 'dverma'), ofPatron('b', 'ftanaka'), rawRow({})])).toEqual([
      'SeveralPatrons',
      'SeveralPatrons',
      'SeveralPatrons',
    ]);
  });

  it('refuse rows in another currency than that of the account', () => {
    const rows = [rawRow(feeRow({ id: 'a' })), rawRow(feeRow({ id: 'b' }), { currency: 'EUR' })];
    expect(found(rows)).toEqual([undefined, 'OtherCurrency']);
    expect(found(rows, 'EUR')).toEqual(['OtherCurrency', undefined]);
  });

  it('have nothing against rows that cannot be read: those are found later', () => {
    expect(found([rawRow(null), rawRow(null), rawRow({ id: 17 }), rawRow({ id: 17 })])).toEqual(
      Array(4).fill(undefined),
    );
  });
});
