import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { publishSite } from '../../scripts/apiPages/versions/publishSite.js';
import { describeWith } from '../support/programs.js';
import { startBrowser, watchedPage } from './support/browser.js';
import { serveFolder } from './support/serveFolder.js';

const folder = mkdtempSync(join(tmpdir(), 'versions-'));

/** Some pages of the site as those of a version. */
function siteOf(version: string): string {
  const site = join(folder, `site-${version}`);
  for (const part of ['index.html', 'assets', 'guides/waive-fees.html'])
    cpSync(join(inject('siteFolder'), part), join(site, part), { recursive: true });
  for (const page of ['index.html', 'guides/waive-fees.html'])
    writeFileSync(
      join(site, page),
      readFileSync(join(site, page), 'utf8').replaceAll('v0.1.0', `v${version}`),
    );
  return site;
}

describeWith(['chromium'], 'the menu of versions', () => {
  const served = join(folder, 'served');
  let browser: Browser;
  let site: Awaited<ReturnType<typeof serveFolder>>;

  beforeAll(async () => {
    browser = await startBrowser();
    site = await serveFolder(served);
  });

  afterAll(async () => {
    await site?.end();
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('lists the versions in the folder, the newest first, on pages of the root and of each version', async () => {
    for (const version of ['0.1.0', '0.9.0', '0.10.0']) await publishSite(siteOf(version), served, version);
    await expect(publishSite(siteOf('0.9.0'), served, '0.9.0')).rejects.toThrow();
    const { page, trouble } = await watchedPage(await browser.newContext(), site.address);
    const menu = page.locator('.versions');
    for (const [address, shown] of [
      ['guides/waive-fees.html', 'v0.10.0'],
      ['v0.1.0/guides/waive-fees.html', 'v0.1.0'],
    ] as const) {
      await page.goto(site.address + address);
      await menu.locator('summary').click();
      expect(await menu.locator('a').allTextContents()).toEqual(['v0.10.0', 'v0.9.0', 'v0.1.0']);
      expect(await menu.locator('[aria-current]').textContent()).toBe(shown);
    }
    await menu.getByText('v0.9.0').click();
    await expect.poll(() => page.url()).toBe(`${site.address}v0.9.0/index.html`);
    expect(await page.locator('.tsd-page-toolbar .title').textContent()).toContain('v0.9.0');
    expect(trouble).toEqual({ errors: [], elsewhere: [] });
  });

  it('is left out with one version, and without the list', async () => {
    const context = await browser.newContext();
    const { page, trouble } = await watchedPage(context, inject('siteAddress'));
    await page.goto(`${inject('siteAddress')}guides/waive-fees.html`, { waitUntil: 'networkidle' });
    expect(await page.locator('.versions').count()).toBe(0);
    expect(trouble).toEqual({ errors: [], elsewhere: [] });
    rmSync(join(served, 'versions.json'));
    await page.goto(`${site.address}guides/waive-fees.html`, { waitUntil: 'networkidle' });
    expect(await page.locator('.versions').count()).toBe(0);
    expect(await page.locator('h1').textContent()).toBe('Waive fees');
  });
});
