import { fold } from 'patron-fees';
import { type EventStore, execute, loadAccount } from 'patron-fees/history';
import { expect, it } from 'vitest';
import { recentAccountsOf, rememberAccounts } from '../../src/history/loadAccount.js';
import { assessedFee } from '../support/assessedFee.js';
import { policy } from '../support/deskWork.js';
import { stream, tickingStore, watched } from '../support/stores.js';

const eventsOf = (count: number, name = 'f') =>
  Array.from({ length: count }, (_, index) => assessedFee(`${name}${index}`));

/** A store that remembers its accounts, and the calls that reach it. */
async function remembering(count: number) {
  const { store, calls } = watched(tickingStore());
  const remembered = rememberAccounts({ ...store });
  await store.append(stream, eventsOf(count), { expectedVersion: 0 });
  calls.length = 0;
  return { store: remembered, calls };
}

it('an account that was loaded before is read from its last version', async () => {
  const { store, calls } = await remembering(60);
  const first = await loadAccount(store, stream);
  await store.append(stream, eventsOf(2, 'g'), { expectedVersion: 60 });
  const second = await loadAccount(store, stream);
  expect(calls.filter((call) => call.startsWith('read'))).toEqual(['read after 0', 'read after 60']);
  expect(first).toEqual({ version: 60, account: fold(eventsOf(60)) });
  expect(second).toEqual({ version: 62, account: fold([...eventsOf(60), ...eventsOf(2, 'g')]) });
});

it('concurrent commands work on separate accounts', async () => {
  const { store } = await remembering(60);
  await loadAccount(store, stream);
  const at = '2026-03-02T09:00:00Z';
  const done = await Promise.all(
    Array.from({ length: 30 }, (_, index) =>
      execute(store, policy, stream, {
        type: 'AssessFee',
        id: `n${index}`,
        feeType: 'OTHER',
        amount: '2.50',
        owner: 'MAIN',
        at,
      }),
    ),
  );
  expect(done.map(({ version }) => version).sort((a, b) => a - b)).toEqual(
    Array.from({ length: 30 }, (_, index) => 61 + index),
  );
  const { events } = await store.read(stream);
  expect((await loadAccount(store, stream)).account).toEqual(fold(events.map(({ event }) => event)));
  for (const { version, account } of done) {
    expect(account).toEqual(fold(events.slice(0, version).map(({ event }) => event)));
  }
});

it('a store that was restored from an older backup is read from the first event', async () => {
  let current: EventStore = tickingStore();
  const store = rememberAccounts({
    read: (...given) => current.read(...given),
    append: (...given) => current.append(...given),
    readAll: (...given) => current.readAll(...given),
    accounts: (...given) => current.accounts(...given),
    close: () => current.close(),
  });
  await store.append(stream, eventsOf(60), { expectedVersion: 0 });
  await loadAccount(store, stream);
  current = tickingStore();
  await store.append(stream, eventsOf(3, 'g'), { expectedVersion: 0 });
  expect(await loadAccount(store, stream)).toEqual({
    version: 3,
    account: fold(eventsOf(3, 'g')),
  });
});

it('a command on a known account reads nothing, unless it is rejected or another writer was first', async () => {
  const { store, calls } = await remembering(1);
  const pay = (id: string, amount: string) =>
    execute(store, policy, stream, {
      type: 'ReceivePayment',
      id,
      method: 'CASH',
      amount,
      at: '2026-03-02T09:00:00Z',
    });
  await pay('p1', '1.00');
  calls.length = 0;
  expect((await pay('p2', '0.50')).version).toBe(3);
  expect(calls.filter((call) => call.startsWith('read'))).toEqual([]);
  // Decided on what was remembered, more than is owed; on what another writer has appended, it is not.
  await store.append(stream, eventsOf(1, 'g'), { expectedVersion: 3 });
  calls.length = 0;
  expect((await pay('p3', '3.00')).decision.accepted).toBe(true);
  expect(calls.filter((call) => call.startsWith('read'))).toEqual(['read after 3']);
  await store.append(stream, eventsOf(1, 'h'), { expectedVersion: 5 });
  calls.length = 0;
  const done = await pay('p4', '0.25');
  expect(calls.filter((call) => call.startsWith('read'))).toEqual(['read after 5']);
  const { events } = await store.read(stream);
  expect(done).toMatchObject({ version: 7, account: fold(events.map(({ event }) => event)) });
});

