import axe from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, inject, it } from 'vitest';
import { describeWith } from '../support/programs.js';
import { startBrowser, watchedPage } from './support/browser.js';

const explorer = `${inject('siteAddress')}explorer/index.html`;

describeWith(['chromium'], 'the explorer', () => {
  let browser: Browser;
  let page: Page;
  let trouble: Awaited<ReturnType<typeof watchedPage>>['trouble'];

  beforeAll(async () => {
    browser = await startBrowser();
  });

  beforeEach(async () => {
    const context = await browser.newContext({ viewport: { width: 1200, height: 900 } });
    ({ page, trouble } = await watchedPage(context, inject('siteAddress')));
  });

  afterEach(() => {
    expect(trouble).toEqual({ errors: [], elsewhere: [] });
  });

  afterAll(async () => {
    await browser?.close();
  });

  /** A step is a place in the page's address: the page shows it soon after a click, and no load can be waited for. */
  const said = () => page.getByRole('status').textContent();

  it('steps through a story by link, slider and key, and its address shows the same again', async () => {
    await page.goto(explorer);
    await expect.poll(said).toBe('Step 1 of 6: accepted: FeeAssessed');
    await page.getByRole('link', { name: 'ReceivePayment' }).nth(1).click();
    await expect.poll(said).toBe('Step 4 of 6: refused: PaymentExceedsOwed');
    expect(await page.locator('#result').textContent()).toContain(
      '20.00 is more than the 13.00 that is owed',
    );
    await page.getByLabel('Step', { exact: true }).fill('6');
    await expect.poll(said).toContain('PaymentReversed');
    await page.locator('h1').click();
    await page.keyboard.press('ArrowLeft');
    await expect.poll(said).toBe('Step 5 of 6: accepted: PaymentReceived');
    expect(await page.locator('#result').textContent()).toContain('Journal entry');
    const copy = await page.context().newPage();
    await copy.goto(page.url());
    await expect
      .poll(() => copy.getByRole('status').textContent())
      .toBe('Step 5 of 6: accepted: PaymentReceived');
    await page.goBack();
    await expect.poll(said).toContain('Step 6');
  });

  it('decides a command that was changed, and goes back to the story', async () => {
    await page.goto(`${explorer}#story=pay&step=4`);
    const command = page.getByLabel('Command', { exact: true });
    await command.fill((await command.inputValue()).replace('20.00', '13.00'));
    await page.getByRole('button', { name: 'Decide' }).click();
    await expect.poll(said).toBe('Step 4 of 6: accepted: PaymentReceived');
    expect(page.url()).toContain('try=');
    await command.fill('{ "type": ');
    await page.getByRole('button', { name: 'Decide' }).click();
    await expect.poll(() => page.getByRole('alert').textContent()).toContain('JSON');
    await page.getByRole('link', { name: 'Show the story’s own step' }).click();
    await expect.poll(said).toBe('Step 4 of 6: refused: PaymentExceedsOwed');
  });

  it('plays your own JSON lines, typed or from a file', async () => {
    const at = '2026-03-02T09:00:00Z';
    const fee = { type: 'AssessFee', id: 'f', feeType: 'OTHER', amount: '7', owner: 'MAIN', at };
    await page.goto(explorer);
    await page.getByText('The story as JSON lines').click();
    await page.getByLabel('JSON lines: a policy').fill(JSON.stringify(fee));
    await page.getByRole('button', { name: 'Play' }).click();
    await expect.poll(said).toBe('Step 1 of 1: accepted: FeeAssessed');
    const buffer = Buffer.from(`${JSON.stringify(fee)}\n${JSON.stringify({ ...fee, id: 'g' })}`);
    await page
      .getByLabel('Or a file')
      .setInputFiles({ name: 'a.jsonl', mimeType: 'application/json', buffer });
    await expect.poll(said).toBe('Step 1 of 2: accepted: FeeAssessed');
  });

  it('keeps a long story in the page, and no link of a step has it', async () => {
    const at = '2026-03-02T09:00:00Z';
    const story = Array.from({ length: 1_000 }, (_, index) => ({
      type: 'FeeAssessed',
      data: { feeId: `f${index}`, feeType: 'OTHER', amount: '1.00', currency: 'USD', owner: 'MAIN', at },
    }));
    const buffer = Buffer.from(story.map((event) => JSON.stringify(event)).join('\n'));
    await page.goto(explorer);
    await page.getByText('The story as JSON lines').click();
    await page
      .getByLabel('Or a file')
      .setInputFiles({ name: 'long.jsonl', mimeType: 'application/json', buffer });
    await expect.poll(said).toBe('Step 1 of 1000: happened');
    expect(page.url()).toBe(`${explorer}#given=1&step=1`);
    expect(await page.locator('#steps a').last().getAttribute('href')).toBe('#given=1&step=1000');
    await page.getByLabel('Step', { exact: true }).fill('1000');
    await expect.poll(said).toBe('Step 1000 of 1000: happened');
    expect(await page.locator('#steps [aria-current]').getAttribute('href')).toBe('#given=1&step=1000');
    await page.reload();
    await expect
      .poll(() => page.locator('#result').textContent())
      .toBe('This story was too long for an address: put it into the page again.');
  });

  it.each(['light', 'dark'] as const)(
    'axe finds no problems in %s colours, and the page fits in 360 pixels',
    async (colorScheme) => {
      await page.emulateMedia({ colorScheme });
      await page.goto(`${explorer}#story=lost&step=5`);
      await page.evaluate(axe.source);
      const found = await page.evaluate<string[]>(
        'axe.run(document).then(({ violations }) => violations.map(({ id, nodes }) => id + nodes.map(({ html }) => html)))',
      );
      await page.setViewportSize({ width: 360, height: 800 });
      const tooWide = await page.evaluate<number>('document.documentElement.scrollWidth - window.innerWidth');
      expect({ found, tooWide }).toEqual({ found: [], tooWide: 0 });
    },
  );

  it('is reached from the navigation of every page', async () => {
    await page.goto(`${inject('siteAddress')}concepts/money.html`);
    await page.locator('#tsd-nav-container').getByRole('link', { name: 'Explorer' }).click();
    await expect.poll(() => page.locator('h1').textContent()).toBe('The explorer');
  });
});
