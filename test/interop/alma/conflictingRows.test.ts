import { describe, expect, it } from 'vitest';
import { conflictingRows } from '../../../src/interop/alma/conflictingRows.js';
import { feeRow, rawRow } from './almaRows.js';

const found = (rows: ReturnType<typeof rawRow>[], currency = 'USD') => {
  const refused = conflictingRows(rows, currency);
  return rows.map((row) => refused.get(row)?.code);
};

const ofPatron = (id: string, value: string) => rawRow(feeRow({ id, user_primary_id: { value } }));

describe('conflicting rows', () => {
  it('include every row whose id another row has', () => {
    const rows = ['a', 'b', 'a'].map((id) => rawRow(feeRow({ id })));
    expect(found(rows)).toEqual(['DuplicateFee', undefined, 'DuplicateFee']);
  });

  it('include all rows if they belong to several patrons, ignoring the case of ids', () => {
    expect(found([ofPatron('a', 'dverma'), ofPatron('b', 'DVerma')])).toEqual([undefined, undefined]);
    expect(found([ofPatron('a', 'dverma'), ofPatron('b', 'ftanaka'), rawRow({})])).toEqual([
      'SeveralPatrons',
      'SeveralPatrons',
      'SeveralPatrons',
    ]);
  });

  it('include rows in another currency than the account', () => {
    const rows = [rawRow(feeRow({ id: 'a' })), rawRow(feeRow({ id: 'b' }), { currency: 'EUR' })];
    expect(found(rows)).toEqual([undefined, 'OtherCurrency']);
    expect(found(rows, 'EUR')).toEqual(['OtherCurrency', undefined]);
  });

  it('leave out unreadable rows, which are found later', () => {
    expect(found([rawRow(null), rawRow(null), rawRow({ id: 17 }), rawRow({ id: 17 })])).toEqual(
      Array(4).fill(undefined),
    );
  });
});
