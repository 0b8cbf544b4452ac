import { describe, expect, it } from 'vitest';
import { definePolicy, type FeePolicy, paymentOrders } from '../../../src/index.js';
import { compareFeeSystem, folioFeeSystem, type RecordedExchange } from '../../../src/testing/index.js';
import { expectAgreement, fee, folioRing, ringRuns, ringsWithOverpayment } from './ring.js';

const environment = { FOLIO_USER: 'librarian', FOLIO_PASSWORD: 'secret' };
const base = {
  okapi: 'https://okapi.example',
  tenant: 'test_north',
  owner: 'Main',
  servicePoint: 'c4c90014-c8c9-4ade-8f24-b5e313319f4b',
  environment,
  requestsPerSecond: 1_000_000,
};
const policyWith = (more: object = {}) =>
  definePolicy({ currency: 'USD', destinations: { BURSAR: 'Bursar' }, ...more });

/** FOLIO's adapter over the door of FOLIO. */
async function overDoor(policy: FeePolicy, options = {}) {
  const door = folioRing(policy);
  const system = await folioFeeSystem({
    ...base,
    policy,
    transferAccount: 'Bursar',
    fetch: door.fetch,
    ...options,
  });
  return { door, system };
}

describe('the ring', () => {
  it.each(ringsWithOverpayment)(
    'of adapter and door agrees with our %s in every case; overpayments: %s',
    async (against, overpayment) => {
      const policy = policyWith({ overpayment });
      await expectAgreement(await overDoor(policy), { policy, against }, 7);
    },
  );

  it.each(paymentOrders)('spreads payments as the policy says: %s', async (paymentOrder) => {
    const policy = policyWith({ paymentOrder });
    const { system } = await overDoor(policy);
    const { cases } = await compareFeeSystem(system, { policy, runs: ringRuns, seed: 2 });
    expect(cases.find(({ title }) => title.startsWith('spreads'))?.difference).toBeNull();
  });
});

it('creates a user for each story, deletes the user and its fees, and touches no other user', async () => {
  const { door, system } = await overDoor(policyWith());
  const account = await system.open();
  await account.assess(fee);
  await account.assess({ ...fee, id: 'f2' });
  const refused = await account.pay({ id: 'p1', amount: '11.00', currency: 'USD', feeIds: ['f1', 'f2'] });
  expect(refused).toEqual({ accepted: false, reason: 'Requested amount exceeds remaining amount' });
  expect((await account.balances()).fees.map(({ owed }) => owed)).toEqual(['5.00', '5.00']);
  expect(door.patrons.size).toBe(1);
  await account.release?.();
  const deleted = door.requests.filter((line) => line.startsWith('DELETE')).map((line) => line.split('/')[1]);
  expect([door.patrons.size, deleted]).toEqual([0, ['accounts', 'accounts', 'users']]);
});

it('cancels whole fees that are open, and refunds what was paid for them', async () => {
  const { system } = await overDoor(policyWith());
  const account = await system.open();
  const cancel = (amount: string) => account.cancel?.({ id: 'c', feeId: 'f1', amount });
  const refund = (amount: string) => account.refund?.({ id: 'r', amount });
  await account.assess(fee);
  await account.waive?.({ id: 'w1', feeId: 'f1', amount: '1.00' });
  expect(await refund('1.00')).toMatchObject({ accepted: false, notOffered: true });
  await account.pay({ id: 'p1', amount: '2.00', currency: 'USD', feeIds: ['f1'] });
  expect(await cancel('2.00')).toMatchObject({ accepted: false, notOffered: true });
  expect(await cancel('4.00')).toEqual({ accepted: true });
  expect(await cancel('4.00')).toMatchObject({ accepted: false, notOffered: true });
  const refused = { accepted: false, reason: expect.stringContaining('Refund amount must be') };
  expect(await refund('2.01')).toEqual(refused);
  expect(await refund('1.50')).toEqual({ accepted: true });
  expect(await refund('0.51')).toEqual(refused);
  expect(await refund('0.50')).toEqual({ accepted: true });
  expect(await refund('0.01')).toMatchObject({ accepted: false, notOffered: true });
  // Not owed again.
  expect((await account.balances()).fees).toEqual([{ feeId: 'f1', owed: '0.00' }]);
});

