import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sealPeriod, verifySeals } from 'patron-fees/closing';
import { memoryEventStore } from 'patron-fees/history';
import { issueReceipt, officeEvents } from 'patron-fees/office';
import { runPaymentsReport, runStatements } from 'patron-fees/reports';
import { expect, it } from 'vitest';
import { at, back, begun, institution, openShop, policyOf, taken } from './shop.js';

const by = { channel: 'desk', userId: 'mo' } as const;
const days = { institution, timeZone: 'UTC', from: '2026-03-02', through: '2026-03-02' };

it('an online payment is in the payments report under its method, net of returns, without the service fee', async () => {
  const shop = await begun();
  await shop.report('o1', taken('ch_1', '19.50'));
  await shop.report('o1', back('re_1', 'ch_1', '4.00'));
  const report = await runPaymentsReport(shop.stores as never, shop.policy, days);
  expect(JSON.stringify(report)).toContain('"ONLINE"');
  expect(JSON.stringify(report)).toContain('"15.00"');
});

it('an online payment is in the statement of each patron, and has a numbered receipt in each account', async () => {
  const shop = await begun();
  const { payment } = await shop.report('o1', taken('ch_1', '19.50'));
  const statements: string[] = [];
  for await (const statement of runStatements(shop.stores.accounts, shop.policy, { institution }))
    statements.push(JSON.stringify(statement));
  expect(statements.filter((text) => text.includes('ONLINE') || text.includes('Online'))).toHaveLength(2);
  for (const [index, { patronId, recordedId, amount }] of (payment?.recorded ?? []).entries()) {
    const subject = { institution, patronId, kind: 'payment', subjectId: recordedId } as const;
    const form = { ...subject, series: '2026', at, by };
    const receipt = await issueReceipt(shop.stores as never, shop.policy, form);
    expect(receipt).toMatchObject({ number: index + 1, amount });
  }
});

it('the events of an online payment are sealed with the books: a changed event is found', async () => {
  let now = at;
  const clock = { now: () => now };
  const shop = await openShop(
    policyOf(),
    memoryEventStore(clock),
    memoryEventStore({ ...clock, codec: officeEvents }),
  );
  await shop.start('o1', [{ patronId: 'ann' }, { patronId: 'ben' }]);
  await shop.report('o1', taken('ch_1', '19.50'));
  now = '2026-05-01T09:00:00Z';
  const folder = mkdtempSync(join(tmpdir(), 'online-seals-'));
  const order = { institution, at: '2026-05-01T09:00:00Z', by: { channel: 'desk', userId: 'mo' } } as const;
  const { office } = shop.stores;
  const sealed = await sealPeriod(
    shop.stores as never,
    shop.policy,
    { ...order, month: '2026-03', timeZone: 'UTC' },
    { folder },
  );
  expect(sealed).toMatchObject({ accepted: true });
  const found = async (read: typeof office.read) => {
    const stores = { ...shop.stores, office: { ...office, read } };
    return (await verifySeals(stores as never, shop.policy, order, { folder })).findings.byCode;
  };
  expect(await found(office.read)).toEqual({});
  const changed: typeof office.read = async (stream, options) => {
    const slice = await office.read(stream, options);
    const text = JSON.stringify(slice).replaceAll('"recordedId":"online-', '"recordedId":"other-');
    return JSON.parse(text) as typeof slice;
  };
  expect(await found(changed)).toMatchObject({ EVENT_CHANGED: expect.any(Number) });
  rmSync(folder, { recursive: true });
});
