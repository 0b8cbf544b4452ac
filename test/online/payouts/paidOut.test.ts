import { expect, it } from 'vitest';
import { RETRY } from '../../../src/history/retry.js';
import { paidOut } from '../../../src/online/payouts/paidOut.js';
import { paymentOfRow } from '../../../src/online/payouts/recordPayout.js';
import { definedPolicy } from '../../../src/policy/feePolicy.js';
import { at, begun, institution, taken } from '../shop.js';

it('a capture that the payment has only under another id is not recorded as paid out', async () => {
  const shop = await begun();
  const { payment } = await shop.report('o1', taken('pi_1', '19.50'));
  const context = { ...shop.stores, policy: definedPolicy(shop.policy), institution, retry: RETRY };
  const money = { amount: '19.50', currency: 'USD', gross: '19.50', fee: '0.00', net: '19.50' };
  const ids = { rowId: 'r', reference: 'o1', transaction: 'ch_1', type: 'capture' } as const;
  const row = { ...ids, ...money, payoutCurrency: 'USD', payoutId: 'p', paidOn: '2026-03-04' };
  const known = payment as NonNullable<typeof payment>;
  expect(await paidOut(context, known, row, at)).toMatchObject({ code: 'UNKNOWN_PAYMENT' });
  // Once both ids are reported, a row that has only the second one is of it.
  const captures = [{ externalTransactionId: 'ch_1', otherIds: ['pi_1'], amount: '19.50', currency: 'USD' }];
  await shop.report('o1', { captures });
  const found = await paymentOfRow(context, row, { method: undefined, at, taken: undefined });
  expect(found).toMatchObject({ row: { transaction: 'pi_1' }, isReported: false });
});
