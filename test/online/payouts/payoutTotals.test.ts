import { expect, it } from 'vitest';
import { payoutTotals } from '../../../src/online/payouts/payoutTotals.js';

it('sums up rows of any number by the currency of the payout', () => {
  const totals = payoutTotals();
  const row = {
    rowId: 'r',
    reference: null,
    transaction: null,
    amount: '0',
    currency: 'USD',
    payoutId: 'p',
    paidOn: '2026-03-04',
  };
  totals.add({
    ...row,
    type: 'capture',
    gross: '9999999999.99',
    fee: '0.01',
    net: '9999999999.98',
    payoutCurrency: 'USD',
  });
  totals.add({
    ...row,
    type: 'chargeback',
    gross: '-5.00',
    fee: '15.00',
    net: '-20.00',
    payoutCurrency: 'USD',
  });
  totals.add({ ...row, type: 'other', gross: '-9', fee: '0', net: '-9', payoutCurrency: 'JPY' });
  expect(totals.result()).toEqual({
    USD: { gross: '9999999994.99', fee: '15.01', net: '9999999979.98', others: '0.00' },
    JPY: { gross: '0', fee: '0', net: '0', others: '-9' },
  });
});
