import { issueReceipt, runPaymentsReport, runStatements } from 'patron-fees/institution';
import { expect, it } from 'vitest';
import { at, back, begun, institution, taken } from './shop.js';

const by = { channel: 'desk', userId: 'mo' } as const;
const days = { institution, timeZone: 'UTC', from: '2026-03-02', through: '2026-03-02' };

it('is in the payments report by its method, net of what went back, without the service fee', async () => {
  const shop = await begun();
  await shop.report('o1', taken('ch_1', '19.50'));
  await shop.report('o1', back('re_1', 'ch_1', '4.00'));
  const report = await runPaymentsReport(shop.stores as never, shop.policy, days);
  expect(JSON.stringify(report)).toContain('"ONLINE"');
  expect(JSON.stringify(report)).toContain('"15.00"');
});

it('is in the statement of each patron, and has a numbered receipt in each account', async () => {
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
