import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { serveSip2 } from '../../../examples/servers/serveSip2.js';
import { execute, memoryEventStore } from '../../../src/history/index.js';
import { definePolicy, type FeePolicy } from '../../../src/index.js';
import { almaFeesHandler } from '../../../src/interop/alma/index.js';
import { type Sip2Options, sip2Service } from '../../../src/interop/sip2/index.js';
import {
  almaFeeSystem,
  type ChargedPatron,
  compareFeeSystem,
  type RecordedExchange,
  sip2FeeSystem,
} from '../../../src/testing/index.js';
import { fee, ring, ringRuns } from './ring.js';

const opened: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close();
});

const now = () => '2026-03-02T09:00:00Z';
const login = ({ userId, password }: { userId: string; password: string }) =>
  userId === 'kiosk' && password === 'secret' ? { desk: 'K1' } : undefined;
const environment = { SIP2_USER: 'kiosk', SIP2_PASSWORD: 'secret' };
const base = { mayBeLive: true, requestsPerSecond: 1_000_000, replyTimeoutMs: 600_000, environment };

/** The terminal's adapter over our SIP2 server, which serves the patrons that were made. */
async function overServer(policy: FeePolicy, serving: Partial<Sip2Options> = {}, options = {}) {
  let ids = 0;
  const store = memoryEventStore({ now });
  const shared = { store, policy, institution: 'NORTH', now, newId: () => `id-${++ids}` };
  const patrons = new Set<string>();
  const service = sip2Service({
    ...shared,
    login,
    patron: ({ identifier }) => (patrons.has(identifier) ? { patronId: identifier } : undefined),
    ...serving,
  });
  const server = await serveSip2(service);
  opened.push(server.close);
  const charging = {
    open: async (): Promise<ChargedPatron> => {
      const patron = `card-${++ids}`;
      patrons.add(patron);
      return {
        patron,
        assess: async ({ id, feeType, amount }) => {
          const stream = { institution: 'NORTH', patronId: patron };
          // Of another name than the request, as in every system but ours.
          const charge = {
            type: 'AssessFee',
            id: `own-${id}`,
            feeType,
            amount,
            owner: 'MAIN',
            at: now(),
          } as const;
          return { accepted: (await execute(store, policy, stream, charge)).decision.accepted };
        },
        release: async () => void patrons.delete(patron),
      };
    },
  };
  const address = `127.0.0.1:${server.port}`;
  const system = await sip2FeeSystem({ ...base, policy, address, charging, ...options });
  return { system, patrons, address, shared };
}

describe('the ring', () => {
  it.each([
    ['account', 'refuse', '3m'],
    ['laws', 'refuse', '3m'],
    ['account', 'credit', 'swyer'],
  ] as const)(
    'of adapter and server agrees with our %s; overpayments: %s; fine items of %s',
    async (against, overpayment, fineItem) => {
      const policy = definePolicy({ currency: 'USD', overpayment });
      const { system, patrons } = await overServer(policy, { fineItem });
      const { cases } = await compareFeeSystem(system, { policy, against, runs: ringRuns, seed: 1 });
      expect(cases.map(({ difference }) => difference)).toEqual([null]);
      expect([system.description.capabilities, patrons.size]).toEqual([[], 0]);
    },
  );

  it('finds a server that takes more than is owed', async () => {
    const policy = definePolicy({ currency: 'USD' });
    const { system } = await overServer(policy, { overpayment: 'credit' });
    const { cases } = await compareFeeSystem(system, { policy, runs: 60, seed: 1 });
    expect(cases[0]?.difference).toContain('is paid for');
  });
});

it('pays at the terminal the fees that another adapter charges over the API', async () => {
  const policy = definePolicy({ currency: 'USD' });
  const made = new Set<string>();
  const { shared, address } = await overServer(policy, {
    patron: ({ identifier }) => (made.has(identifier) ? { patronId: identifier } : undefined),
  });
  const { fetch, patrons } = ring(shared, () =>
    almaFeesHandler({ ...shared, patron: ({ userId }) => ({ patronId: userId }) }),
  );
  const url = 'https://test.alma.example/almaws/v1';
  const alma = {
    url,
    library: 'MAIN',
    policy,
    environment: { ALMA_API_KEY: 'k' },
    requestsPerSecond: 1_000_000,
  };
  const charging = await almaFeeSystem({ ...alma, fetch });
  const system = await sip2FeeSystem({
    ...base,
    policy,
    address,
    charging: {
      open: async () => {
        const account = await charging.open();
        made.add(account.patron);
        return account;
      },
    },
  });
  const results = await compareFeeSystem(system, { policy, runs: ringRuns, seed: 1 });
  expect([results.cases.map(({ difference }) => difference), patrons.size]).toEqual([[null], 0]);
});

