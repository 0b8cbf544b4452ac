import { expect, it } from 'vitest';
import { type EventStore, memoryEventStore, type StreamId } from '../../src/history/index.js';
import { everyAccount } from '../../src/institution/everyAccount.js';
import { assessedFee } from '../support/assessedFee.js';

async function storeWith(accounts: readonly StreamId[]): Promise<EventStore> {
  const store = memoryEventStore({ now: () => '2026-03-02T09:00:00Z' });
  for (const stream of accounts) await store.append(stream, [assessedFee('f1')], { expectedVersion: 0 });
  return store;
}

async function listed(store: EventStore, institution?: string): Promise<StreamId[]> {
  const accounts: StreamId[] = [];
  for await (const account of everyAccount(store, institution)) accounts.push(account);
  return accounts;
}

const accounts = Array.from({ length: 2_500 }, (_, n) => ({
  institution: n % 3 === 0 ? 'south' : 'north',
  patronId: `p${n}`,
}));

it('yields every account once, for any page size of the store', async () => {
  const store = await storeWith(accounts);
  expect(await listed(store)).toEqual(accounts);
  for (const institution of ['north', 'south', 'west']) {
    expect(await listed(store, institution)).toEqual(
      accounts.filter((account) => account.institution === institution),
    );
  }
});

it('yields nothing for an empty store', async () => {
  expect(await listed(await storeWith([]))).toEqual([]);
});

it('yields accounts added in the meantime last', async () => {
  const store = await storeWith(accounts.slice(0, 1_001));
  const seen: string[] = [];
  for await (const { patronId } of everyAccount(store, undefined)) {
    if (seen.push(patronId) === 1) {
      await store.append({ institution: 'north', patronId: 'new' }, [assessedFee('f1')], {
        expectedVersion: 0,
      });
    }
  }
  expect(seen).toHaveLength(1_002);
  expect(seen.at(-1)).toBe('new');
});

it('requests a page only when it is needed, so that no list of all accounts is kept in memory', async () => {
  const store = await storeWith(accounts);
  const limits: (number | undefined)[] = [];
  const watched: EventStore = {
    ...store,
    accounts: (options) => {
      limits.push(options?.limit);
      return store.accounts(options);
    },
  };
  const every = everyAccount(watched, undefined);
  for (let n = 0; n < 1_000; n++) await every.next();
  expect(limits).toEqual([1_000]);
  await every.next();
  expect(limits).toEqual([1_000, 1_000]);
});
