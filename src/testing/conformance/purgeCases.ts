import assert from 'node:assert/strict';
import type { AccountPurged } from '../../account/events/accountEvent.js';
import type { EventStore, StreamId } from '../../history/eventStore.js';
import { loadAccount } from '../../history/loadAccount.js';
import type { ErasingEventStore } from '../../history/redaction.js';
import {
  assessed,
  type CapabilityClause,
  everyAccount,
  everything,
  feeIdOf,
  fees,
  north,
  refused,
  settled,
} from './clause.js';

const south = { institution: 'south', patronId: 'p1' };

/** The clauses on removing all events of an account. */
export const purgeCases: readonly CapabilityClause[] = [
  [
    'purges a stream: its events are gone for every reader, one is left after them, and other streams stay',
    async ({ store, second = store }) => {
      await store.append(north, fees(3), { expectedVersion: 0 });
      await store.append(south, fees(2), { expectedVersion: 0 });
      const { version } = await purging(store).purge(north, purged(3));
      assert.equal(version, 4, 'the version of the event that is left');
      for (const reader of [store, second]) {
        const slice = await reader.read(north);
        assert.equal(slice.version, 4);
        assert.deepEqual(
          slice.events.map((row) => [row.version, row.event]),
          [[4, purged(3)]],
        );
        assert.deepEqual((await reader.read(north, { after: 3 })).events.length, 1, 'after the removed ones');
        assert.deepEqual((await reader.read(north, { after: 4 })).events, [], 'after the one that is left');
        const all = (await everything(reader, 3)).events.map(({ patronId, institution, event }) => [
          institution,
          patronId,
          event.type === 'AccountPurged' ? 'purged' : feeIdOf({ event }),
        ]);
        assert.deepEqual(all, [
          ['south', 'p1', 'f1'],
          ['south', 'p1', 'f2'],
          ['north', 'p1', 'purged'],
        ]);
      }
      const { account } = await loadAccount(store, north);
      assert.deepEqual([account.eventCount, account.fees.length], [4, 0]);
    },
  ],
  [
    'goes on after a purge, and lists the account once, as a new one',
    async ({ store }) => {
      await store.append(north, fees(3), { expectedVersion: 0 });
      await store.append(south, fees(1), { expectedVersion: 0 });
      const before = await everyAccount(store, 2);
      await purging(store).purge(north, purged(3));
      assert.deepEqual(
        (await everyAccount(store, 1, { after: before.cursor })).accounts,
        [north],
        'as a new one',
      );
      await refused(
        'VERSION_CONFLICT',
        () => store.append(north, fees(1, 'g'), { expectedVersion: 3 }),
        'the old version',
      );
      await refused(
        'VERSION_CONFLICT',
        () => store.append(north, fees(1, 'g'), { expectedVersion: 0 }),
        'an empty stream',
      );
      assert.deepEqual(await store.append(north, fees(1, 'g'), { expectedVersion: 4 }), { version: 5 });
      assert.deepEqual((await everyAccount(store, 2)).accounts, [south, north], 'once');
      assert.deepEqual(await purging(store).purge(north, purged(5)), {
        ...(await purging(store).purge(south, purged(1))),
        version: 6,
      });
      assert.deepEqual((await everyAccount(store, 2)).accounts, [north, south], 'after a second purge');
      assert.equal((await everything(store, 2)).events.length, 2);
    },
  ],
  [
    'keeps every cursor valid that was returned before a purge, and gives a reader in the middle the rest once',
    async ({ store }) => {
      await store.append(north, fees(3), { expectedVersion: 0 });
      await store.append(south, fees(2), { expectedVersion: 0 });
      await everything(store, 5);
      const cursors: string[] = [];
      for (let after: string | undefined; cursors.length < 5; ) {
        const page = await store.readAll(after === undefined ? { limit: 1 } : { after, limit: 1 });
        after = page.cursor;
        cursors.push(after);
      }
      await purging(store).purge(north, purged(3));
      await everything(store, 3);
      for (const [index, after] of cursors.entries()) {
        const rest = Math.min(3, 5 - index);
        assert.equal((await store.readAll({ after })).events.length, rest, `after ${index + 1} events`);
        const first = await store.readAll({ after, limit: 1 });
        const others = await store.readAll({ after: first.cursor });
        assert.equal(
          first.events.length + others.events.length,
          rest,
          `page by page after ${index + 1} events`,
        );
      }
    },
  ],
  [
    'refuses to purge a stream with later events, and then removes nothing',
    async ({ store }) => {
      await store.append(north, fees(3), { expectedVersion: 0 });
      const details = await refused(
        'VERSION_CONFLICT',
        () => purging(store).purge(north, purged(2)),
        'a later event',
      );
      assert.deepEqual(details, { stream: 'north/p1', expected: 2, actual: 3 });
      assert.equal((await store.read(north)).events.length, 3);
      await purging(store).purge(north, purged(3));
      await refused('VERSION_CONFLICT', () => purging(store).purge(north, purged(3)), 'a second time');
      assert.equal((await store.read(north)).version, 4);
    },
  ],
  [
    'lets a purge or an append win that happen at once, and never loses an event that was appended',
    async ({ store, second = store }) => {
      for (let round = 0; round < 10; round++) {
        const stream = { institution: 'north', patronId: `race-${round}` };
        await store.append(stream, fees(2), { expectedVersion: 0 });
        const [purge, append] = await Promise.all([
          settled(() => purging(store).purge(stream, purged(2))),
          settled(() => second.append(stream, [assessed('late')], { expectedVersion: 2 })),
        ]);
        const wins = ['value' in purge, 'value' in append];
        assert.deepEqual(wins.filter(Boolean).length, 1, 'exactly one of them');
        const { version, events } = await store.read(stream);
        assert.equal(version, 3);
        assert.equal(events.length, 'value' in purge ? 1 : 3);
        assert.equal(events.at(-1)?.event.type, 'value' in purge ? 'AccountPurged' : 'FeeAssessed');
      }
    },
  ],
  [
    'purges a stream with fewer events than were purged, or none: the copy of a purged stream',
    async ({ store }) => {
      await store.append(north, fees(2), { expectedVersion: 0 });
      assert.equal((await purging(store).purge(north, purged(7))).version, 8);
      assert.equal((await purging(store).purge(south, purged(4))).version, 5);
      assert.deepEqual((await everyAccount(store, 2)).accounts, [north, south]);
      assert.equal((await everything(store, 2)).events.length, 2);
    },
  ],
  [
    'records the purge of a copy when the original was recorded, and what follows it too',
    async ({ store }) => {
      const [before, then, later] = [
        '2019-05-06T07:08:09.123456Z',
        '2019-06-01T00:00:00Z',
        '2019-07-01T00:00:00Z',
      ];
      await store.append(north, fees(2), { expectedVersion: 0, recordedAt: before });
      await purging(store).purge(north, purged(2), { recordedAt: then });
      await store.append(north, [assessed('f9')], { expectedVersion: 3, recordedAt: later });
      await purging(store).purge(south, purged(4), { recordedAt: before });
      const times = async (stream: StreamId) =>
        (await store.read(stream)).events.map(({ recordedAt }) => Date.parse(recordedAt));
      assert.deepEqual(await times(north), [then, later].map(Date.parse));
      assert.deepEqual(await times(south), [Date.parse(before)]);
      await purging(store).purge(north, purged(4), { recordedAt: before });
      assert.deepEqual(await times(north), [Date.parse(later)], 'never before a removed event');
      for (const recordedAt of ['yesterday', 17])
        await refused(
          'INVALID_ARGUMENT',
          () => purging(store).purge(north, purged(5), { recordedAt: recordedAt as never }),
          `recorded at ${recordedAt}`,
        );
    },
  ],
  [
    'refuses to purge an invalid stream or with another event, or after it was closed',
    async ({ store }) => {
      const invalid = { institution: '', patronId: 'p1' };
      await refused('INVALID_ARGUMENT', () => purging(store).purge(invalid, purged(1)), 'an empty name');
      await refused(
        'INVALID_ARGUMENT',
        () => purging(store).purge(north, assessed('f1') as never),
        'another event',
      );
      await refused('INVALID_EVENT', () => purging(store).purge(north, purged(0)), 'no removed events');
      await store.close();
      await refused('STORE_CLOSED', () => purging(store).purge(north, purged(1)), 'a closed store');
    },
  ],
];

/** Returns the event that a purge of the given number of events leaves. */
function purged(events: number): AccountPurged {
  const month = { month: '2016-03', amount: '2.50' } as const;
  const totals = [
    { ...month, account: ['cash', 'CASH'], side: 'debit' },
    { ...month, account: ['revenue', 'MAIN', 'OTHER'], side: 'credit' },
  ] as const;
  return {
    type: 'AccountPurged',
    data: { purgeId: `purge-${events}`, events, currency: 'USD', totals, at: '2026-03-02T09:00:00Z' },
  };
}

function purging(store: EventStore): ErasingEventStore {
  assert.ok('purge' in store, 'the store under test must have `purge`');
  return store as ErasingEventStore;
}
