import { memoryEventStore } from 'patron-fees/history';
import type { OnlinePayment } from 'patron-fees/online';
import { expect, it } from 'vitest';
import { RETRY } from '../../../src/history/retry.js';
import { accountFindings } from '../../../src/online/monitor/accountFindings.js';
import {
  at,
  begun,
  breakAccount,
  institution,
  paymentOf,
  postedByPortal,
  type Shop,
  taken,
} from '../shop.js';

const findingsIn = async (shop: Shop, payment: OnlinePayment) => {
  const context = { ...shop.stores, policy: shop.policy, institution, retry: RETRY };
  const { tooMuch, lost, unreadable } = await accountFindings(context, payment);
  return {
    tooMuch: tooMuch.map(({ code, patronId }) => [code, patronId]),
    lost: lost.map(({ finding, part }) => [finding.code, finding.message, part.patronId]),
    unreadable,
  };
};

it('compares what is recorded with each account that can be read', async () => {
  const shop = await begun();
  const nothing = { tooMuch: [], lost: [], unreadable: [] };
  const before = (await paymentOf(shop)) as OnlinePayment;
  await shop.give('ann', { ...postedByPortal, amount: '20.00' });
  expect(await findingsIn(shop, before)).toEqual(nothing);
  await shop.report('o1', taken('ch_1', '19.50'));
  const payment = (await paymentOf(shop)) as OnlinePayment;
  const tooMuch = [['RECORDED_TOO_MUCH', 'ann']];
  expect(await findingsIn(shop, payment)).toEqual({ ...nothing, tooMuch });
  const { accounts } = shop.stores;
  Object.assign(shop.stores, { accounts: memoryEventStore({ now: () => at }) });
  const text = (amount: string, patronId: string) =>
    `${amount} USD of ch_1 was taken and recorded, and the account ${patronId} does not have it, as after a restore from an older backup: record it anew (\`record\` of settleOnlinePart)`;
  const lost = [
    ['RECORD_LOST', text('15.00', 'ann'), 'ann'],
    ['RECORD_LOST', text('4.00', 'ben'), 'ben'],
  ];
  expect(await findingsIn(shop, payment)).toEqual({ ...nothing, lost });
  breakAccount(shop, 'ben');
  expect(await findingsIn(shop, payment)).toEqual({
    ...nothing,
    lost: lost.slice(0, 1),
    unreadable: ['ben'],
  });
  Object.assign(shop.stores, { accounts });
});