it('lists and pays fees, and says why a payment is refused', async () => {
  const exchanges: RecordedExchange[] = [];
  const { system } = await overServer(
    definePolicy({ currency: 'USD' }),
    {},
    { record: (one: RecordedExchange) => exchanges.push(one) },
  );
  const account = await system.open();
  await account.assess(fee);
  await account.assess({ ...fee, id: 'f2', amount: '2.50' });
  const payment = { id: 'p1', amount: '1.25', currency: 'USD', feeIds: ['f2'] };
  expect(await account.pay(payment)).toEqual({ accepted: true });
  expect(await account.pay({ ...payment, id: 'p2', amount: '9.00' })).toEqual({
    accepted: false,
    reason: expect.stringContaining('1.25'),
  });
  expect(await account.balances()).toEqual({
    fees: [
      { feeId: 'f1', owed: '5.00' },
      { feeId: 'f2', owed: '1.25' },
    ],
    owed: '6.25',
  });
  await account.release?.();
  expect(exchanges.map(({ path, status }) => `${path} ${status}`)).toEqual([
    '93 94',
    '63 64',
    '63 64',
    '37 38',
    '37 38',
    '63 64',
  ]);
  expect(exchanges[3]).toMatchObject({ sent: { BV: '1.25', AA: '…' }, received: { AA: '…' } });
  expect(JSON.stringify(exchanges)).not.toMatch(/secret|kiosk|card-/);
});

/** A server that answers every message with the same text; undefined closes the connection. */
async function answering(text: string | undefined, options = {}) {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.on('data', () => (text === undefined ? socket.destroy() : socket.write(text)));
    opened.push(() => socket.destroy());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  opened.push(() => server.close());
  const account = { patron: 'card', assess: async () => ({ accepted: true }) };
  const address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const charging = { open: async () => account };
  return sip2FeeSystem({ ...base, address, charging, environment: {}, ...options });
}

const head = `64${' '.repeat(14)}00120260302    090000${' '.repeat(24)}`;

it.each([
  ['another message', '96\r', '63 was answered 96: expected 64'],
  [
    'no new fine item',
    `${head}AOnorth|AVf1 5.00 fee|AVf2 5.00 fee|\r`,
    '2 new fine items, expected the fee f1',
  ],
  [
    'a fine item that names no fee',
    `${head}AVOverdue fine|\r`,
    'AV Overdue fine: expected the fee and its amount',
  ],
  ['the end of the connection', undefined, '63: no answer: the server closed the connection'],
])('fails for %s', async (_what, text, message) => {
  const account = await (await answering(text)).open();
  await expect(account.assess(fee)).rejects.toThrow(message);
  await account.release?.();
});

it('fails for a server that does not answer, or that cannot be reached', async () => {
  const account = await (await answering('', { replyTimeoutMs: 20 })).open();
  await expect(account.assess(fee)).rejects.toThrow('63: no answer: none within 20 ms');
  const { system, address } = await overServer(definePolicy({ currency: 'USD' }));
  await (opened.pop() as () => Promise<void>)();
  await expect(system.open()).rejects.toThrow(`${address}: no answer: connect ECONNREFUSED`);
});

it.each([
  ['a host without "test"', { mayBeLive: false }, 'the host 127.0.0.1: expected a name with "test"'],
  ['an address without a port', { address: 'test.example' }, 'address test.example: expected HOST:PORT'],
  ['no requests per second', { requestsPerSecond: 0 }, 'requestsPerSecond'],
])('refuses %s', async (_name, options, message) => {
  await expect(overServer(definePolicy({ currency: 'USD' }), {}, options)).rejects.toThrow(message);
});

it('refuses a login that the server refuses', async () => {
  const wrong = { environment: { SIP2_USER: 'kiosk', SIP2_PASSWORD: 'x' } };
  const { system, patrons } = await overServer(definePolicy({ currency: 'USD' }), {}, wrong);
  await expect(system.open()).rejects.toThrow('the server refused the login of SIP2_USER');
  expect(patrons.size).toBe(0);
});
