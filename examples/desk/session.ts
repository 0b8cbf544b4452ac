import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { Context, MiddlewareHandler } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import type { Desk } from './desk.js';
import { refusalPage } from './pages.js';
import { type Staff, staff } from './staff.js';

/** What a request carries: the desk, and who sits at it. */
export type DeskEnv = { Variables: { desk: Desk; session: Session } };

/** A request to the desk. */
export type Request = Context<DeskEnv>;

/** A browser at the desk. It is stored, so that a restarted server knows it and takes the forms that are open. */
export type Session = { readonly token: string; readonly csrf: string; readonly user: Staff | undefined };

const COOKIE = 'desk-session';

/** Loads the session of each request, or begins one. */
export function sessions({ database }: Desk): MiddlewareHandler<DeskEnv> {
  database.exec(
    'CREATE TABLE IF NOT EXISTS desk_sessions (token TEXT PRIMARY KEY, csrf TEXT NOT NULL, user_id TEXT)',
  );
  return (request, next) => {
    const token = getCookie(request, COOKIE);
    const known = token === undefined ? undefined : sessionOf(database, token);
    request.set('session', known ?? beginSession(request, database));
    return next();
  };
}

/** Refuses forms that were not made for the session of their request, and shows nothing before somebody signs in. */
export const checkedForms: MiddlewareHandler<DeskEnv> = async (request, next) => {
  const { csrf, user } = request.var.session;
  if (request.req.method === 'POST') {
    const sent = (await formOf(request)).get('csrf') ?? '';
    if (!same(sent, csrf)) {
      const text =
        'The form was made for another session, so nothing was done. Open it again from the patron.';
      return refusalPage(request, 403, 'This form has expired', text);
    }
  }
  if (user === undefined && request.req.path !== '/sign-in') return request.redirect('/sign-in', 303);
  return next();
};

/** The fields of a form that was sent; all values of a field that has several. */
export async function formOf(request: Context): Promise<URLSearchParams> {
  return new URLSearchParams(await request.req.text());
}

/** Ends the session of a request and begins one for a member of staff, or for nobody. */
export function changeUser(request: Request, userId: string | null): void {
  const { database } = request.var.desk;
  database.prepare('DELETE FROM desk_sessions WHERE token = ?').run(request.var.session.token);
  if (userId === null) deleteCookie(request, COOKIE, { path: '/' });
  else beginSession(request, database, userId);
}

function beginSession(request: Context, database: Desk['database'], userId: string | null = null): Session {
  const [token, csrf] = [secret(), secret()];
  database.prepare('INSERT INTO desk_sessions VALUES (?, ?, ?)').run(token, csrf, userId);
  setCookie(request, COOKIE, token, { path: '/', httpOnly: true, sameSite: 'Lax' });
  return { token, csrf, user: staff.find((person) => person.userId === userId) };
}

function sessionOf(database: Desk['database'], token: string): Session | undefined {
  const row = database
    .prepare('SELECT csrf, user_id AS userId FROM desk_sessions WHERE token = ?')
    .get(token);
  if (row === undefined) return undefined;
  const { csrf, userId } = row as { csrf: string; userId: string | null };
  return { token, csrf, user: staff.find((person) => person.userId === userId) };
}

function secret(): string {
  return randomBytes(24).toString('base64url');
}

function same(sent: string, expected: string): boolean {
  const [a, b] = [Buffer.from(sent), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
