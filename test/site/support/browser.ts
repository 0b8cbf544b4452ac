import { type Browser, type BrowserContext, chromium, type Locator, type Page } from 'playwright-core';
import { programPath } from '../../support/programs.js';

/** The faults found while visiting pages. */
export type Trouble = {
  /** Errors in the console, and requests that failed. */
  readonly errors: string[];
  /** Requests to any place other than the site. */
  readonly elsewhere: string[];
};

/** Longer than any machine needs, in milliseconds: it only ends what hangs. */
const PATIENCE_MS = 600_000;

/** Starts Debian's Chromium, without network requests of its own. */
export async function startBrowser(): Promise<Browser> {
  const browser = await chromium.launch({
    timeout: PATIENCE_MS,
    executablePath: programPath('chromium') ?? 'chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
  browser.on('context', (context) => {
    context.setDefaultTimeout(PATIENCE_MS);
    context.on('page', waitForWholePages);
  });
  return browser;
}

let waits = false;

/**
 * Makes clicks and keys wait until the page that they lead to is whole. Playwright waits until it begins: what a test counts
 * or reads at once could be a part of it.
 */
function waitForWholePages(page: Page): void {
  if (waits) return;
  waits = true;
  const locators: Locator = Object.getPrototypeOf(page.locator('html'));
  const { click, press } = locators;
  Object.assign(locators, {
    async click(this: Locator, ...given: Parameters<Locator['click']>) {
      await click.apply(this, given);
      await this.page().waitForLoadState();
    },
    async press(this: Locator, ...given: Parameters<Locator['press']>) {
      await press.apply(this, given);
      await this.page().waitForLoadState();
    },
  });
}

/** Opens a page that records its faults. */
export async function watchedPage(
  context: BrowserContext,
  site: string,
): Promise<{ page: Page; trouble: Trouble }> {
  const trouble: Trouble = { errors: [], elsewhere: [] };
  const page = await context.newPage();
  page.on('console', (message) => {
    if (message.type() === 'error') trouble.errors.push(`${page.url()}: ${message.text()}`);
  });
  page.on('pageerror', (error) => trouble.errors.push(`${page.url()}: ${String(error)}`));
  page.on('response', (response) => {
    if (response.status() >= 400)
      trouble.errors.push(`${page.url()}: ${response.status()} ${response.url()}`);
  });
  page.on('request', (request) => {
    // A blob is made by the page itself.
    if (!request.url().startsWith(site) && !/^(?:data|blob):/.test(request.url()))
      trouble.elsewhere.push(request.url());
  });
  return { page, trouble };
}
