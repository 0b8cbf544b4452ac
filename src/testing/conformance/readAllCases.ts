import assert from 'node:assert/strict';
import type { EventStore, StoredAccountEvent, StreamId } from '../../history/eventStore.js';
import { assessed, type Clause, everyAccount, everything, feeIdOf, fees, north, pause } from './clause.js';

const south: StreamId = { institution: 'south', patronId: 'p1' };

/** The clauses of reading the events of all streams. */
export function readAllCases(writers: number): readonly Clause[] {
  return [
    [
      'returns no events of all streams, and a cursor to continue from, if it is empty',
      async (store) => {
        const { events, cursor } = await store.readAll();
        assert.deepEqual(events, []);
        await store.append(north, fees(1), { expectedVersion: 0 });
        assert.deepEqual((await everything(store, 1, { after: cursor })).events.map(feeIdOf), ['f1']);
      },
    ],
    [
      'returns the events of all streams with the versions and times of their streams, each stream in its order',
      async (store) => {
        await store.append(north, fees(2, 'n'), { expectedVersion: 0 });
        await store.append(south, fees(2, 's'), { expectedVersion: 0 });
        await store.append(north, [assessed('n3')], { expectedVersion: 2 });
        const { events } = await everything(store, 5);
        for (const stream of [north, south]) {
          const recorded = (await store.read(stream)).events.map((event) => ({ ...stream, ...event }));
          assert.deepEqual(ofStream(events, stream), recorded);
        }
      },
    ],
    [
      'reads all events in one order, whatever the page size',
      async (store) => {
        for (let version = 0; version < 4; version++)
          for (const stream of [north, south])
            await store.append(stream, [assessed(`${stream.institution} ${version}`)], {
              expectedVersion: version,
            });
        const whole = (await everything(store, 8)).events;
        for (const limit of [1, 2, 3, 8, 9]) {
          const first = await store.readAll({ limit });
          assert.equal(first.events.length, Math.min(limit, 8), `limit ${limit}`);
          const rest = await everything(store, 8 - first.events.length, { limit, after: first.cursor });
          assert.deepEqual([...first.events, ...rest.events], whole, `limit ${limit}`);
        }
      },
    ],
    [
      'continues from a cursor with the new events, and only those',
      async (store, second) => {
        await store.append(north, fees(2), { expectedVersion: 0 });
        const { cursor } = await everything(store, 2);
        assert.deepEqual((await store.readAll({ after: cursor })).events, []);
        await second.append(south, fees(1, 's'), { expectedVersion: 0 });
        await store.append(north, [assessed('f3')], { expectedVersion: 2 });
        const added = await everything(second, 2, { after: cursor });
        assert.deepEqual(new Set(added.events.map(feeIdOf)), new Set(['s1', 'f3']));
        assert.deepEqual((await store.readAll({ after: added.cursor })).events, []);
        assert.deepEqual((await everything(store, 2, { after: cursor })).events, added.events);
      },
    ],
    [
      `misses no event and returns none twice while ${writers} writers append`,
      async (store, second) => {
        const rounds = 10;
        const followed: StoredAccountEvent[] = [];
        let writing = true;
        const follow = async (): Promise<string> => {
          let after: string | undefined;
          for (let quiet = false; ; ) {
            const page = await second.readAll(after === undefined ? { limit: 7 } : { after, limit: 7 });
            followed.push(...page.events);
            after = page.cursor;
            if (page.events.length > 0 && followed.length <= rounds * writers) continue;
            if (quiet) return after;
            quiet = !writing;
            await pause(1);
          }
        };
        const write = async (writer: number): Promise<void> => {
          const stream = { institution: 'north', patronId: `w${writer}` };
          for (let version = 0; version < rounds; version++)
            await store.append(stream, [assessed(`w${writer} ${version}`)], { expectedVersion: version });
        };
        const following = follow();
        await Promise.all(Array.from({ length: writers }, (_, writer) => write(writer)));
        writing = false;
        const cursor = await following;
        // Events that appeared after the reader stopped must still come after its cursor.
        const late = await everything(store, rounds * writers - followed.length, { after: cursor });
        assert.deepEqual([...followed, ...late.events], (await everything(store, rounds * writers)).events);
      },
    ],
  ];
}

function ofStream(events: readonly StoredAccountEvent[], { institution, patronId }: StreamId) {
  return events.filter((event) => event.institution === institution && event.patronId === patronId);
}

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
