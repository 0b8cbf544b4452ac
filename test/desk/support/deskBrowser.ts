import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import axe from 'axe-core';
import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';
import type { Trouble } from '../../site/support/browser.js';
import type { Person } from './deskClient.js';

const pictures = fileURLToPath(new URL('../../../docs/desk/', import.meta.url));

/** The narrowest window that the desk is made for, the width of its pictures, and a wide one. */
const [NARROW, USUAL, WIDE] = [360, 1000, 1920];

/**
 * Checks a page as it is shown: axe finds nothing in light and dark colours, and narrow and wide windows show all of it. With
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
  for (const width of [NARROW, WIDE, USUAL]) {
    await page.setViewportSize({ width, height: 720 });
    tooWide.push(await page.evaluate('document.documentElement.scrollWidth - window.innerWidth'));
  }
  expect({ name, all, dark, tooWide }).toEqual({ name, all: [], dark: [], tooWide: [0, 0, 0] });
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
  };
}

/** A refused form has a status above 400, which the browser writes to its console; anything else is a fault. */
export function expectNoTrouble({ errors: all, elsewhere }: Trouble): void {
  const refusals = /status of (403|404|409|422)|: (403|404|409|422) http/;
  const errors = all.splice(0).filter((error) => !refusals.test(error));
  expect({ errors, elsewhere }).toEqual({ errors: [], elsewhere: [] });
}