it('does not offer a payment that names a closed fee beside an open one', async () => {
  const { system } = await overDoor(policyWith({ overpayment: 'refuse' }));
  const account = await system.open();
  await account.assess(fee);
  await account.assess({ ...fee, id: 'f2' });
  const pay = (id: string, amount: string, feeIds: readonly string[]) =>
    account.pay({ id, amount, currency: 'USD', feeIds });
  expect(await pay('p1', '5.00', ['f1'])).toEqual({ accepted: true });
  expect(await pay('p2', '1.00', ['f1', 'f2'])).toMatchObject({ accepted: false, notOffered: true });
  const closed = { accepted: false, reason: 'Fee/fine is already closed' };
  expect(await pay('p3', '1.00', ['f1'])).toEqual(closed);
  expect(await pay('p4', '5.00', ['f2'])).toEqual({ accepted: true });
  expect(await pay('p5', '1.00', ['f1', 'f2'])).toEqual(closed);
});

it('creates missing fee types, and deletes them in the end', async () => {
  const policy = policyWith({ feeTypes: { MINE: { label: 'Mine' } } });
  const door = folioRing(policyWith());
  const made: string[] = [];
  const fetch = async (request: Request) => {
    const { pathname } = new URL(request.url);
    if (!pathname.startsWith('/feefines') || request.method === 'GET') return door.fetch(request);
    made.push(request.method);
    return new Response(request.method === 'POST' ? '{}' : null, {
      status: request.method === 'POST' ? 201 : 204,
    });
  };
  const system = await folioFeeSystem({ ...base, policy, fetch });
  expect(system.description.capabilities).not.toContain('transfer');
  const account = await system.open();
  // The door does not know the new type.
  expect(await account.assess({ ...fee, feeType: 'MINE' })).toMatchObject({ accepted: false });
  await system.close();
  expect(made).toEqual(['POST', 'DELETE']);
});

it('uses a token from the environment, and does not log in', async () => {
  const { door, system } = await overDoor(policyWith(), { environment: { FOLIO_TOKEN: 'T' } });
  expect(system.description.name).toBe('FOLIO');
  expect(door.requests).toEqual(['GET /owners']);
  const wrong = overDoor(policyWith(), { environment: { FOLIO_TOKEN: 'U' } });
  await expect(wrong).rejects.toThrow('GET /owners?limit=1000&query=owner%3D%3D%22Main%22 answered 401');
});

it('logs in again when its token has expired', async () => {
  const door = folioRing(policyWith());
  let [logins, isExpired] = [0, false];
  const fetch = async (request: Request) => {
    if (!request.url.endsWith('/authn/login'))
      return isExpired ? new Response('Invalid token', { status: 401 }) : door.fetch(request);
    logins += 1;
    isExpired = false;
    return door.fetch(request);
  };
  const system = await folioFeeSystem({ ...base, policy: policyWith(), fetch });
  isExpired = true;
  const account = await system.open();
  expect(await account.assess(fee)).toEqual({ accepted: true });
  expect([logins, door.patrons.size]).toEqual([2, 1]);
});

it('records what it sends, without credentials and names', async () => {
  const exchanges: RecordedExchange[] = [];
  const { system } = await overDoor(policyWith(), { record: (one: RecordedExchange) => exchanges.push(one) });
  const account = await system.open();
  await account.assess(fee);
  await account.release?.();
  const text = JSON.stringify(exchanges);
  for (const secret of ['"secret', 'librarian', '"T"', 'patron-fees']) expect(text).not.toContain(secret);
  expect(exchanges.find(({ path }) => path === '/accounts')).toMatchObject({
    sent: { feeFineType: 'Other', amount: 5, status: { name: 'Open' } },
    received: { remaining: 5 },
  });
});

it.each([
  ['a tenant without "test"', { tenant: 'north' }, 'the tenant north'],
  ['missing credentials', { environment: {} }, 'FOLIO_USER: missing in the environment'],
  ['an unknown owner', { owner: 'Nobody' }, 'the tenant has no owner Nobody'],
  [
    'a wrong password',
    { environment: { ...environment, FOLIO_PASSWORD: 'x' } },
    'POST /authn/login answered 422',
  ],
])('refuses %s', async (_name, options, message) => {
  await expect(overDoor(policyWith(), options)).rejects.toThrow(message);
});
