import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Express } from 'express';
import type { FastifyInstance } from 'fastify';
import type { Command, FeePolicy } from 'patron-fees';
import { type EventStore, execute, loadAccount } from 'patron-fees/history';
import {
  loadOnlinePayment,
  type OnlinePayment,
  type OnlinePaymentsReport,
  type OnlineStores,
  payableOnline,
  type StartForm,
  startOnlinePayment,
} from 'patron-fees/online';
import type Stripe from 'stripe';
import { afterAll, beforeAll, beforeEach, vi } from 'vitest';
import { blocksOfMarkdown } from '../../support/documentation/codeBlocks.js';
import { programsOf } from '../../support/documentation/program.js';
import { stripeStandIn, type Webhook, webhookSecret } from './stripeStandIn.js';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const file = 'docs/guides/take-payments-online.md';

/** The text of the guide. */
export const guideText = readFileSync(join(root, file), 'utf8');

type GuideStores = { readonly accounts: EventStore; readonly office: OnlineStores['office'] };

/** What the code blocks of the guide define. */
export type Guide = {
  readonly stores: GuideStores;
  readonly lasting: GuideStores;
  readonly policy: FeePolicy;
  readonly app: Express;
  readonly server: FastifyInstance;
  readonly handler: (request: Request) => Promise<Response>;
  readonly stripe: Stripe;
  readonly openPage: (stripe: Stripe, payment: OnlinePayment) => Promise<string | null>;
  readonly monitor: (at: string) => Promise<OnlinePaymentsReport>;
  readonly receipts: string[];
  readonly toMinor: (amount: string, code: string) => number;
  readonly fromMinor: (minor: number, code: string) => string;
};

const names = [
  ...['stores', 'lasting', 'policy', 'app', 'server', 'handler', 'stripe', 'openPage', 'monitor', 'receipts'],
  ...['toMinor', 'fromMinor'],
] as const satisfies readonly (keyof Guide)[];

export const institution = 'north';
export const at = '2026-03-02T09:00:00Z';

/** Returns the time so many minutes after the beginning. */
export const minutesLater = (minutes: number) => new Date(Date.parse(at) + minutes * 60_000).toISOString();

/** The servers of the guide. */
export const doors = ['Express', 'Fastify', 'a fetch handler'] as const;

/**
 * Runs the code of the guide, with a stand-in for Stripe, and serves its webhooks over HTTP. Each test has a patron who
 * owes 2.50 and 10.00.
 *
 * @param name - the name of the test file: each has a module of its own
 */
