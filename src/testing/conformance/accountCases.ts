import assert from 'node:assert/strict';
import type { EventStore, StreamId } from '../../history/eventStore.js';
import { assessed, type Clause, everyAccount, fees } from './clause.js';

const streams: readonly StreamId[] = ['north', 'south', 'east'].flatMap((institution) =>
  ['p1', 'p2', 'p3'].map((patronId) => ({ institution, patronId })),
);

/** The clauses of listing accounts. */
export const accountCases: readonly Clause[] = [
  [
    'lists no accounts if nothing, or only an empty list, was appended',
    async (store) => {
      await store.append({ institution: 'north', patronId: 'p1' }, [], { expectedVersion: 0 });
      assert.deepEqual((await store.accounts()).accounts, []);
    },
  ],
  [
    'lists every account once, however many events and appends it has',
    async (store) => {
      await fill(store);
      await store.append(streams[4] as StreamId, [assessed('again')], { expectedVersion: 2 });
      const { accounts } = await everyAccount(store, 9);
      assert.deepEqual(sorted(accounts), sorted(streams));
      assert.deepEqual(Object.keys(accounts[0] as object).sort(), ['institution', 'patronId']);
    },
  ],
  [
    'lists the accounts of one institution',
    async (store) => {
      await fill(store);
      const { accounts } = await everyAccount(store, 3, { institution: 'south' });
      assert.deepEqual(sorted(accounts), sorted(streams.slice(3, 6)));
      assert.deepEqual((await everyAccount(store, 0, { institution: 'sout' })).accounts, []);
    },
  ],
  [
    'lists accounts in one order, whatever the page size',
    async (store) => {
      await fill(store);
      const whole = (await everyAccount(store, 9)).accounts;
      for (const limit of [1, 2, 4, 9, 10]) {
        const { accounts } = await everyAccount(store, 9, { limit });
        assert.deepEqual(accounts, whole, `limit ${limit}`);
        const first = await store.accounts({ limit });
        assert.equal(first.accounts.length, Math.min(limit, 9), `limit ${limit}`);
        const ofEast = await everyAccount(store, 3, { limit, institution: 'east' });
        assert.deepEqual(
          ofEast.accounts,
          whole.filter(({ institution }) => institution === 'east'),
        );
      }
    },
  ],
  [
    'lists new accounts after those listed before, and none twice',
    async (store, second) => {
      await fill(store);
      const before = await everyAccount(store, 9);
      await store.append(streams[0] as StreamId, [assessed('more')], { expectedVersion: 'any' });
      await second.append({ institution: 'a', patronId: 'first in the alphabet' }, fees(1), {
        expectedVersion: 0,
      });
      const { accounts } = await everyAccount(store, 1, { after: before.cursor });
      assert.deepEqual(accounts, [{ institution: 'a', patronId: 'first in the alphabet' }]);
    },
  ],
];

async function fill(store: EventStore): Promise<void> {
  for (const stream of streams) await store.append(stream, fees(2), { expectedVersion: 0 });
}

function sorted(accounts: readonly StreamId[]): readonly string[] {
  return accounts.map(({ institution, patronId }) => `${institution} ${patronId}`).sort();
}
