import { expect, it } from 'vitest';
import { RETRY } from '../../../src/history/retry.js';
import { paidOut } from '../../../src/online/payouts/paidOut.js';
import { definedPolicy } from '../../../src/policy/feePolicy.js';
import { at, begun, institution, taken } from '../shop.js';

it('a row is recorded once, and with other content it is a finding', async () => {
  const shop = await begun();
  const { payment } = await shop.report('o1', taken('ch_1', '19.50'));
  const context = { ...shop.stores, policy: definedPolicy(shop.policy), institution, retry: RETRY };
  const money = { amount: '19.50', currency: 'USD', gross: '19.50', fee: '0.00', net: '19.50' };
  const ids = { rowId: 'r', reference: 'o1', transaction: 'ch_1', type: 'capture' } as const;
  const row = { ...ids, ...money, payoutCurrency: 'USD', payoutId: 'p', paidOn: '2026-03-04' };
  const known = payment as NonNullable<typeof payment>;
  expect(await paidOut(context, known, row, at)).toMatchObject({ isRepeat: false });
  expect(await paidOut(context, known, row, at)).toMatchObject({ isRepeat: true });
  const changed = await paidOut(context, known, { ...row, fee: '0.10', net: '19.40' }, at);
  expect(changed).toMatchObject({ code: 'ROW_CHANGED', message: expect.stringContaining('fee was 0.00') });
});
