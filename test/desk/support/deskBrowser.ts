import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import axe from 'axe-core';
import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';
import type { Trouble } from '../../site/support/browser.js';
import type { Person } from './deskClient.js';

const pictures = fileURLToPath(new URL('../../../docs/desk/', import.meta.url));

/** The widths of windows in which pages are looked at: from the narrowest that the desk is made for to that of its pictures. */
const WIDTHS = [360, 400, 600, 1366, 1920, 1000];

/**
 * The figures on a page that somebody cannot read whole: outside of the window, on two lines, or below something else. A figure
 * is a number with decimals, or an amount of a table.
 */
const cutFigures = `(() => {
  const cut = [];
  const shown = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT);
  for (let text = shown.nextNode(); text; text = shown.nextNode()) {
    const isAmount = text.parentElement.closest('td.amount') !== null;
    for (const { 0: figure, index } of text.data.matchAll(isAmount ? /\\S+/g : /[−-]?\\d[\\d,]*\\.\\d\\d/g)) {
      const range = document.createRange();
      range.setStart(text, index);
      range.setEnd(text, index + figure.length);
      text.parentElement.scrollIntoView({ block: 'center' });
      const [box, ...more] = range.getClientRects();
      const under = (x) => document.elementFromPoint(x, (box.top + box.bottom) / 2);
      const isRead = (x) => text.parentElement.contains(under(x)) || under(x)?.contains(text);
      if (!box || !text.parentElement.checkVisibility()) continue;
      if (more.length > 0 || box.left < 0 || box.right > innerWidth || !isRead(box.left + 1) || !isRead(box.right - 1))
        cut.push(innerWidth + ': ' + figure + ' in ' + text.parentElement.outerHTML);
    }
  }
  scrollTo(0, 0);
  return cut;
})()`;

/**
 * Checks a page as it is shown: axe finds nothing in light and dark colours, and windows of all widths show all of it, each figure whole. With
 * `DESK_PICTURES=1`, as `npm run desk:pictures` has it, its picture is kept in docs/desk.
 *
 * @param instead - a text that differs from run to run, and what the picture shows instead
 * @param part - the part of the page that the picture shows, if it is not the beginning
 */
export async function inspect(
  page: Page,
  name: string,
  instead?: readonly [string, string],
  part?: Locator,
): Promise<void> {
  const all = await violations(page);
  await page.emulateMedia({ colorScheme: 'dark' });
  const dark = await violations(page, 'color-contrast');
  await page.emulateMedia({ colorScheme: 'light' });
  const tooWide: number[] = [];
  const cut: string[] = [];
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 720 });
    if (await page.evaluate('document.documentElement.scrollWidth > window.innerWidth')) tooWide.push(width);
    cut.push(...(await page.evaluate<string[]>(cutFigures)));
  }
  expect({ name, all, dark, tooWide, cut }).toEqual({ name, all: [], dark: [], tooWide: [], cut: [] });
  if (process.env.DESK_PICTURES !== '1') return;
  mkdirSync(pictures, { recursive: true });
  if (instead !== undefined)
    await page.evaluate(
      `document.querySelectorAll('.path, .notice a').forEach((shown) => { shown.textContent = shown.textContent.replace(...${JSON.stringify(instead)}); })`,
    );
  await (part ?? page).screenshot({ path: `${pictures}${name}.png`, animations: 'disabled', caret: 'hide' });
}

/** What axe finds, in short. */
export async function violations(page: Page, rule?: string): Promise<string[]> {
  await page.evaluate(axe.source);
  const options = rule === undefined ? '{}' : `{ runOnly: ['${rule}'] }`;
  return page.evaluate<string[]>(`axe.run(document, ${options}).then(({ violations }) =>
    violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ html }) => html).join(' | ')))`);
}

/** Signs a person in. */
export async function signIn(page: Page, site: string, person: Person): Promise<void> {
  await page.goto(`${site}/sign-in`);
  await page.getByLabel('Person').selectOption(person);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

/** What a person does on the page that is open, and the message that it shows. */
export function actionsOn(page: () => Page) {
  return {
    press: (name: string) => page().getByRole('button', { name, exact: true }).click(),
    follow: (name: string) => page().getByRole('link', { name, exact: true }).first().click(),
    notice: () => page().getByRole('status').textContent(),
    /** Goes to a page by the menus, as the guide does. */
    async menu(menu: string, ...path: readonly string[]) {
      await page().locator('summary', { hasText: menu }).click();
      const group = page().locator('.menu > li', { hasText: path[0] as string });
      await group.getByRole('link', { name: path.at(-1) as string, exact: true }).click();
    },
  };
}

/** A refused form has a status above 400, which the browser writes to its console; anything else is a fault. */
export function expectNoTrouble({ errors: all, elsewhere }: Trouble): void {
  const refusals = /status of (403|404|409|422)|: (403|404|409|422) http/;
  const errors = all.splice(0).filter((error) => !refusals.test(error));
  expect({ errors, elsewhere }).toEqual({ errors: [], elsewhere: [] });
}
