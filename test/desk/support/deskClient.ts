import { execute } from 'patron-fees/history';
import { deskApp } from '../../../examples/desk/app.js';
import { type Desk, institution, openDesk, policy } from '../../../examples/desk/desk.js';
import { addSamplePatrons } from '../../../examples/desk/samplePatrons.js';

/** The time at every desk of the tests. */
export const now = '2026-11-26T15:00:00.000Z';

/** Opens a desk with sample patrons in memory. */
export async function sampleDesk(patrons = 60, parts: Partial<Desk> = {}): Promise<Desk> {
  let forms = 0;
  const desk = openDesk(':memory:', { now: () => now, newId: () => `form-${++forms}`, ...parts });
  await addSamplePatrons(desk, patrons);
  return desk;
}

/** Opens a desk with Dev Verma, who owes 80.00, and Deva Verma, who owes 7.00 on a card of her own. */
export async function deskOfTwo(): Promise<Desk> {
  const desk = await sampleDesk(1);
  const more = { email: 'd@north.example', group: 'GRADUATE', language: 'en', hasOverdueLoans: false };
  desk.directory.add({ ...more, patronId: 'verma2', name: 'Deva Verma', barcode: '1000172' }, []);
  const fee = {
    type: 'AssessFee',
    id: 'f1',
    feeType: 'OTHER',
    amount: '7.00',
    owner: 'MAIN',
    at: now,
  } as const;
  const { permissions: _, ...open } = policy;
  await execute(desk.store, open, { institution, patronId: 'verma2' }, fee);
  return desk;
}

/** The people of the desk. */
export type Person = 'kim' | 'lee' | 'mo' | 'noor';

/** A page, as a client without JavaScript gets it. */
export type ClientPage = {
  readonly status: number;
  /** The address after redirects: path and query. */
  readonly address: string;
  readonly html: string;
  readonly headers: Headers;
  /** The hidden fields of the page's main form, and its action. */
  readonly form: { readonly action: string; readonly hidden: readonly (readonly [string, string])[] };
};

/**
 * A browser without JavaScript, as far as these tests need one: cookies, redirects and forms. Clients of one app share
 * its bulk jobs.
 */
export function deskClient(desk: Desk, app = deskApp(desk)) {
  let cookie = '';

  async function request(address: string, body?: URLSearchParams | FormData): Promise<ClientPage> {
    const response = await app.request(address, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { cookie },
      ...(body && { body }),
    });
    cookie = response.headers.get('set-cookie')?.split(';')[0] ?? cookie;
    const to = response.headers.get('location');
    if (to !== null) return request(to);
    const html = await response.text();
    return { status: response.status, address, html, headers: response.headers, form: mainForm(html) };
  }

  return {
    get: (address: string) => request(address),
    /** Sends the main form of a page with the fields given; a field that the page has already is replaced. */
    send(page: ClientPage, fields: readonly (readonly [string, string])[] = []) {
      const body = new URLSearchParams();
      for (const [name, value] of page.form.hidden)
        if (fields.every(([other]) => other !== name)) body.append(name, value);
      for (const [name, value] of fields) body.append(name, value);
      return request(page.form.action, body);
    },
    /** Sends a body to the address of a page's main form. */
    sendBody: (page: ClientPage, body: FormData) => request(page.form.action, body),
    async signIn(user: Person) {
      const body = new URLSearchParams({ user });
      for (const [name, value] of (await request('/sign-in')).form.hidden) body.append(name, value);
      return request('/sign-in', body);
    },
  };
}

/** The last form of a page that is sent by POST: the one in its content. */
function mainForm(html: string): ClientPage['form'] {
  const form = [...html.matchAll(/<form method="post" action="([^"]*)"[^>]*>([\s\S]*?)<\/form>/g)].at(-1);
  const hidden = [...(form?.[2] ?? '').matchAll(/<input\s[^>]*type="hidden"[^>]*>/g)].map(([input]) => {
    const attribute = (name: string) => decoded(new RegExp(` ${name}="([^"]*)"`).exec(input)?.[1] ?? '');
    return [attribute('name'), attribute('value')] as const;
  });
  return { action: form?.[1] ?? '', hidden };
}

const characters: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', '#39': "'", amp: '&' };

/** The text of an attribute. */
function decoded(text: string): string {
  return text.replaceAll(/&(lt|gt|quot|#39|amp);/g, (_, name: string) => characters[name] as string);
}

/**
 * The fields that a page shows as wrong, each with the sentence at it. Throws if the first one has not the focus, or the alert
 * does not lead to each.
 */
export function fieldsInError(html: string): Readonly<Record<string, string>> {
  const ids = [...html.matchAll(/ id="([^"]*)"[^>]*aria-invalid="true" aria-describedby="\1-error"/g)].map(
    ([, id = '']) => id,
  );
  const focused = [...html.matchAll(/ id="([^"]*)"[^>]* autofocus/g)].map(([, id]) => id);
  const linked = [...html.matchAll(/<li><a href="#([^"]*)">/g)].map(([, id]) => id);
  if (focused.join() !== ids.slice(0, 1).join() || linked.join() !== ids.join())
    throw new Error(`focus on ${focused}, links to ${linked}, wrong are ${ids}`);
  const text = (id: string) => new RegExp(`id="${id}-error">([^<]*)<`).exec(html)?.[1] ?? '';
  return Object.fromEntries(ids.map((id) => [id, text(id)]));
}
