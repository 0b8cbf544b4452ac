import type { Hono } from 'hono';
import { html } from 'hono/html';
import { page } from './pages.js';
import type { DeskEnv } from './session.js';
import { named, table } from './table.js';

/**
 * The keyboard shortcuts: a key, the end of the address of the link or button that it presses (or the field that it goes to),
 * and what it does. A key without such a link on the page does nothing.
 */
const keys = [
  ['/', '#patron, #users', 'Search for a patron'],
  ['s', '/', 'Manage Patron Services: scan the next patron'],
  ['f', '/fees', 'Fines/Fees of the patron'],
  ['p', '/pay', 'Pay: all, or the selected fees'],
  ['a', '/add-fee', 'Add a fine or fee'],
  ['w', '/waive', 'Waive the selected fees'],
  ['t', '/transfer', 'Transfer the selected fees'],
  ['m', '/statement', 'Statement of the patron'],
  ['r', '/report', 'Send the activity report'],
  ['?', '/keys', 'This list'],
] as const;

/** The shortcuts as the script of every page reads them. */
export const keysOfPages = JSON.stringify(keys.map(([key, target]) => [key, target]));

/** The list of the shortcuts, and the switch for them (WCAG 2.1.4). */
export function keyScreens(app: Hono<DeskEnv>): void {
  app.get('/keys', (request) => {
    const rows = keys.map(([key, , what]) => [html`<kbd>${key}</kbd>`, what]);
    const content = html`<p>Press a key outside of fields. Keys with Ctrl, Alt or Command are left to the browser, and a screen reader that
reads the page keeps its own keys. A key does nothing if the page has no such link or button.</p>
<p data-keys-switch hidden><input type="checkbox" id="use-keys"> <label for="use-keys">Use these keys in this browser</label></p>
<noscript><p>This browser runs no scripts, so the keys are off.</p></noscript>
${table('Keys', [{ name: 'Key', head: true }, ...named('What it does')], rows)}`;
    return request.html(page(request, { title: 'Keyboard shortcuts' }, content));
  });
}
