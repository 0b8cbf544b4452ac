import { expect, it } from 'vitest';
import { RETRY } from '../../../src/history/retry.js';
import type { OnlinePayment } from '../../../src/online/index.js';
import { waitingParts } from '../../../src/online/record/waitingParts.js';
import { back, begun, breakAccount, institution, paymentOf, taken } from '../shop.js';

it('reports why parts wait, but not parts that the next run records', async () => {
  const shop = await begun();
  const repair = breakAccount(shop, 'ben');
  await shop.report('o1', taken('ch_1', '19.50'));
  await shop.report('o1', back('re_1', 'ch_1', '19.50'));
  const payment = (await paymentOf(shop)) as OnlinePayment;
  const waiting = async () => {
    const context = { ...shop.stores, policy: shop.policy, institution, retry: RETRY };
    const parts = await waitingParts(context, payment);
    return parts.map(({ kind, patronId, because }) => [kind, patronId, because.type]);
  };
  expect(await waiting()).toEqual([
    ['capture', 'ben', 'AccountUnreadable'],
    ['return', 'ann', 'OtherAccountUnreadable'],
    ['return', 'ben', 'AccountUnreadable'],
  ]);
  repair();
  expect((await waiting()).filter(([kind]) => kind === 'capture')).toEqual([]);
  expect(await paymentOf(shop)).toEqual(payment);
});
