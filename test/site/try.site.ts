import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import axe from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, inject, it } from 'vitest';
import type { Outcome } from '../../scripts/apiPages/tryIt/runExample.js';
import { describeWith } from '../support/programs.js';
import { startBrowser, watchedPage } from './support/browser.js';

const site = inject('siteAddress');
const folder = inject('siteFolder');

type Example = { readonly address: string; readonly code: string; readonly before: string };

const unescaped = (text = '') =>
  text
    .replaceAll('&#10;', '\n')
    .replaceAll('&gt;', '>')
    .replaceAll('&lt;', '<')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&');

/** Every example with a button, once. */
const examples = [
  ...new Map(
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.html'))
      .sort()
      .flatMap((address) =>
        [
          ...readFileSync(join(folder, address), 'utf8').matchAll(
            /<div class="try" data-code="([^"]*)"(?: data-before="([^"]*)")?>/g,
          ),
        ].map(([element, code, before]): [string, Example] => [
          element,
          { address, code: unescaped(code), before: unescaped(before) },
        ]),
      ),
  ).values(),
];

const addressOf = (example: string) => `${site}${example}.html`;

describeWith(['chromium'], 'the button "Try"', () => {
  let browser: Browser;
  let page: Page;
  let trouble: Awaited<ReturnType<typeof watchedPage>>['trouble'];

  beforeAll(async () => {
    browser = await startBrowser();
  });

  beforeEach(async () => {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
    ({ page, trouble } = await watchedPage(context, site));
  });

  afterEach(async () => {
    expect(trouble).toEqual({ errors: [], elsewhere: [] });
    await page.context().close();
  });

  afterAll(async () => {
    await browser?.close();
  });

  const status = () => page.locator('.try').first().getByRole('status').textContent();
  const press = (name: string) => page.locator('.try').first().getByRole('button', { name }).click();
  const type = (code: string) => page.getByLabel('Code of the example').fill(code);
  const results = () => page.locator('.try').first().locator('li').allTextContents();

  it('is there for examples that import only what a browser can run', () => {
    const has = (address: string) => examples.some((example) => example.address === `${address}.html`);
    expect(examples.length).toBeGreaterThan(350);
    expect(has('tutorial/first-account')).toBe(true);
    expect(has('api/patron-fees/decide')).toBe(true);
    expect(has('api/patron-fees/jobs/planRetention')).toBe(true);
    // They need a database, files, or a package that is not part of this one.
    expect(has('guides/keep-events-in-postgres')).toBe(false);
    expect(has('api/patron-fees/jobs/runPurge')).toBe(false);
    expect(has('api/patron-fees/testing/laws')).toBe(false);
  });

  it('gives the documented results for every example', async () => {
    await page.goto(addressOf('tutorial/first-account'));
    await press('Try');
    await expect.poll(status).toContain('as the example says');
    // Through the worker that the button has loaded.
    await page.evaluate(`(() => {
      const script = document.querySelector('script[src$="assets/try-worker.js"]');
      const { Worker } = window;
      let program;
      window.Worker = class extends Worker { constructor(url) { super(url); program = url; } };
      document.querySelector('.try .try-buttons button').click();
      window.outcomesOf = async (data) => {
        while (!program) await new Promise((resolve) => setTimeout(resolve, 10));
        const worker = new Worker(program);
        const outcomes = await new Promise((resolve) => {
          const all = [];
          worker.onmessage = ({ data }) => {
            all.push(data);
            if (data.kind === 'done' || data.kind === 'error') resolve(all);
          };
          worker.postMessage(data);
        });
        worker.terminate();
        return outcomes;
      };
      return script !== null;
    })()`);
    // The examples of a guide continue each other: the last one with all above it is all of them.
    const programs = new Map(
      examples.map(({ address, code, before }) => [
        before === '' ? `${address} ${code}` : address,
        { address, code: before + code },
      ]),
    );
    const wrong: string[] = [];
    for (const { address, code } of programs.values()) {
      const outcomes = await page.evaluate<Outcome[]>(
        `window.outcomesOf(${JSON.stringify({ code, before: '' })})`,
      );
      const last = outcomes.at(-1);
      const claims = code.split('//=>').length - 1;
      if (last?.kind === 'done' && last.otherwise === 0 && last.asDocumented === claims) continue;
      const faults = outcomes.filter(
        (one) => one.kind === 'error' || (one.kind === 'result' && one.expected),
      );
      wrong.push(`${address}: ${JSON.stringify([...faults, last, claims])}\n${code}`);
    }
    expect(wrong).toEqual([]);
  });

  it('shows the results of changed code, and says which are not what the example says', async () => {
    await page.goto(addressOf('tutorial/first-account'));
    await press('Try');
    await expect.poll(status).toBe('Done: 2 of 2 results as the example says.');
    await type(
      "import { definePolicy } from 'patron-fees';\nconst policy: object = definePolicy({ currency: 'EUR' });\n" +
        "policy.currency; //=> 'USD'\nconsole.log('policy', { fine: true });\npolicy.overpayment",
    );
    await press('Run');
    await expect.poll(status).toBe('Done: 1 of 1 results are not what the example says.');
    expect(await results()).toEqual([
      "line 3 policy.currency → 'EUR' the example says 'USD'",
      'printed policy { fine: true }',
      "line 5 policy.overpayment → 'refuse'",
    ]);
    await press('Reset');
    await expect.poll(status).toBe('Done: 2 of 2 results as the example says.');
    await press('Close');
    expect(await page.locator('pre').first().isVisible()).toBe(true);
  });

  it('runs the examples above it first, and shows its own results only', async () => {
    await page.goto(addressOf('tutorial/first-account'));
    const third = page.locator('.try').nth(2);
    await third.getByRole('button', { name: 'Try' }).click();
    await expect.poll(() => third.getByRole('status').textContent()).toContain('as the example says');
    const lines = (await third.locator('li').allTextContents()).map((text) =>
      Number(/^line (\d+)/.exec(text)?.[1]),
    );
    const code = await third.getByLabel('Code of the example').inputValue();
    expect(Math.max(...lines)).toBeLessThanOrEqual(code.split('\n').length);
    expect(code).not.toContain('import { definePolicy');
  });

  it.each([
    [
      'an error of the library',
      "definePolicy({ currency: 'EUR', overpayment: 'keep' });",
      'line 3',
      'INVALID_POLICY',
    ],
    ['a mistake in the syntax', 'const = 3;', 'line 3', 'Unexpected token'],
    ['a name that is missing', 'nothing.at.all;', 'line 3', 'ReferenceError: nothing is not defined'],
    [
      'a module that needs Node',
      "import { readFileSync } from 'node:fs';\nreadFileSync('x');",
      'line 3',
      'no module "node:fs"',
    ],
  ])('says in a sentence what is wrong: %s', async (_what, code, place, words) => {
    await page.goto(addressOf('tutorial/first-account'));
    await press('Try');
    await type(`import { definePolicy } from 'patron-fees';\n\n${code}`);
    await press('Run');
    await expect.poll(status).toContain('Ended by an error');
    expect(await status()).toContain(place);
    expect(await status()).toContain(words);
  });

  it('stops code without an end, while the page goes on', async () => {
    await page.goto(addressOf('api/patron-fees/decide'));
    await press('Try');
    await type("console.log('begun');\nwhile (true) {}");
    await page.keyboard.press('Control+Enter');
    await expect.poll(results).toEqual(['printed begun']);
    expect(await status()).toBe('Running…');
    await press('Stop');
    expect(await status()).toBe('Stopped.');
    await type('6 * 7');
    await press('Run');
    await expect.poll(results).toEqual(['line 1 6 * 7 → 42']);
  });

  it('is worked with keys alone', async () => {
    await page.goto(addressOf('api/patron-fees/decide'));
    await page.locator('.try').first().getByRole('button', { name: 'Try' }).focus();
    await page.keyboard.press('Enter');
    await expect.poll(status).toContain('as the example says');
    // From the field to Run, Stop (disabled at rest), Reset and Close.
    for (const name of ['Run', 'Reset', 'Close']) {
      await page.keyboard.press('Tab');
      expect(await page.evaluate('document.activeElement.textContent')).toBe(name);
    }
    await page.keyboard.press('Enter');
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Try');
  });

  it.each(['light', 'dark'] as const)(
    'axe finds no problems in %s colours; 400 pixels are enough',
    async (colorScheme) => {
      await page.emulateMedia({ colorScheme });
      await page.goto(addressOf('api/patron-fees/decide'));
      await press('Try');
      await expect.poll(status).toContain('as the example says');
      await page.evaluate(axe.source);
      const found = await page.evaluate<string[]>(
        "axe.run(document.querySelector('.try')).then(({ violations }) => violations.map(({ id, nodes }) => id + nodes.map(({ html }) => html)))",
      );
      await page.setViewportSize({ width: 400, height: 800 });
      const tooWide = await page.evaluate<number>('document.documentElement.scrollWidth - window.innerWidth');
      expect({ found, tooWide }).toEqual({ found: [], tooWide: 0 });
    },
  );

  it('works from a disk, without a server', async () => {
    const context = await browser.newContext();
    const local = await context.newPage();
    await local.goto(`file://${join(folder, 'api/patron-fees/decide.html')}`);
    await local.locator('.try').first().getByRole('button', { name: 'Try' }).click();
    await expect
      .poll(() => local.locator('.try').first().getByRole('status').textContent())
      .toContain('as the example says');
    await context.close();
  });
});
