import type { Hono } from 'hono';
import { html } from 'hono/html';
import { loadAccount } from 'patron-fees/history';
import { summary } from 'patron-fees/views';
import { institution } from '../desk.js';
import type { Patron } from '../directory.js';
import { type FieldErrors, fieldError, invalid } from '../fieldErrors.js';
import { csrf, money, page } from '../pages.js';
import { changeUser, type DeskEnv, formOf, type Request } from '../session.js';
import { roleLabels, staff } from '../staff.js';
import { amounts, named, table } from '../table.js';

const LIMIT = 20;

/** Signing in, and finding a patron. */
export function findScreens(app: Hono<DeskEnv>): void {
  app.get('/sign-in', (request) => request.html(page(request, { title: 'Sign in' }, signIn(request))));
  app.post('/sign-in', async (request) => {
    const form = await formOf(request);
    const userId = form.get('user');
    if (staff.some((person) => person.userId === userId)) {
      changeUser(request, userId);
      // Only an address of the desk itself.
      const next = form.get('next') ?? '';
      return request.redirect(/^\/(?![/\\])/.test(next) ? next : '/', 303);
    }
    const errors = { user: 'Choose one of the people.' };
    return request.html(page(request, { title: 'Sign in', errors }, signIn(request, errors)), 422);
  });
  app.post('/sign-out', (request) => {
    changeUser(request, null);
    return request.redirect('/sign-in', 303);
  });
  app.get('/', (request) => find(request, 'Patron Identification', ''));
  // The search bar of every page leads to the user's details, as in Alma.
  app.get('/users', (request) => find(request, 'Find a user', '/details'));
}

/**
 * Finds a patron by name or barcode; a single one is opened at once.
 *
 * @param page - the page of a patron that is opened, after their address
 */
async function find(request: Request, title: string, opens: string) {
  const words = (request.req.query('patron') ?? '').trim();
  const { directory } = request.var.desk;
  const found = words === '' ? [] : directory.search(words, LIMIT + 1);
  const [only] = found;
  if (only !== undefined && found.length === 1) return request.redirect(addressOf(only, opens), 303);
  const result = words === '' ? undefined : await results(request, found, opens);
  const form = html`<form method="get" action="/" role="search" class="find" aria-label="Patron Identification">
<label for="patron">Scan patron’s ID or search for patron</label>
<input id="patron" name="patron" value="${words}" autocomplete="off" autofocus>
<button>Go</button></form>`;
  const nothing = words !== '' && found.length === 0 ? `No patron matches “${words}”.` : undefined;
  return request.html(page(request, { title, nothing }, html`${opens === '' && form}${result}`));
}

function addressOf({ patronId }: Patron, opens: string): string {
  return `/patrons/${encodeURIComponent(patronId)}${opens}`;
}

function signIn(request: Request, errors: FieldErrors = {}) {
  const people = staff.map(
    ({ userId, name, roles }) =>
      html`<option value="${userId}">${name}: ${roles.map((role) => roleLabels[role]).join(', ')}</option>`,
  );
  const next = request.req.query('next') ?? '';
  return html`${next.includes('?') && html`<p class="warning">Your session has ended, and nothing was done. Sign in again, and go on with what you typed.</p>`}
<p>This is an example: choose who you are. A real desk asks your identity provider.</p>
<form method="post" action="/sign-in">${csrf(request)}<input type="hidden" name="next" value="${next}">
<p><label for="user">Person</label> <select id="user" name="user"${invalid(errors, 'user')}>${people}</select>${fieldError(errors, 'user')}</p>
<p class="buttons"><button>Sign in</button></p></form>`;
}

async function results(request: Request, found: readonly Patron[], opens: string) {
  if (found.length === 0) return html``;
  const rows = await Promise.all(found.slice(0, LIMIT).map((patron) => resultRow(request, patron, opens)));
  const columns = [
    { name: 'Name', head: true },
    ...named('Barcode', 'User group'),
    ...amounts('Active balance'),
  ];
  const more = found.length > LIMIT && html`<p>Only the first ${LIMIT} are shown. Add more of the name.</p>`;
  return html`${table('Patrons found', columns, rows)}${more}`;
}

async function resultRow(request: Request, patron: Patron, opens: string) {
  const { patronId, name, barcode, group } = patron;
  const { store, policy } = request.var.desk;
  const { account } = await loadAccount(store, { institution, patronId });
  const { active, currency } = summary(account, policy);
  const link = html`<a href="${addressOf(patron, opens)}"><bdi>${name}</bdi></a>`;
  return [link, barcode, group.toLowerCase(), money(active, currency)];
}
