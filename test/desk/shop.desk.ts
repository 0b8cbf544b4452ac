import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import { loadAccount } from 'patron-fees/history';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Webhook } from '../../examples/shop/provider.js';
import { institution } from '../../examples/shop/shop.js';
import { startBrowser } from '../site/support/browser.js';
import { describeWith } from '../support/programs.js';
import { deliver, sampleShop } from './support/shopClient.js';

describeWith(['chromium'], 'a patron pays online', () => {
  let browser: Browser;
  let context: BrowserContext;
  let tab: Page;
  let opened: Awaited<ReturnType<typeof sampleShop>>;
  let server: Server;
  let site = '';

  beforeAll(async () => {
    browser = await startBrowser();
  });

  beforeEach(async () => {
    opened = await sampleShop();
    server = serve({ fetch: opened.app.fetch, hostname: '127.0.0.1', port: 0 }) as Server;
    if (!server.listening) await new Promise((resolve) => server.once('listening', resolve));
    site = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    context = await browser.newContext();
    tab = await context.newPage();
  });

  afterEach(async () => {
    await context.close();
    await new Promise((resolve) => {
      server.close(resolve);
      server.closeAllConnections();
    });
  });

  afterAll(async () => {
    await browser?.close();
  });

  const paid = async () =>
    (
      await loadAccount(opened.shop.stores.accounts, { institution, patronId: 'dverma' })
    ).account.payments.map(({ amount }) => amount);
  const openFees = (page: Page) => page.goto(`${site}/patrons/dverma`);
  const pay = (page: Page) => page.getByRole('button', { name: 'Pay 12.50 (+ 0.50)' }).click();
  const payNow = (page: Page) => page.getByRole('button', { name: 'Pay 13.00 now' });
  const told = (page: Page, text: string) => page.getByText(text).waitFor();
  const next = () => opened.shop.provider.waiting.shift() as Webhook;

  it('and sees it once the webhook comes, late and twice', async () => {
    await openFees(tab);
    await pay(tab);
    await payNow(tab).click();
    await told(tab, 'We are waiting for the payment provider.');
    const webhook = next();
    expect([await deliver(opened.app, webhook), await deliver(opened.app, webhook)]).toEqual([200, 200]);
    await tab.getByRole('link', { name: 'Look again' }).click();
    await told(tab, 'Paid. Thank you!');
    expect(await paid()).toEqual([1250]);
    await tab.getByRole('link', { name: 'Fines and fees' }).click();
    await told(tab, 'There is nothing to pay.');
  });

  it('and goes back: the same page of the provider is opened, and takes the money once', async () => {
    await openFees(tab);
    await pay(tab);
    await payNow(tab).waitFor();
    await tab.goBack();
    await pay(tab);
    await payNow(tab).click();
    await told(tab, 'We are waiting for the payment provider.');
    expect(opened.shop.provider.checkouts.size).toBe(1);
    await tab.goBack();
    await told(tab, 'Paid: 13.00');
    expect(await deliver(opened.app, next())).toBe(200);
    expect([await paid(), opened.shop.provider.waiting]).toEqual([[1250], []]);
  });

  it('and has two tabs: both lead to one payment; another choice of fees says that one is in progress', async () => {
    const other = await context.newPage();
    await openFees(tab);
    await openFees(other);
    await pay(tab);
    await pay(other);
    await payNow(other).waitFor();
    expect(opened.shop.provider.checkouts.size).toBe(1);
    const third = await context.newPage();
    await openFees(third);
    await third.getByLabel('Middlemarch').uncheck();
    await pay(third);
    await third.getByRole('alert').waitFor();
    await third.getByRole('link', { name: 'Go on with the other payment' }).click();
    await payNow(third).click();
    await told(third, 'We are waiting for the payment provider.');
    await tab.reload();
    await told(tab, 'Paid: 13.00');
    expect(await deliver(opened.app, next())).toBe(200);
    expect(await paid()).toEqual([1250]);
  });

  it('and starts again with other fees: the money of the first, if it comes, becomes a credit', async () => {
    await openFees(tab);
    await pay(tab);
    await payNow(tab).waitFor();
    const other = await context.newPage();
    await openFees(other);
    await other.getByLabel('Middlemarch').uncheck();
    await pay(other);
    await other.getByRole('button', { name: 'Start again' }).click();
    await other.getByRole('button', { name: 'Pay 10.50 now' }).click();
    await payNow(tab).click();
    await told(tab, 'Nothing was paid.');
    for (const _ of ['second', 'first']) expect(await deliver(opened.app, next())).toBe(200);
    await tab.getByRole('link', { name: 'Look again' }).click();
    await told(tab, 'Paid. Thank you!');
    const { account } = await loadAccount(opened.shop.stores.accounts, { institution, patronId: 'dverma' });
    expect(account.payments.map(({ amount }) => amount)).toEqual([1000, 1250]);
    expect(account.credits.map(({ amount }) => amount)).toEqual([1000]);
  });

  it('and closes the window, or cancels: the fees are free again', async () => {
    await openFees(tab);
    await pay(tab);
    await tab.getByRole('button', { name: 'Cancel' }).click();
    await told(tab, 'Nothing was paid.');
    await tab.getByRole('link', { name: 'Fines and fees' }).click();
    await pay(tab);
    await payNow(tab).waitFor();
    expect(opened.shop.provider.checkouts.size).toBe(2);
  });
});
