import { expect, it } from 'vitest';
import { checkedPayoutRow } from '../../../src/online/payouts/payoutRow.js';

const row = {
  ...{ rowId: 'r1', reference: null, transaction: null, type: 'other', amount: '-5', currency: 'JPY' },
  ...{
    gross: '-0.03',
    fee: '0.00',
    net: '-0.03',
    payoutCurrency: 'EUR',
    payoutId: 'po_1',
    paidOn: '2026-03-04',
  },
};

it('returns a row, unreadable or not, and what is wrong with another', () => {
  expect(checkedPayoutRow(row, 1)).toEqual(row);
  expect(checkedPayoutRow({ ...row, currency: 'jpy', payoutCurrency: 'eur' }, 1)).toEqual(row);
  const unreadable = { unreadable: { line: 3, expected: 'an amount', found: 'x' } };
  expect(checkedPayoutRow(unreadable, 1)).toBe(unreadable);
  const faultOf = (wrong: unknown) => checkedPayoutRow(wrong, 7);
  expect(faultOf(null)).toMatchObject({ unreadable: { line: 7, expected: 'a row' } });
  const { payoutId: _payoutId, ...nameless } = row;
  expect(faultOf(nameless)).toMatchObject({
    unreadable: { expected: expect.stringContaining('payoutId: ') },
  });
  expect(faultOf({ ...row, amount: '-5.00' })).toEqual({
    unreadable: { line: 7, expected: 'amount: an amount with 0 decimals', found: '-5.00' },
  });
  expect(faultOf({ ...row, payoutCurrency: 'EURO' })).toMatchObject({
    unreadable: { expected: 'payoutCurrency: an ISO 4217 code' },
  });
});
