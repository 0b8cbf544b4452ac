import { describe, expect, it } from 'vitest';
import { definePolicy, type FeePolicy } from '../../../src/index.js';
import { compareFeeSystem, kohaFeeSystem, type RecordedExchange } from '../../../src/testing/index.js';
import { expectAgreement, fee, kohaRing } from './ring.js';

const url = 'https://test.koha.example/api/v1';
const environment = { KOHA_USER: 'librarian', KOHA_PASSWORD: 'secret' };
const base = { url, library: 'MAIN', category: 'PT', environment, requestsPerSecond: 1_000_000 };

/** Koha's adapter over the door of Koha. */
async function overDoor(policy: FeePolicy, options = {}) {
  const door = kohaRing(policy);
  const debitTypes = Object.fromEntries(Object.keys(policy.feeTypes).map((code) => [code, code]));
  const system = await kohaFeeSystem({ ...base, policy, debitTypes, fetch: door.fetch, ...options });
  return { door, system };
}

describe('the ring', () => {
  it.each(['account', 'laws'] as const)(
    'of adapter and door agrees with our %s in every case',
    async (against) => {
      const policy = definePolicy({ currency: 'USD' });
      await expectAgreement(await overDoor(policy), { policy, against }, 4);
    },
  );

  it('refuses payments that would pay other fees in Koha and become a credit here', async () => {
    const policy = definePolicy({ currency: 'USD', overpayment: 'credit' });
    const { system } = await overDoor(policy);
    const { cases } = await compareFeeSystem(system, { policy, runs: 60, seed: 1 });
    expect(cases[0]?.difference).toContain('is paid for');
  });
});

it('creates a patron for each story, deletes it, and touches no other patron', async () => {
  const { door, system } = await overDoor(definePolicy({ currency: 'USD' }));
  const account = await system.open();
  await account.assess(fee);
  expect(await account.balances()).toEqual({
    fees: [{ feeId: 'f1', owed: '5.00' }],
    owed: '5.00',
    refundable: '0.00',
  });
  expect(await account.pay({ id: 'p1', amount: '9.00', currency: 'USD', feeIds: ['f1'] })).toMatchObject({
    accepted: false,
  });
  expect(door.patrons.size).toBe(1);
  const [patron] = door.patrons;
  await account.release?.();
  expect([
    door.patrons.size,
    new Set(door.requests.map((line) => line.split('/')[4])),
    await system.close(),
  ]).toEqual([0, new Set([undefined, patron]), undefined]);
});

it('uses a token if the environment has the id and secret of a client', async () => {
  const client = { KOHA_CLIENT_ID: 'c', KOHA_CLIENT_SECRET: 'secret' };
  const { system } = await overDoor(definePolicy({ currency: 'USD' }), { environment: client });
  expect((await (await system.open()).balances()).fees).toEqual([]);
  const wrong = overDoor(definePolicy({ currency: 'USD' }), {
    environment: { ...client, KOHA_CLIENT_SECRET: 'x' },
  });
  await expect(wrong).rejects.toThrow('POST /oauth/token answered 403');
});

it('counts the request for a token, records it without secrets, and gets a new token after expiry', async () => {
  const exchanges: RecordedExchange[] = [];
  const times: number[] = [];
  const door = kohaRing(definePolicy({ currency: 'USD' }));
  let isExpired = false;
  const started = performance.now();
  const fetch = async (request: Request) => {
    times.push(performance.now());
    const isToken = request.url.endsWith('/oauth/token');
    if (isToken) isExpired = false;
    return isExpired && !isToken ? new Response('{}', { status: 401 }) : door.fetch(request);
  };
  const system = await kohaFeeSystem({
    ...base,
    environment: { KOHA_CLIENT_ID: 'the client', KOHA_CLIENT_SECRET: 'secret' },
    requestsPerSecond: 20,
    fetch,
    record: (one) => exchanges.push(one),
  });
  const account = await system.open();
  isExpired = true;
  expect((await account.balances()).fees).toEqual([]);
  const paths = exchanges.map(({ path, status }) => `${path.split('/').at(-1)} ${status}`);
  expect(paths.slice(0, 5)).toEqual([
    'token 200',
    'patrons 201',
    'debits?_per_page=-1 401',
    'token 200',
    'debits?_per_page=-1 200',
  ]);
  expect(exchanges[0]?.sent).toEqual({
    grant_type: '…',
    client_id: '…',
    client_secret: '…',
  });
  expect(JSON.stringify(exchanges)).not.toMatch(/the client|"secret"|"T"/);
  // Timers may end up to a millisecond early.
  expect((times[4] as number) - started).toBeGreaterThan(195);
});

it('records what it sends, without credentials and names', async () => {
  const exchanges: RecordedExchange[] = [];
  const { system } = await overDoor(definePolicy({ currency: 'USD' }), {
    record: (one: RecordedExchange) => exchanges.push(one),
  });
  const account = await system.open();
  await account.assess(fee);
  await account.release?.();
  expect(exchanges.map(({ method, status }) => `${method} ${status}`)).toEqual([
    'POST 201',
    'POST 201',
    'GET 200',
    'POST 201',
    'DELETE 204',
  ]);
  const text = JSON.stringify(exchanges);
  for (const secret of ['secret', 'librarian', btoa('librarian:secret'), 'patron-fees'])
    expect(text).not.toContain(secret);
  expect(exchanges[1]).toMatchObject({
    sent: { type: 'OTHER', amount: 5, library_id: 'MAIN' },
    received: { amount_outstanding: 5 },
  });
});

it.each([
  ['a host without "test"', { url: 'https://koha.example/api/v1' }, 'the host koha.example'],
  ['missing credentials', { environment: { KOHA_USER: 'a' } }, 'KOHA_PASSWORD: missing in the environment'],
  ['no requests per second', { requestsPerSecond: 0 }, 'requestsPerSecond'],
])('refuses %s', async (_name, options, message) => {
  await expect(kohaFeeSystem({ ...base, ...options })).rejects.toThrow(message);
});

it('accepts any host if the options say that it may be live', async () => {
  const { system } = await overDoor(definePolicy({ currency: 'USD' }), {
    url: 'https://koha.example/api/v1',
    mayBeLive: true,
  });
  expect(system.description.name).toBe('Koha');
});
