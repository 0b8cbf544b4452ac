import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { programPath } from '../../support/programs.js';

/** The faults found while visiting pages. */
export type Trouble = {
  /** Errors in the console, and requests that failed. */
  readonly errors: string[];
  /** Requests to any place other than the site. */
  readonly elsewhere: string[];
};

/** Starts Debian's Chromium, without network requests of its own. */
export function startBrowser(): Promise<Browser> {
  return chromium.launch({
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