it('a command on a store that was restored from an older backup reads the account from its first event', async () => {
  let current: EventStore = tickingStore();
  const store = rememberAccounts({
    read: (...given) => current.read(...given),
    append: (...given) => current.append(...given),
    readAll: (...given) => current.readAll(...given),
    accounts: (...given) => current.accounts(...given),
    close: () => current.close(),
  });
  const fee = { type: 'AssessFee', feeType: 'OTHER', amount: '2.50', owner: 'MAIN' } as const;
  const at = '2026-03-02T09:00:00Z';
  await store.append(stream, eventsOf(3), { expectedVersion: 0 });
  await execute(store, policy, stream, { ...fee, id: 'n1', at });
  current = tickingStore();
  await store.append(stream, eventsOf(1, 'g'), { expectedVersion: 0 });
  const { version, account } = await execute(store, policy, stream, { ...fee, id: 'n2', at });
  expect([version, account.fees.map(({ feeId }) => feeId)]).toEqual([2, ['g0', 'n2']]);
});

it('a returned account never changes, and the next one shares its unchanged rows', async () => {
  const { store } = await remembering(60);
  const at = '2026-03-02T09:00:00Z';
  const by = { userId: 'u1', channel: 'desk' } as const;
  const pay = (id: string, feeId: string) =>
    execute(store, policy, stream, {
      type: 'ReceivePayment',
      id,
      allocations: [{ feeId, amount: '1.00' }],
      method: 'CASH',
      amount: '1.00',
      by,
      at,
    });
  const first = await pay('p1', 'f0');
  const second = await pay('p2', 'f1');
  expect([first, second].map(({ version }) => version)).toEqual([61, 62]);
  const { events } = await store.read(stream);
  expect(first.account).toEqual(fold(events.slice(0, 61).map(({ event }) => event)));
  expect(second.account).toEqual(fold(events.map(({ event }) => event)));
  expect(second.account.fees.map((fee, index) => fee === first.account.fees[index])).toEqual(
    second.account.fees.map(({ feeId }) => feeId !== 'f1'),
  );
  // Nobody can change what is remembered; nothing of the caller's is frozen.
  expect(() => Object.assign(second.account.fees[0] as object, { paid: 0 })).toThrow(TypeError);
  expect(Object.isFrozen(by)).toBe(false);
  const loaded = await loadAccount(store, stream);
  Object.assign(loaded.account.fees[0] as object, { paid: 0 });
  expect((await loadAccount(store, stream)).account).toEqual(second.account);
});

it('more than 20,000 events or a thousand accounts are not kept', () => {
  const recent = recentAccountsOf(rememberAccounts({ ...tickingStore() }), stream);
  const state = (count: number) => ({ ...fold([]), eventCount: count });
  const kept = (patronId: string) => recent?.find({ institution: 'north', patronId })?.eventCount;
  const keep = (patronId: string, count: number) =>
    recent?.keep({ institution: 'north', patronId }, state(count));
  keep('long', 20_001);
  keep('p1', 1_016);
  expect([kept('long'), kept('p1')]).toEqual([undefined, 1_016]);
  keep('p2', 10_000);
  expect(kept('p1')).toBe(1_016);
  keep('p3', 8_984);
  expect([kept('p1'), kept('p2'), kept('p3')]).toEqual([1_016, 10_000, 8_984]);
  keep('p4', 1);
  expect([kept('p1'), kept('p4')]).toEqual([undefined, 1]);
  keep('p4', 2);
  keep('p4', 1);
  expect(kept('p4')).toBe(2);
  for (let index = 0; index < 1_000; index++) keep(`s${index}`, 1);
  expect([kept('p4'), kept('s0'), kept('s999')]).toEqual([undefined, 1, 1]);
});

it('stores of other events keep nothing in memory', () => {
  expect(recentAccountsOf(tickingStore(), stream)).toBeUndefined();
});
