import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import axe from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { describeWith } from '../support/programs.js';
import { startBrowser } from './support/browser.js';

const site = inject('siteAddress');

/** A page of each kind. */
const addresses = [
  'index.html',
  'tutorial/first-account.html',
  'guides/waive-fees.html',
  'guides/take-payments-online.html',
  'guides/command-line.html',
  'concepts/data-flow.html',
  'concepts/all-rejections.html',
  'reference/error-codes.html',
  'api/patron-fees/views.html',
  'api/patron-fees/decide.html',
  'api/patron-fees/types/ReceivePayment.html',
  'explorer/index.html',
];

/** All pages with a line of an example that could be too long: one of 120 characters or more. */
const withLongLines = readdirSync(inject('siteFolder'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.html'))
  .filter((file) => {
    const examples = readFileSync(join(inject('siteFolder'), file), 'utf8').match(/<pre>.*?<\/pre>/gs) ?? [];
    return examples.some((example) =>
      example
        .split(/<br\s*\/?>|\n/)
        .some((line) => line.replace(/<[^>]*>/g, '').replace(/&#?\w+;/g, '"').length >= 120),
    );
  });

/** The longest lines of examples that are wider than their boxes. A line of JSON Lines is a whole record, which scrolls. */
const widestLines = `[...document.querySelectorAll('main pre:has(code:not(.jsonl))')]
  .filter((pre) => pre.scrollWidth > pre.clientWidth)
  .map((pre) => pre.querySelector('code').innerText.split('\\n').sort((a, b) => b.length - a.length)[0])`;

/** What axe finds, with its first elements. The navigation is the same on each page: the first one shows it. */
async function violations(page: Page, withNavigation = true): Promise<string[]> {
  await page.evaluate(axe.source);
  const parts = withNavigation ? 'document' : "{ exclude: ['#tsd-nav-container'] }";
  return page.evaluate<string[]>(`axe.run(${parts}).then(({ violations }) =>
    violations.map(({ id, nodes }) => id + ': ' + nodes.slice(0, 3).map(({ html }) => html).join(' | ')))`);
}

describeWith(['chromium'], 'for everybody', () => {
  let browser: Browser;

  beforeAll(async () => {
    browser = await startBrowser();
  });

  afterAll(async () => {
    await browser?.close();
  });

  const open = async (width: number, colorScheme: 'light' | 'dark') => {
    const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme });
    return context.newPage();
  };

  /** Opens a page, complete with the navigation, which a program writes. */
  const visit = async (page: Page, address: string) => {
    await page.goto(site + address, { waitUntil: 'load' });
    if (!address.startsWith('explorer/'))
      await page.waitForFunction('document.querySelector("#tsd-nav-container a")');
  };

  it.each([
    [1280, 'light'],
    [1280, 'dark'],
    [400, 'light'],
    [400, 'dark'],
  ] as const)('axe finds nothing at %i pixels in %s colours', async (width, colorScheme) => {
    const page = await open(width, colorScheme);
    const found: string[] = [];
    for (const address of addresses) {
      await visit(page, address);
      found.push(
        ...(await violations(page, address === addresses[0])).map((violation) => `${address}: ${violation}`),
      );
    }
    expect(found).toEqual([]);
  });

  it('axe finds what is planted: a link in a title that unfolds, and grey on grey', async () => {
    const page = await open(1280, 'light');
    await visit(page, 'guides/waive-fees.html');
    await page.evaluate(`document.querySelector('main').insertAdjacentHTML('beforeend',
      '<details><summary>A <a href="#">link</a></summary></details><p style="color:#999;background:#aaa">grey</p>')`);
    const found = (await violations(page)).map((violation) => violation.replace(/:.*/s, ''));
    expect(found.sort()).toEqual(['color-contrast', 'nested-interactive']);
  });

  it('has the choice of colours in the header, and keeps it', async () => {
    const page = await open(1280, 'light');
    await visit(page, 'index.html');
    const ground = () => page.evaluate<string>('getComputedStyle(document.body).backgroundColor');
    const light = await ground();
    await page.locator('header').getByLabel('Colours').selectOption('dark');
    await expect.poll(ground).not.toBe(light);
    const dark = await ground();
    await visit(page, 'guides/waive-fees.html');
    expect(await ground()).toBe(dark);
  });

  it('keeps each line of code on one line at 1280 pixels', async () => {
    const page = await open(1280, 'light');
    let [lines, wrapped] = [0, 0];
    for (const address of addresses) {
      await visit(page, address);
      const measured = await page.evaluate<[number, number]>(`(() => {
        let [lines, wrapped] = [0, 0];
        for (const pre of document.querySelectorAll('main pre')) {
          const code = pre.querySelector('code');
          if (code === null || !pre.checkVisibility()) continue;
          const texts = code.innerText.replace(/\\n$/, '').split('\\n');
          lines += texts.length;
          const range = document.createRange();
          range.selectNodeContents(code);
          const tops = new Set([...range.getClientRects()].map(({ bottom }) => Math.round(bottom)));
          wrapped += Math.max(0, tops.size - texts.length);
        }
        return [lines, wrapped];
      })()`);
      lines += measured[0];
      wrapped += measured[1];
    }
    expect(lines).toBeGreaterThan(150);
    expect(wrapped).toBe(0);
  });

  it('shows each line of code whole at 1280 pixels', async () => {
    const page = await open(1280, 'light');
    await visit(page, 'guides/waive-fees.html');
    expect(await page.evaluate<string[]>(widestLines)).toEqual([]);
    await page.evaluate(`document.querySelector('main pre code').prepend('x'.repeat(140) + '\\n')`);
    expect(await page.evaluate<string[]>(widestLines)).toEqual([expect.stringMatching(/^x{140}/)]);
    const found: string[] = [];
    expect(withLongLines.length).toBeGreaterThan(20);
    for (const address of withLongLines) {
      await page.goto(site + address, { waitUntil: 'load' });
      found.push(...(await page.evaluate<string[]>(widestLines)).map((code) => `${address}: ${code}`));
    }
    expect(found).toEqual([]);
  });

  it('the explorer is whole at 400 pixels, and each of its controls is as wide as a finger', async () => {
    const page = await open(400, 'light');
    await visit(page, 'explorer/index.html#story=lost&step=5');
    const { overflow, small } = await page.evaluate<{ overflow: number; small: string[] }>(`({
      overflow: document.documentElement.scrollWidth - innerWidth,
      small: [...document.querySelectorAll('button, select, input, textarea')]
        .filter((one) => one.checkVisibility())
        .filter((one) => { const box = one.getBoundingClientRect(); return box.width < 24 || box.height < 24 || box.right > innerWidth; })
        .map((one) => one.outerHTML),
    })`);
    expect({ overflow, small }).toEqual({ overflow: 0, small: [] });
  });
});
