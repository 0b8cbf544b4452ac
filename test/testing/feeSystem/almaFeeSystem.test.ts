import { describe, expect, it } from 'vitest';
import { definePolicy, type FeePolicy } from '../../../src/index.js';
import { almaFeeSystem, type RecordedExchange } from '../../../src/testing/index.js';
import { almaRing, expectAgreement, fee, ringsWithOverpayment } from './ring.js';

const url = 'https://test.alma.example/almaws/v1';
const environment = { ALMA_API_KEY: 'secret' };
const base = { url, library: 'MAIN', environment, requestsPerSecond: 1_000_000 };
const policyWith = (more: object = {}) => definePolicy({ currency: 'USD', ...more });

/** Alma's adapter over the door of Alma. */
async function overDoor(policy: FeePolicy, options = {}) {
  const door = almaRing(policy);
  const system = await almaFeeSystem({ ...base, policy, fetch: door.fetch, ...options });
  return { door, system };
}

describe('the ring', () => {
  it.each(ringsWithOverpayment)(
    'of adapter and door agrees with our %s in every case; overpayments: %s',
    async (against, overpayment) => {
      const policy = policyWith({ overpayment });
      await expectAgreement(await overDoor(policy), { policy, against }, 4);
    },
  );
});

it('deducts the credit of a waived lost item from its fee', async () => {
  const { system } = await overDoor(policyWith());
  const account = await system.open();
  await account.assess({ ...fee, feeType: 'LOSTITEMREPLACEMENTFEE', lostItem: true });
  await account.assess({ ...fee, id: 'f2' });
  await account.waive?.({ id: 'w1', feeId: 'f1', amount: '4.00' });
  await account.dispute?.({ id: 'd1', feeId: 'f2' });
  expect(await account.balances()).toEqual({
    fees: [
      { feeId: 'f1', owed: '1.00' },
      { feeId: 'f2', owed: '5.00' },
    ],
    owed: '6.00',
    disputed: '5.00',
    refundable: '0.00',
  });
});

it('creates a user for each story, waives what is left, deletes the user, and touches no other user', async () => {
  const { door, system } = await overDoor(policyWith());
  const account = await system.open();
  await account.assess(fee);
  await account.dispute?.({ id: 'd1', feeId: 'f1' });
  const tooMuch = await account.pay({ id: 'p1', amount: '9.00', currency: 'USD', feeIds: ['f1'] });
  expect(tooMuch.accepted).toBe(false);
  const [patron] = door.patrons;
  await account.release?.();
  const users = new Set(door.requests.map((line) => line.split('/')[4]));
  expect([door.patrons.size, users, await system.close()]).toEqual([
    0,
    new Set([undefined, patron]),
    undefined,
  ]);
  expect(door.requests.at(-1)).toMatch(/^DELETE/);
});

it('records what it sends, without the key and names', async () => {
  const exchanges: RecordedExchange[] = [];
  const { system } = await overDoor(policyWith(), { record: (one: RecordedExchange) => exchanges.push(one) });
  const account = await system.open();
  await account.assess(fee);
  expect(exchanges[1]).toMatchObject({
    sent: { type: { value: 'OTHER' }, original_amount: 5, owner: { value: 'MAIN' } },
    received: { balance: 5, status: { value: 'ACTIVE' } },
  });
  expect(JSON.stringify(exchanges.map(({ path: _path, ...rest }) => rest))).not.toMatch(/secret|patron-fees/);
});

it.each([
  ['a host without "test"', { url: 'https://alma.example/almaws/v1' }, 'the host alma.example'],
  ['a missing key', { environment: {} }, 'ALMA_API_KEY: missing in the environment'],
  ['no requests per second', { requestsPerSecond: 0 }, 'requestsPerSecond'],
])('refuses %s', async (_name, options, message) => {
  await expect(almaFeeSystem({ ...base, ...options })).rejects.toThrow(message);
});
