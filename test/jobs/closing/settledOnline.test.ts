import { expect, it } from 'vitest';
import { settledOnline } from '../../../src/jobs/closing/closeMonth.js';
import { at, institution, openShop, settleKept, taken } from '../../online/shop.js';

const march = { institution, timeZone: 'UTC', from: '2026-03-01', through: '2026-03-31' };

it('lists what persons settled in the month, and why, but nothing that was recorded without them or later', async () => {
  const shop = await openShop();
  const { kept } = await shop.report('unknown', taken('ch_9', '5.00'));
  const [{ keptId } = { keptId: '' }] = kept;
  await settleKept(shop, keptId, { reason: 'a test of the provider' });
  await settleKept(shop, keptId, { reason: 'no test', reopen: true });
  const { office } = shop.stores;
  const listed = await settledOnline(office, { ...march, recordedBefore: '2026-04-01T00:00:00Z' });
  expect(listed.map(({ office: of, user, reason }) => [of, user, reason])).toEqual([
    [keptId, 'mo', 'a test of the provider'],
    [keptId, 'mo', 'no test'],
  ]);
  expect(await settledOnline(office, { ...march, recordedBefore: at })).toEqual([]);
  const april = { ...march, from: '2026-04-01', through: '2026-04-30' };
  expect(await settledOnline(office, { ...april, recordedBefore: '2026-05-01T00:00:00Z' })).toEqual([]);
});
