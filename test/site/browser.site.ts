import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { entryPoints } from '../../entryPoints.js';
import { describeWith } from '../support/programs.js';
import { startBrowser, watchedPage } from './support/browser.js';

const site = inject('siteAddress');

/** The number of API pages skipped for each one visited: all are made from the same templates. */
const API_STEP = 24;

/** All documents and imports, and some pages of each import. */
const addresses = readdirSync(inject('siteFolder'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.html'))
  .sort()
  .filter((file, index) => !/^api\/patron-fees\/.*\//.test(`${file}/`) || index % API_STEP === 0);

/** The luminance of a colour, as the contrast of WCAG defines it. */
function luminance(color: string): number {
  const parts = (color.replace(/^color\(srgb/, '').match(/[\d.]+/g) ?? []).slice(0, 3).map(Number);
  // A mixed colour is returned as color(srgb 0.9 0.9 0.9).
  const [red = 0, green = 0, blue = 0] = parts
    .map((part) => (color.startsWith('color(') ? part : part / 255))
    .map((part) => (part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

describeWith(['chromium'], 'in a browser', () => {
  let browser: Browser;

  beforeAll(async () => {
    browser = await startBrowser();
  });

  afterAll(async () => {
    await browser?.close();
  });

  const open = async (width: number, colorScheme: 'light' | 'dark' = 'light') => {
    const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme });
    return watchedPage(context, site);
  };

  it('no page has an error, fetches from elsewhere or is too wide, at 400 and at 1300 pixels', async () => {
    const { page, trouble } = await open(400);
    const wide: string[] = [];
    for (const address of addresses) {
      await page.goto(site + address, { waitUntil: 'load' });
      for (const width of [400, 1300]) {
        await page.setViewportSize({ width, height: 900 });
        const overflow = await page.evaluate<number>(
          'document.documentElement.scrollWidth - window.innerWidth',
        );
        if (overflow > 0) wide.push(`${address} at ${width}: ${overflow} pixels`);
      }
    }
    expect({ ...trouble, wide }).toEqual({ errors: [], elsewhere: [], wide: [] });
  });

  it.each(entryPoints)('the page of $specifier is shorter than five screens', async ({ specifier }) => {
    const { page } = await open(1280);
    await page.goto(`${site}api/${specifier}.html`);
    expect(await page.evaluate<number>('document.documentElement.scrollHeight')).toBeLessThan(5 * 900);
    await page.context().close();
  });

  it('a link to a type on the page of an import unfolds the list that has it', async () => {
    const { page } = await open(1280);
    await page.goto(`${site}api/patron-fees.html#waivefees`);
    const link = page.locator('#waivefees a');
    await expect.poll(() => link.isVisible()).toBe(true);
    expect(await page.locator('#decideoptions a').isVisible()).toBe(false);
    await link.click();
    await expect.poll(() => page.locator('h1').textContent()).toContain('WaiveFees');
  });

  it('the navigation leads from the home page to the tutorial, then to a guide, then to an import', async () => {
    const { page, trouble } = await open(1300);
    await page.goto(site);
    const navigation = page.locator('#tsd-nav-container');
    await expect.poll(() => navigation.locator('> li').count()).toBe(7);
    const parts = await navigation.locator('> li > details > summary').allTextContents();
    expect(parts.map((part) => part.trim())).toEqual([
      'Tutorial',
      'Guides',
      'Concepts',
      'Reference',
      'Decisions',
      'API',
    ]);

    const reach = async (titles: readonly string[], link: string) => {
      for (const title of titles) {
        const part = navigation
          .locator('details', { has: page.locator(`> summary:has-text("${title}")`) })
          .first();
        if ((await part.getAttribute('open')) === null) {
          await part.locator('> summary svg').first().click();
        }
      }
      await navigation.locator(`a[href$="${link}.html"]`).click();
    };
    const heading = () => expect.poll(() => page.locator('h1').textContent());
    await reach(['Tutorial'], 'tutorial/first-account');
    await heading().toBe('A first account');
    await reach(['Guides', 'Set up'], 'guides/define-your-policy');
    await heading().toBe('Define your policy');
    await reach(['API', 'patron-fees/views'], 'api/patron-fees/views');
    await heading().toContain('patron-fees/views');
    expect(trouble).toEqual({ errors: [], elsewhere: [] });
  });

  it.each(['WaiveFees', 'Define your policy', 'finesAndFees'])('the search finds %s', async (words) => {
    const { page, trouble } = await open(1300);
    await page.goto(site);
    await page.locator('#tsd-search-trigger').click();
    await page.locator('#tsd-search-input').fill(words);
    const first = page.locator('#tsd-search-results li').first();
    await expect.poll(async () => (await first.textContent())?.toLowerCase()).toContain(words.toLowerCase());
    await first.click();
    await expect
      .poll(async () => (await page.locator('h1').textContent())?.toLowerCase())
      .toContain(words.toLowerCase());
    expect(trouble).toEqual({ errors: [], elsewhere: [] });
  });

  it('has a search field that names its key, opened by it', async () => {
    const { page } = await open(1300);
    await page.goto(site);
    const { label, width } = await page.evaluate<{ label: string; width: number }>(`(() => {
      const field = document.querySelector('#tsd-search-trigger');
      return { label: getComputedStyle(field, '::after').content, width: field.getBoundingClientRect().width };
    })()`);
    expect(label).toContain('press /');
    expect(width).toBeGreaterThan(150);
    await page.keyboard.press('/');
    await page.locator('#tsd-search-input').fill('forgive a fine');
    const excerpt = page.locator('#tsd-search-results .excerpt').first();
    await expect.poll(() => excerpt.textContent()).toBe('ask decides commands for the current account.');
  });

  it('leads from each guide to the next and back', async () => {
    const { page } = await open(1300);
    await page.goto(`${site}guides/waive-fees.html`);
    await page.locator('nav.neighbours a[rel="next"]').click();
    await expect.poll(() => page.locator('h1').textContent()).not.toBe('Waive fees');
    await page.locator('nav.neighbours a[rel="prev"]').click();
    await expect.poll(() => page.locator('h1').textContent()).toContain('Waive fees');
  });

  it.each(['light', 'dark'] as const)(
    'each word of each diagram is readable in %s colours at 400 pixels, if need be by scrolling its box',
    async (colorScheme) => {
      const { page } = await open(400, colorScheme);
      const drawn = addresses.filter((address) =>
        readFileSync(join(inject('siteFolder'), address), 'utf8').includes('<figure class="diagram"'),
      );
      expect(drawn.length).toBeGreaterThan(3);
      for (const address of drawn) {
        await page.goto(site + address);
        const { words, background, boxes } = await page.evaluate<{
          words: { text: string; color: string; size: number }[];
          background: string;
          boxes: { scrolls: boolean; fits: boolean; tabIndex: number }[];
        }>(`({
          background: getComputedStyle(document.body).backgroundColor,
          words: [...document.querySelectorAll('.diagram text')].map((text) => ({
            text: text.textContent,
            color: getComputedStyle(text).fill,
            size: parseFloat(getComputedStyle(text).fontSize) * text.getCTM().a,
          })),
          boxes: [...document.querySelectorAll('.diagram > div')].map((box) => ({
            scrolls: getComputedStyle(box).overflowX === 'auto',
            fits: box.getBoundingClientRect().right <= innerWidth,
            tabIndex: box.tabIndex,
          })),
        })`);
        const unreadable = words.filter(
          ({ color, size }) => size < 9.99 || contrast(color, background) < 4.5,
        );
        expect({ address, unreadable }).toEqual({ address, unreadable: [] });
        expect(boxes).toEqual(boxes.map(() => ({ scrolls: true, fits: true, tabIndex: 0 })));
      }
    },
  );
});