export function serveGuide(name: string) {
  const addresses: Record<string, string> = {};
  const open: Server[] = [];
  const now = {} as {
    guide: Guide;
    standIn: Awaited<ReturnType<typeof stripeStandIn>>;
    patronId: string;
  };
  let patrons = 0;

  /** Listens on a free port. */
  async function listen(server: Server): Promise<string> {
    open.push(server);
    if (!server.listening)
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  /** Delivers a webhook as Stripe does, and returns the status of the answer. */
  async function deliver({ body, signature }: Webhook, door = 'Express'): Promise<number> {
    const headers = { 'content-type': 'application/json; charset=utf-8', 'stripe-signature': signature };
    const answer = await fetch(`${addresses[door] ?? door}/webhooks`, { method: 'POST', body, headers });
    return answer.status;
  }

  /** Sends JSON to a route beside the webhooks, and returns the answer. */
  async function send(door: string, json: object): Promise<string> {
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify(json);
    return (await fetch(`${addresses[door]}/other`, { method: 'POST', body, headers })).text();
  }

  const give = (...commands: Command[]) => {
    const { stores, policy } = now.guide;
    return execute(stores.accounts, policy, { institution, patronId: now.patronId }, commands);
  };

  /** What the patron still has to pay online, and has as credits in minor units. */
  async function figures(stores = now.guide.stores): Promise<readonly [payable: string, credit: number]> {
    const { account } = await loadAccount(stores.accounts, { institution, patronId: now.patronId });
    const credit = account.credits.reduce((sum, { amount }) => sum + amount, 0);
    return [payableOnline(account, now.guide.policy).payable, credit];
  }

  /** The id of a payment of this test. */
  const id = (name = 'o') => `${now.patronId}-${name}`;

  async function payment(name = 'o'): Promise<OnlinePayment> {
    const key = { institution, onlinePaymentId: id(name) };
    return (await loadOnlinePayment(now.guide.stores.office, key)) as OnlinePayment;
  }

  const start = (name = 'o', more: Partial<StartForm> = {}, stores: OnlineStores = now.guide.stores) => {
    const parts = [{ patronId: now.patronId }];
    const form = { institution, onlinePaymentId: id(name), parts, at, ...more };
    return startOnlinePayment(stores, now.guide.policy, form);
  };

  /** Starts a payment of all fees, and opens its page. */
  async function begin(name = 'o', more: Partial<StartForm> = {}) {
    const started = await start(name, more);
    if (!started.accepted) throw new Error(started.rejection.type);
    const { stripe, openPage } = now.guide;
    return now.standIn.pageAt(await openPage(stripe, started.payment));
  }

  beforeAll(async () => {
    now.standIn = await stripeStandIn();
    vi.stubEnv('STRIPE_WEBHOOK_SECRET', webhookSecret);
    now.guide = await guideWith(name, now.standIn.address);
    const { app, server, handler } = now.guide;
    app.post('/other', (request, response) => void response.json(request.body));
    server.post('/other', async (request) => request.body);
    await server.listen({ port: 0, host: '127.0.0.1' });
    addresses.Express = await listen(createServer(app));
    addresses.Fastify = await listen(server.server);
    addresses['a fetch handler'] = await listen(serverOf(handler));
  });

  afterAll(async () => {
    await now.guide.server.close();
    for (const server of open) server.close();
    await now.standIn.close();
    vi.unstubAllEnvs();
  });

  beforeEach(async () => {
    patrons += 1;
    now.patronId = `patron${patrons}`;
    Object.assign(now.standIn.state, { now: at, isDown: false });
    now.guide.receipts.length = 0;
    const fee = { type: 'AssessFee', feeType: 'OTHER', owner: 'MAIN', at } as const;
    await give({ ...fee, id: 'f1', amount: '2.50' }, { ...fee, id: 'f2', amount: '10' });
  });

  return { now, listen, deliver, send, give, figures, id, payment, start, begin };
}

/** Runs the code blocks of the guide as they are; only the address of Stripe is another. */
async function guideWith(name: string, address: object): Promise<Guide> {
  vi.doMock('stripe', async (original) => {
    const { default: Client } = (await original()) as typeof import('stripe');
    return {
      default: class extends Client {
        constructor(key: string) {
          super(key, { ...address, maxNetworkRetries: 0 });
        }
      },
    };
  });
  const [program] = programsOf(blocksOfMarkdown(file, guideText));
  const path = join(root, `.blocks/${file}.${name}.ts`);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${program?.text}export { ${names.join(', ')} };\n`);
  try {
    return (await import(/* @vite-ignore */ path)) as Guide;
  } finally {
    vi.doUnmock('stripe');
  }
}

/** Serves a handler of the Fetch API, as Deno, Bun and Hono do: what it throws is answered with 500. */
function serverOf(handler: Guide['handler']): Server {
  return createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const headers = new Headers(
      Object.entries(request.headers).map(([name, value]) => [name, String(value)] as [string, string]),
    );
    const body = Buffer.concat(chunks);
    const given = new Request('http://library.example/webhooks', { method: 'POST', body, headers });
    const answer = await handler(given).catch(() => new Response(null, { status: 500 }));
    response.writeHead(answer.status).end(await answer.text());
  });
}
