import { runAuditTrail } from 'patron-fees/institution';
import { expect, it } from 'vitest';
import { ann, at, institution, openShop, taken } from '../../online/shop.js';

it('lists the events of online payments, one line each, found by the id of the payment', async () => {
  const shop = await openShop();
  await shop.start('o1', ann);
  await shop.report('o1', taken('ch_1', '15.50'));
  const day = at.slice(0, 10);
  const form = { institution, timeZone: 'UTC', from: day, through: day, commandIds: ['o1'] };
  const lines: unknown[] = [];
  for await (const { source, office, patronId, events, channel } of runAuditTrail(
    shop.stores as never,
    shop.policy,
    form,
  ))
    lines.push([source, office, patronId, events, channel]);
  expect(lines).toEqual([
    ['onlinePayments', 'o1', 'ann', ['OnlinePaymentStarted'], 'online'],
    ['onlinePayments', 'o1', null, ['OnlinePaymentCaptured'], 'online'],
    ['onlinePayments', 'o1', 'ann', ['OnlinePaymentRecorded'], 'job'],
  ]);
});
