import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { noticeKinds } from 'patron-fees';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startBrowser } from '../site/support/browser.js';
import { describeWith } from '../support/programs.js';
import { violations } from './support/deskBrowser.js';
import { sampleMails } from './support/sampleMails.js';

const pictures = fileURLToPath(new URL('../../docs/mail/', import.meta.url));

describeWith(['chromium'], 'what people receive', () => {
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    browser = await startBrowser();
    page = await browser.newPage({ viewport: { width: 600, height: 700 } });
  });

  afterAll(() => browser?.close());

  it('has a picture of each kind of notice in the guide', async () => {
    const notices = Object.entries(await sampleMails()).filter(([name]) => name.startsWith('notice-'));
    expect(notices).toHaveLength(noticeKinds.length);
    if (process.env.DESK_PICTURES !== '1') return;
    const frames = notices.map(
      ([, { html }]) =>
        `<iframe style="width:400px;height:560px;border:0" srcdoc="${html.replace(/&/g, '&amp;').replace(/"/g, '&quot;')}"></iframe>`,
    );
    await page.emulateMedia({ colorScheme: 'light' });
    await page.setViewportSize({ width: 1630, height: 800 });
    const grid = 'display:grid;grid-template-columns:repeat(4,400px);gap:10px;background:#cccccc;margin:0';
    await page.setContent(`<body style="${grid}">${frames.join('')}</body>`);
    await page.evaluate('document.body.style.zoom = 0.5');
    await page.setViewportSize({ width: 815, height: 1135 });
    mkdirSync(pictures, { recursive: true });
    await page.screenshot({
      path: `${pictures}notices.png`,
      clip: { x: 0, y: 0, width: 815, height: 1135 },
    });
  });

  it('is shown whole at 600 and 400 pixels, in light and dark colours, without a finding of axe', async () => {
    const mails = await sampleMails();
    expect(Object.keys(mails).length).toBeGreaterThan(5);
    for (const [name, { html, picture = false }] of Object.entries(mails)) {
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        for (const width of [600, 400]) {
          await page.setViewportSize({ width, height: 700 });
          await page.setContent(html);
          const found = {
            // The rules other than those of colours find the same at every width.
            violations:
              width === 600
                ? await violations(page, colorScheme === 'dark' ? 'color-contrast' : undefined)
                : [],
            tooWide: await page.evaluate('document.documentElement.scrollWidth - window.innerWidth'),
            background: await page.evaluate('getComputedStyle(document.body).backgroundColor'),
          };
          const background = colorScheme === 'dark' ? 'rgb(24, 24, 24)' : 'rgb(255, 255, 255)';
          expect({ name, width, colorScheme, ...found }).toEqual({
            ...{ name, width, colorScheme },
            ...{ violations: [], tooWide: 0, background },
          });
          const folder = process.env.DESK_PICTURES === '1' && picture ? pictures : process.env.MAIL_PICTURES;
          if (folder === undefined || (folder === pictures && (width === 400 || colorScheme === 'dark')))
            continue;
          mkdirSync(folder, { recursive: true });
          const size = folder === pictures ? '' : `-${width}-${colorScheme}`;
          await page.screenshot({ path: `${folder}/${name}${size}.png`, fullPage: true });
        }
      }
    }
  });
});
