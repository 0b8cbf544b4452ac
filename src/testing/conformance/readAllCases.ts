import assert from 'node:assert/strict';
import type { StoredAccountEvent, StreamId } from '../../history/eventStore.js';
import { assessed, type Clause, everything, feeIdOf, fees, north, pause } from './clause.js';

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
