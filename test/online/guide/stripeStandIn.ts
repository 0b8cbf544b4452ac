import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import Stripe from 'stripe';

/** The secret that the stand-in signs its webhooks with. */
export const webhookSecret = 'whsec_test';

type Fields = Readonly<Record<string, string>>;

/** A page to pay on. */
export type Page = { readonly id: string; readonly fields: Fields };

/** A webhook: the body as the provider sends it, and its signature. */
export type Webhook = { readonly body: string; readonly signature: string };

/**
 * A stand-in for Stripe behind a real HTTP server: pages with Stripe's limits and idempotency keys, a search of payment
 * intents, and signed events. A payment intent has the metadata of `payment_intent_data` and not that of the page.
 */
export async function stripeStandIn() {
  const signer = new Stripe('sk_test_none');
  const byKey = new Map<string, { readonly body: string; readonly page: Page }>();
  const intents: Stripe.PaymentIntent[] = [];
  const state = { now: '2026-03-02T09:00:00Z', isDown: false };
  let events = 0;
  const openPage = (key: string, body: string): [status: number, answer: object] => {
    const known = byKey.get(key);
    if (known !== undefined && known.body !== body) return refused('Keys for idempotent requests …');
    const fields = Object.fromEntries(new URLSearchParams(body));
    const seconds = Number(fields.expires_at) - Date.parse(state.now) / 1000;
    if (known === undefined && (seconds < 30 * 60 || seconds > 24 * 3600))
      return refused('expires_at: between 30 minutes and 24 hours from creation');
    const page = known?.page ?? { id: `cs_${byKey.size + 1}`, fields };
    byKey.set(key, { body, page });
    return [200, { id: page.id, object: 'checkout.session', url: `https://checkout.example/${page.id}` }];
  };
  const answerTo = (path: string, key: string, body: string): [status: number, answer: object] => {
    if (state.isDown) return [400, { error: { message: 'not now' } }];
    if (path === '/v1/checkout/sessions') return openPage(key, body);
    const query = new URL(path, 'http://stripe.example').searchParams.get('query') ?? '';
    const [, wanted] = /^metadata\['onlinePaymentId'\]:'([^']*)'$/.exec(query) ?? [];
    if (wanted === undefined) return refused(`no such query: ${query}`);
    const data = intents.filter(({ metadata }) => metadata.onlinePaymentId === wanted);
    return [200, { object: 'search_result', data, has_more: false }];
  };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const key = String(request.headers['idempotency-key'] ?? '');
      const [status, answer] = answerTo(request.url ?? '', key, Buffer.concat(chunks).toString());
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;

  /** Signs an event, written over several lines as Stripe's are. */
  function sign(type: string, object: object, created = state.now): Webhook {
    const seconds = Date.parse(created) / 1000;
    const event = { id: `evt_${++events}`, object: 'event', type, created: seconds, data: { object } };
    const body = JSON.stringify(event, null, 2);
    return {
      body,
      signature: signer.webhooks.generateTestHeaderString({ payload: body, secret: webhookSecret }),
    };
  }

  return {
    state,
    /** Where a client of Stripe finds the stand-in. */
    address: { host: '127.0.0.1', port, protocol: 'http' } as const,
    sign,
    /** Returns the page with an address. */
    pageAt(url: string | null): Page {
      const found = [...byKey.values()].find(({ page }) => url?.endsWith(`/${page.id}`));
      if (found === undefined) throw new Error(`no page at ${url}`);
      return found.page;
    },
    /** Returns the payment intent of a page in a state, and its event. */
    intentOf(
      { id, fields }: Page,
      type: string,
      intent: Pick<Stripe.PaymentIntent, 'status'> & { readonly last_payment_error?: object },
      created?: string,
    ): Webhook {
      const amount = Number(fields['line_items[0][price_data][unit_amount]']);
      const object = {
        id: `pi_${id}`,
        latest_charge: intent.status === 'succeeded' ? `ch_${id}` : null,
        amount,
        amount_received: intent.status === 'succeeded' ? amount : 0,
        currency: fields['line_items[0][price_data][currency]'],
        created: Date.parse(state.now) / 1000,
        metadata: fieldsUnder(fields, 'payment_intent_data[metadata]'),
        last_payment_error: null,
        ...intent,
      } as unknown as Stripe.PaymentIntent;
      const known = intents.findIndex((one) => one.id === object.id);
      intents.splice(known === -1 ? intents.length : known, known === -1 ? 0 : 1, object);
      return sign(`payment_intent.${type}`, object, created);
    },
    close: () => new Promise<unknown>((resolve) => server.close(resolve)),
  };
}

function refused(message: string): [status: number, answer: object] {
  return [400, { error: { type: 'invalid_request_error', message } }];
}

/** Returns the fields in brackets after a name, e.g. `metadata[id]`. */
function fieldsUnder(fields: Fields, name: string): Fields {
  const own = Object.entries(fields).filter(([key]) => key.startsWith(`${name}[`));
  return Object.fromEntries(own.map(([key, value]) => [key.slice(name.length + 1, -1), value]));
}
