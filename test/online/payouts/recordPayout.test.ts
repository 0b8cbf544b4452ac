import { expect, it } from 'vitest';
import { RETRY } from '../../../src/history/retry.js';
import { paymentOfRow } from '../../../src/online/payouts/recordPayout.js';
import { definedPolicy } from '../../../src/policy/feePolicy.js';
import { at, begun, institution, taken } from '../shop.js';

it('finds the payment of a row by the transaction, with the method of the payment it names or of the form', async () => {
  const shop = await begun();
  await shop.report('o1', taken('ch_1', '19.50'));
  const context = { ...shop.stores, policy: definedPolicy(shop.policy), institution, retry: RETRY };
  const money = {
    amount: '19.50',
    currency: 'USD',
    gross: '19.50',
    fee: '0.00',
    net: '19.50',
    payoutCurrency: 'USD',
  };
  const row = {
    rowId: 'r',
    transaction: 'ch_1',
    type: 'capture',
    ...money,
    payoutId: 'p',
    paidOn: '2026-03-04',
  } as const;
  const find = (reference: string | null, method?: string) =>
    paymentOfRow(context, { ...row, reference }, { method, at, taken: undefined });
  expect(await find('o1')).toMatchObject({ payment: { onlinePaymentId: 'o1' }, isReported: false });
  expect(await find(null, 'ONLINE')).toMatchObject({ payment: { onlinePaymentId: 'o1' } });
  expect(await find(null)).toMatchObject({ code: 'UNKNOWN_PAYMENT' });
  const other = { ...row, reference: 'o1', transaction: 'ch_2', amount: '3.00' };
  expect(await paymentOfRow(context, other, { method: undefined, at, taken: undefined })).toBe(null);
});
