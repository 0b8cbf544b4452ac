import { runAuditTrail } from 'patron-fees/reports';
import { expect, it } from 'vitest';
import { ann, at, institution, openShop, settleKept, taken } from '../../online/shop.js';

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

it('lists who settled what, and why', async () => {
  const shop = await openShop();
  const { kept } = await shop.report('unknown', taken('ch_9', '5.00'));
  const keptId = kept[0]?.keptId ?? '';
  await settleKept(shop, keptId, { reason: 'a test of the provider' });
  const day = at.slice(0, 10);
  const form = { institution, timeZone: 'UTC', from: day, through: day, users: ['mo'] };
  const lines: unknown[] = [];
  for await (const { source, office, commandId, events, reason } of runAuditTrail(
    shop.stores as never,
    shop.policy,
    form,
  ))
    lines.push([source, office, commandId, events, reason]);
  expect(lines).toEqual([
    ['onlinePayments', keptId, keptId, ['OnlineReportSettled'], 'a test of the provider'],
  ]);
});
