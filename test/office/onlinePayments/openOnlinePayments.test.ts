import { definePolicy } from 'patron-fees';
import { execute } from 'patron-fees/history';
import { runPurge } from 'patron-fees/jobs';
import { expect, it } from 'vitest';
import { hasOpenOnlinePayment } from '../../../src/office/onlinePayments/openOnlinePayments.js';
import { active, ann, at, back, institution, openShop, taken } from '../../online/shop.js';

const patron = { institution, patronId: 'ann' };

it('a payment is open until it is final and all of it is recorded', async () => {
  const shop = await openShop();
  const isOpen = () => hasOpenOnlinePayment(shop.stores.office, patron);
  expect(await isOpen()).toBe(false);
  await shop.start('o1', ann);
  expect(await isOpen()).toBe(true);
  await shop.report('o1', { ended: { cause: 'cancelled', final: false } });
  expect(await isOpen()).toBe(true);
  await shop.report('o1', { ended: { cause: 'cancelled', final: true } });
  expect(await isOpen()).toBe(false);
  const { accounts } = shop.stores;
  Object.assign(shop.stores, { accounts: { ...accounts, append: () => Promise.reject(new Error('down')) } });
  await expect(shop.report('o1', taken('ch_1', '15.50'))).rejects.toThrow('down');
  expect(await isOpen()).toBe(true);
  Object.assign(shop.stores, { accounts });
  await shop.report('o1', taken('ch_1', '15.50'));
  expect(await isOpen()).toBe(false);
});

it('a completed payment is not open, although its money may still be returned', async () => {
  const shop = await openShop();
  await shop.start('o1', ann);
  const ended = { cause: 'completed', final: true } as const;
  expect(await shop.report('o1', { ...taken('ch_1', '15.50'), ended })).toMatchObject({ accepted: true });
  expect(await hasOpenOnlinePayment(shop.stores.office, patron)).toBe(false);
  const refund = await shop.report('o1', back('re_1', 'ch_1', '5.00'));
  expect([refund.rejections, refund.waiting]).toEqual([[], []]);
  expect(await active(shop, 'ann')).toBe('5.00');
});

it('an open payment protects its account from a purge; money after a purge is a credit of the empty account', async () => {
  const shop = await openShop();
  const policy = definePolicy({ ...shop.policy });
  await shop.start('o1', ann);
  await execute(shop.stores.accounts, policy, patron, {
    type: 'ReceivePayment',
    id: 'p1',
    amount: '15.00',
    method: 'CASH',
    at,
  });
  const by = { userId: 'mo', roles: ['USER_MANAGER'] };
  const late = '2036-01-01T00:00:00Z';
  const form = { jobId: 'j', institution, timeZone: 'UTC', by, at: late, settledForDays: 1 };
  const purge = () => runPurge(shop.stores as never, policy, form, { now: late });
  expect(await purge()).toMatchObject({ report: { purged: 0, kept: { OnlinePaymentOpen: 1 } } });
  await shop.report('o1', { ended: { cause: 'expired', final: true } });
  expect(await purge()).toMatchObject({ report: { purged: 1 } });
  const { payment, waiting } = await shop.report('o1', taken('ch_1', '15.50'));
  expect([waiting, payment?.recorded]).toMatchObject([[], [{ amount: '15.00', credited: '15.00' }]]);
});
