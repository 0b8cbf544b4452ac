// The part of Alma's user API that logins and account pages need beside the fees: a user, with the sum of the fees, and
// whether a password is right. The data is that of a directory; patron-fees has none.
import { timingSafeEqual } from 'node:crypto';
import type { Person } from './exampleAccounts.js';

type Handler = (request: Request) => Promise<Response>;

/**
 * Adds users to a handler of fees: `GET /users/{id}` (with `expand=fees`), and `POST /users/{id}?op=auth` with the password
 * in the header `Exl-User-Pw` or the parameter `password`. All other requests go to the handler.
 *
 * @param fees - the handler of fees, which also checks API keys
 * @param find - finds a user by an identifier
 */
export function withUsers(
  fees: Handler,
  find: (identifier: string) => Person | undefined,
  basePath = '/almaws/v1',
): Handler {
  const start = `${basePath}/users/`;
  return async (request) => {
    const address = new URL(request.url);
    const { pathname, searchParams } = address;
    const id = pathname.startsWith(start) ? pathname.slice(start.length) : '';
    const isLogin = request.method === 'POST' && searchParams.get('op') === 'auth';
    if (id === '' || id.includes('/') || !(isLogin || request.method === 'GET')) return fees(request);
    address.pathname = `${pathname}/fees`;
    const listAs = (accept: string) =>
      fees(new Request(address, { headers: { ...Object.fromEntries(request.headers), accept } }));
    searchParams.delete('status');
    const accept = searchParams.get('format') ?? request.headers.get('accept') ?? 'xml';
    searchParams.delete('format');
    const list = await listAs('json');
    const user = list.status === 200 ? find(decodeURIComponent(id)) : undefined;
    // A wrong key, an invalid address, or an unknown user.
    if (user === undefined) return listAs(accept);
    if (isLogin) {
      const sent = request.headers.get('exl-user-pw') ?? searchParams.get('password') ?? '';
      return new Response(null, { status: isSame(sent, user.password) ? 204 : 400 });
    }
    const { total_sum } = (await list.json()) as { total_sum: number };
    const sum = searchParams.get('expand')?.split(',').includes('fees') ? total_sum : undefined;
    const isJson = accept.includes('json');
    const type = `application/${isJson ? 'json' : 'xml'};charset=UTF-8`;
    const body = isJson ? userJson(user, sum) : userXml(user, sum);
    return new Response(body, { headers: { 'content-type': type, 'cache-control': 'no-store' } });
  };
}

function isSame(sent: string, expected: string): boolean {
  const [a, b] = [Buffer.from(sent), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function userJson({ patronId, firstName, lastName, email, group }: Person, fees: number | undefined): string {
  return JSON.stringify({
    primary_id: patronId,
    first_name: firstName,
    last_name: lastName,
    full_name: `${firstName} ${lastName}`,
    user_group: { value: group[0], desc: group[1] },
    contact_info: { email: [{ preferred: true, email_address: email }] },
    status: { value: 'ACTIVE', desc: 'Active' },
    ...(fees !== undefined && { fees: { value: fees } }),
  });
}

function userXml({ patronId, firstName, lastName, email, group }: Person, fees: number | undefined): string {
  const element = (name: string, text: string, attributes = '') =>
    `<${name}${attributes}>${escaped(text)}</${name}>`;
  const emails = `<emails><email preferred="true">${element('email_address', email)}</email></emails>`;
  return [
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?><user>',
    element('primary_id', patronId),
    element('first_name', firstName),
    element('last_name', lastName),
    element('full_name', `${firstName} ${lastName}`),
    element('user_group', group[0], ` desc="${escaped(group[1])}"`),
    `<contact_info>${emails}</contact_info>`,
    element('status', 'ACTIVE', ' desc="Active"'),
    fees === undefined ? '' : element('fees', String(fees)),
    '</user>',
  ].join('');
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => entities[character] as string);
}
