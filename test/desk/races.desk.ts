import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadAccount } from 'patron-fees/history';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Desk, institution, openDesk } from '../../examples/desk/desk.js';
import { addGuidesPatron } from '../../examples/desk/samplePatrons.js';
import { startBrowser } from '../site/support/browser.js';
import { describeWith } from '../support/programs.js';
import { signIn } from './support/deskBrowser.js';
import { sampleDesk } from './support/deskClient.js';
import { type DeskServer, startDesk } from './support/deskServer.js';

const dyingDesk = fileURLToPath(new URL('./support/dyingDesk.ts', import.meta.url));

describeWith(['chromium'], 'nothing is paid twice', () => {
  let browser: Browser;
  let desk: Desk;
  let server: DeskServer;
  let context: BrowserContext;
  let page: Page;
  let patronId = 'racer0';
  let patrons = 0;

  beforeAll(async () => {
    [browser, desk] = await Promise.all([startBrowser(), sampleDesk(2)]);
    server = await startDesk(desk);
  });

  beforeEach(async () => {
    patrons += 1;
    patronId = `racer${patrons}`;
    await addGuidesPatron(desk, patronId, `88${patrons}`);
    context = await browser.newContext();
    page = await context.newPage();
    await signIn(page, server.site, 'kim');
  });

  afterEach(() => context.close());

  afterAll(async () => {
    await browser?.close();
    await server?.stop();
  });

  /** The payments that a form made; the patron has one of 1.50 from before. */
  const paid = async (from = desk) =>
    (await loadAccount(from.store, { institution, patronId })).account.payments
      .slice(1)
      .map(({ amount }) => amount);
  const openPayment = (tab: Page, site = server.site) => tab.goto(`${site}/patrons/${patronId}/pay`);
  const fillIn = (tab: Page, amount: string) => tab.getByLabel('Payment amount').fill(amount);
  const send = (tab: Page) => tab.getByRole('button', { name: 'Send' });

  it('by a double click', async () => {
    await openPayment(page);
    await fillIn(page, '7.00');
    await send(page).dblclick();
    await page.getByRole('heading', { name: 'Patron Services' }).waitFor();
    expect(await paid()).toEqual([700]);
  });

  it('by a double click, where the browser runs no script', async () => {
    const plain = await browser.newContext({ javaScriptEnabled: false });
    const tab = await plain.newPage();
    await signIn(tab, server.site, 'kim');
    await openPayment(tab);
    await fillIn(tab, '7.00');
    await send(tab).dblclick();
    await tab.getByRole('heading', { name: 'Patron Services' }).waitFor();
    expect(await paid()).toEqual([700]);
    await plain.close();
  });

  it('by the back button', async () => {
    await openPayment(page);
    await fillIn(page, '7.00');
    await send(page).click();
    await page.getByRole('heading', { name: 'Patron Services' }).waitFor();
    await page.goBack();
    if ((await send(page).count()) > 0) await send(page).click();
    else expect(await page.locator('main').textContent()).toContain('payment received, 7.00 USD');
    expect(await paid()).toEqual([700]);
  });

  it('by two tabs at once: one has the receipt, the other says that the account changed', async () => {
    const other = await context.newPage();
    await Promise.all([openPayment(page), openPayment(other)]);
    await Promise.all([fillIn(page, '7.00'), fillIn(other, '7.00')]);
    await Promise.all([send(page).click(), send(other).click()]);
    const headings = async () =>
      (await Promise.all([page, other].map((tab) => tab.locator('h1').textContent()))).sort();
    await expect.poll(headings).toEqual(['Patron Services', 'Payment Details']);
    const second = (await page.locator('h1').textContent()) === 'Patron Services' ? other : page;
    expect(await second.getByRole('alert').textContent()).toContain('Somebody else changed this account');
    expect(await second.getByRole('alert').textContent()).toContain(
      'Payment received, 7.00 USD, by Kim Okafor',
    );
    expect(await second.getByLabel('Payment amount').inputValue()).toBe('7.00');
    expect(await paid()).toEqual([700]);
    await send(second).click();
    await second.getByRole('heading', { name: 'Patron Services' }).waitFor();
    expect(await paid()).toEqual([700, 700]);
  });

  describe('by a server that is killed in the middle of a payment', () => {
    let folder: string;
    const running: ChildProcess[] = [];

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'desk-'));
    });

    afterAll(async () => {
      for (const child of running) child.kill('SIGKILL');
      await rm(folder, { recursive: true });
    });

    async function start(file: string, dies: string, port = '0') {
      const env = { ...process.env, DESK_FILE: file, DESK_PORT: port, DIES: dies };
      const child = spawn(process.execPath, ['--import', 'tsx', dyingDesk], {
        env,
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      running.push(child);
      const [line] = await once(child.stdout, 'data');
      return { child, site: String(line).trim() };
    }

    it.each(['before', 'after'])('%s it is recorded', async (dies) => {
      patronId = 'dverma';
      const file = join(folder, `${dies}.db`);
      const { child, site } = await start(file, dies);
      await signIn(page, site, 'kim');
      await openPayment(page, site);
      const form = page.url();
      await fillIn(page, '7.00');
      const ended = once(child, 'exit');
      await send(page)
        .click()
        .catch(() => undefined);
      expect((await ended)[1]).toBe('SIGKILL');
      const stored = openDesk(file);
      expect(await paid(stored)).toEqual(dies === 'before' ? [] : [700]);

      // The browser shows an error at the address of the form; the clerk loads it again.
      await start(file, '', new URL(site).port);
      await page.goto(form);
      if (dies === 'before') {
        await fillIn(page, '7.00');
        await send(page).click();
        await page.getByRole('heading', { name: 'Patron Services' }).waitFor();
      } else {
        await page.getByText('payment received, 7.00 USD').waitFor();
        await page.getByRole('link', { name: 'Show what was recorded' }).click();
        expect(await page.locator('h1').textContent()).toBe('Patron Services');
      }
      expect(await paid(stored)).toEqual([700]);
      stored.database.close();
    });
  });
});
