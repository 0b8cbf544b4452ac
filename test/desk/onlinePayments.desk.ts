import { rmSync } from 'node:fs';
import { definePolicy } from 'patron-fees';
import { execute } from 'patron-fees/history';
import {
  type OnlineReport,
  reconcilePayouts,
  reportOnlinePayment,
  startOnlinePayment,
} from 'patron-fees/online';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { type Desk, policy as deskPolicy, institution } from '../../examples/desk/desk.js';
import { startBrowser, watchedPage } from '../site/support/browser.js';
import { describeWith } from '../support/programs.js';
import { actionsOn, expectNoTrouble, inspect, signIn } from './support/deskBrowser.js';
import { now, sampleDesk } from './support/deskClient.js';
import { type DeskServer, startDesk } from './support/deskServer.js';

const policy = definePolicy({
  ...deskPolicy,
  onlinePayments: { method: 'ONLINE', shortfallFee: { feeType: 'OTHER', owner: 'MAIN' } },
});

/** An id as long as real ones are. */
const idOf = (number: number) => `0b7f3a5e-77d1-4b1f-9b0f-00000000000${number}`;

/** Fills a desk with online payments of every kind that staff must look at. */
async function addOnlinePayments({ store: accounts, office }: Desk): Promise<void> {
  const { permissions: _, ...open } = policy;
  const stores = { accounts, office };
  const begin = async (number: number, at = now) => {
    const patronId = `web${number}`;
    const fee = { type: 'AssessFee', id: 'f1', feeType: 'OTHER', amount: '5.00', owner: 'MAIN', at } as const;
    await execute(accounts, open, { institution, patronId }, fee);
    const payment = { institution, onlinePaymentId: idOf(number), parts: [{ patronId }], at };
    await startOnlinePayment(stores, policy, payment);
  };
  const report = (onlinePaymentId: string, parts: OnlineReport) =>
    reportOnlinePayment(stores, policy, { institution, onlinePaymentId, at: now, ...parts });
  const taken = (id: string, amount: string, currency = 'USD') => ({
    captures: [{ externalTransactionId: `pi_3OqK2jLkdIwHu7ix1a2b3c${id}`, amount, currency }],
  });
  for (const number of [1, 2, 3, 4]) await begin(number);
  await begin(5, '2026-09-01T09:00:00Z');
  await report(idOf(1), taken('4a', '5.00'));
  await report(idOf(2), taken('4b', '500.00'));
  await report(idOf(3), taken('4c', '5', 'JPY'));
  await report(idOf(4), { pending: { until: '2026-12-10T09:00:00Z' } });
  await report('lost', taken('4d', '5.00'));
  const back = { externalTransactionId: 're_1', of: 'pi_unknown', kind: 'refund' } as const;
  await report(idOf(1), { returns: [{ ...back, amount: '2.00', currency: 'USD' }] });
  const row = (rowId: string, reference: string | null, transaction: string, amount: string) => {
    const money = { amount, gross: amount, net: amount, fee: '0.00', currency: 'USD', payoutCurrency: 'USD' };
    const payout = { payoutId: 'po_1', paidOn: '2026-11-25', type: 'capture' } as const;
    return { rowId, reference, transaction, ...money, ...payout };
  };
  const rows = [
    row('txn_1', idOf(1), 'pi_3OqK2jLkdIwHu7ix1a2b3c4a', '6.00'),
    row('txn_2', null, 'ch_of_another_shop', '7.00'),
  ];
  await reconcilePayouts(stores, policy, { institution, at: now }, { rows });
}

describeWith(['chromium'], 'the screens of online payments', () => {
  let browser: Browser;
  let desk: Desk;
  let server: DeskServer;
  let page: Page;
  let trouble: Awaited<ReturnType<typeof watchedPage>>['trouble'];

  beforeAll(async () => {
    [browser, desk] = await Promise.all([startBrowser(), sampleDesk(5, { policy })]);
    await addOnlinePayments(desk);
    server = await startDesk(desk);
    const context = await browser.newContext({ viewport: { width: 1000, height: 720 } });
    ({ page, trouble } = await watchedPage(context, server.site));
    await signIn(page, server.site, 'mo');
  });

  afterEach(() => expectNoTrouble(trouble));

  afterAll(async () => {
    await browser?.close();
    await server?.stop();
    rmSync(desk.outbox.folder, { recursive: true, force: true });
  });

  const links = () =>
    page.locator('td a').evaluateAll((all: { href: string }[]) => all.map(({ href }) => href));

  it('show what is to be done, in every width, and each finding with what ends it', async () => {
    await page.goto(`${server.site}/online`);
    await inspect(page, 'online-payments');
    const found = await links();
    expect(found).toHaveLength(7);
    for (const [index, address] of found.entries()) {
      await page.goto(address);
      await inspect(page, `online-payment-${index + 1}`);
      expect(await page.getByRole('radio').count()).toBeGreaterThan(0);
    }
  });

  it('end a finding, with a reason', async () => {
    await page.goto(`${server.site}/online`);
    await page.getByRole('link', { name: idOf(5) }).click();
    await page.getByRole('radio').first().check();
    await page.getByLabel('Reason').fill('its page says so');
    await page.getByLabel('Reason').press('Enter');
    expect(await page.getByText('There is nothing to do.').count()).toBe(1);
    await actionsOn(() => page).menu('Fulfillment', 'Payments', 'Online payments');
    expect(await links()).toHaveLength(6);
  });
});
