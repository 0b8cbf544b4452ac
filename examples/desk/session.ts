import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Context, MiddlewareHandler } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import { html } from 'hono/html';
import type { Desk } from './desk.js';
import { refusalPage } from './pages.js';
import { type Staff, staff } from './staff.js';

/** What a request carries: the desk, and who sits at it. */
export type DeskEnv = { Variables: { desk: Desk; session: Session } };

/** A request to the desk. */
export type Request = Context<DeskEnv>;

/**
 * A browser at the desk. Once somebody has signed in it is stored, so that a restarted server knows it and takes the forms
 * that are open. Before, nothing is stored: anybody could fill the database.
 */
export type Session = { readonly token: string; readonly csrf: string; readonly user: Staff | undefined };

const COOKIE = 'desk-session';

/** How long somebody stays signed in. */
const SESSION_MS = 12 * 60 * 60 * 1000;

/** Loads the session of each request. */
export function sessions(desk: Desk): MiddlewareHandler<DeskEnv> {
  desk.database.exec(
    'CREATE TABLE IF NOT EXISTS desk_signed_in (token TEXT PRIMARY KEY, user_id TEXT NOT NULL, until TEXT NOT NULL)',
  );
  return (request, next) => {
    const token = getCookie(request, COOKIE) || undefined;
    // Only the form for signing in needs a session before: its token is in the cookie alone.
    const begins = token === undefined && request.req.path === '/sign-in';
    const user = token === undefined ? undefined : userOf(desk, token);
    request.set('session', sessionOf(begins ? newToken(request) : (token ?? ''), user));
    return next();
  };
}

/** Refuses forms that were not made for the session of their request, and shows nothing before somebody signs in. */
export const checkedForms: MiddlewareHandler<DeskEnv> = async (request, next) => {
  const { csrf, user } = request.var.session;
  const isPost = request.req.method === 'POST';
  if (user === undefined && request.req.path !== '/sign-in') {
    const { pathname, search } = new URL(request.req.url);
    const next = isPost ? await formAgain(request) : pathname + search;
    return request.redirect(`/sign-in?${new URLSearchParams({ next })}`, 303);
  }
  if (isPost) {
    const sent = (await formOf(request)).get('csrf') ?? '';
    if (!same(sent, csrf)) {
      const text = html`The form was made for another session, so nothing was done.
<a href="${await formAgain(request)}">Open it again with what was typed</a>.`;
      return refusalPage(request, 403, 'This form has expired', text);
    }
  }
  return next();
};

/** The longest address that browsers and servers take without doubt. */
const ADDRESS_MAX = 8_000;

/** The address at which the form that was sent is shown again: one about a patron has what was typed. */
async function formAgain(request: Request): Promise<string> {
  // The address of the page, without what its button does.
  const path = request.req.path.replace(/\/(mail|print|save|run|stop|export|import)$/, '');
  if (!/^\/patrons\/[^/]+\/[^/]+\/[^/]+$/.test(path)) return path;
  const typed = [...(await formOf(request))].filter(
    ([name]) => !['csrf', 'version', 'confirmed'].includes(name),
  );
  const again = `${path}?${new URLSearchParams(typed)}`;
  return again.length > ADDRESS_MAX ? path : again;
}

/** The fields of a form that was sent, a file as its text and its name; all values of a field that has several. */
export async function formOf(request: Context): Promise<URLSearchParams> {
  if (!request.req.header('content-type')?.startsWith('multipart/form-data'))
    return new URLSearchParams(await request.req.text());
  const fields = new URLSearchParams();
  for (const [name, value] of await request.req.formData()) {
    fields.append(name, typeof value === 'string' ? value : await value.text());
    if (typeof value !== 'string') fields.append(`${name}Name`, value.name);
  }
  return fields;
}

/** Ends the session of a request and begins one for a member of staff, or for nobody. */
export function changeUser(request: Request, userId: string | null): void {
  const { database, now } = request.var.desk;
  const { token } = request.var.session;
  database.prepare('DELETE FROM desk_signed_in WHERE token = ? OR until <= ?').run(token, now());
  if (userId === null) return void deleteCookie(request, COOKIE, { path: '/' });
  const until = new Date(Date.parse(now()) + SESSION_MS).toISOString();
  database.prepare('INSERT INTO desk_signed_in VALUES (?, ?, ?)').run(newToken(request), userId, until);
}

/** Makes the token of a session, and gives it to the browser. */
function newToken(request: Context): string {
  const token = randomBytes(24).toString('base64url');
  setCookie(request, COOKIE, token, { path: '/', httpOnly: true, sameSite: 'Lax' });
  return token;
}

/** Returns who has signed in with a token. */
function userOf({ database, now }: Desk, token: string): Staff | undefined {
  const row = database
    .prepare('SELECT user_id AS userId FROM desk_signed_in WHERE token = ? AND until > ?')
    .get(token, now());
  return staff.find(({ userId }) => userId === (row as { userId: string } | undefined)?.userId);
}

/** The token of a form is made from that of the session, which other sites cannot read. */
function sessionOf(token: string, user: Staff | undefined): Session {
  return { token, csrf: createHash('sha256').update(`form ${token}`).digest('base64url'), user };
}

function same(sent: string, expected: string): boolean {
  const [a, b] = [Buffer.from(sent), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
