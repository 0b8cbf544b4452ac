import assert from 'node:assert/strict';
import type { StreamId } from '../../history/eventStore.js';
import { loadAccount } from '../../history/loadAccount.js';
import {
  type CapabilityClause,
  everyAccount,
  feeIdsIn,
  fees,
  north,
  refused,
  type StoreUnderTest,
} from './clause.js';
import { unreadableGapCase } from './unreadableCases.js';

const south = { institution: 'south', patronId: 'p1' };

/** The clauses on streams in which events are missing. */
export const deletionCases: readonly CapabilityClause[] = [
  [
    'refuses every read that shows a gap, and only these',
    async (opened) => {
      const { store } = opened;
      await store.append(north, fees(5), { expectedVersion: 0 });
      await store.append(south, fees(2), { expectedVersion: 0 });
      await remove(opened, north, 3);
      const corrupt = (call: () => Promise<unknown>, what: string) => refused('CORRUPT_HISTORY', call, what);
      const details = await corrupt(() => store.read(north), 'the whole stream');
      assert.deepEqual(details, { stream: 'north/p1', expected: 3, found: 4 });
      await corrupt(() => store.read(north, { after: 1 }), 'from an event before the gap on');
      await corrupt(() => store.read(north, { after: 2 }), 'from the gap on');
      await corrupt(() => store.read(north, { limit: 3 }), 'a page over the gap');
      await corrupt(() => store.read(north, { after: 2, limit: 1 }), 'a page from the gap on');
      await corrupt(() => loadAccount(store, north), 'the account');
      await corrupt(() => store.readAll(), 'all events');
      assert.equal((await store.read(north, { limit: 2 })).events.length, 2, 'a page before the gap');
      assert.equal((await store.read(north, { after: 3 })).events.length, 2, 'after the gap');
      assert.deepEqual(await feeIdsIn(store, south), ['f1', 'f2'], 'another stream');
      assert.deepEqual((await everyAccount(store, 2)).accounts, [north, south], 'the list of accounts');
    },
  ],
  [
    'refuses to read a stream without its first event, and lists it once, after the others',
    async (opened) => {
      const { store } = opened;
      const streams = ['a', 'b', 'c', 'd'].map((patronId) => ({ institution: 'north', patronId }));
      const [a, b, c, d] = streams as [StreamId, StreamId, StreamId, StreamId];
      for (const stream of [...streams, south]) await store.append(stream, fees(3), { expectedVersion: 0 });
      await everyAccount(store, 5);
      await remove(opened, a, 1);
      await remove(opened, c, 1);
      await remove(opened, c, 2);
      await remove(opened, south, 1);
      for (const stream of [a, c, south]) {
        await refused('CORRUPT_HISTORY', () => store.read(stream), stream.patronId);
        await refused(
          'CORRUPT_HISTORY',
          () => store.read(stream, { limit: 1 }),
          `a page of ${stream.patronId}`,
        );
      }
      await refused('CORRUPT_HISTORY', () => store.readAll(), 'all events');
      for (const limit of [1, 2, 3, 4, 5, 6]) {
        const { accounts, cursor } = await everyAccount(store, 5, { limit });
        assert.deepEqual(accounts, [b, d, a, c, south], `${limit} at a time`);
        assert.deepEqual((await store.accounts({ after: cursor })).accounts, [], 'after the last one');
      }
      const ofNorth = await everyAccount(store, 4, { institution: 'north', limit: 2 });
      assert.deepEqual(ofNorth.accounts, [b, d, a, c], 'of one institution');
      const late = { institution: 'north', patronId: 'e' };
      await store.append(late, fees(1), { expectedVersion: 0 });
      assert.deepEqual(
        (await everyAccount(store, 1, { institution: 'north', after: ofNorth.cursor })).accounts,
        [late],
        'a new account',
      );
    },
  ],
  [
    'does not list a stream without any event, and reads it as empty',
    async (opened) => {
      const { store } = opened;
      await store.append(north, fees(1), { expectedVersion: 0 });
      await store.append(south, fees(1), { expectedVersion: 0 });
      await remove(opened, north, 1);
      assert.deepEqual(await store.read(north), { version: 0, events: [] });
      assert.deepEqual((await everyAccount(store, 1)).accounts, [south]);
    },
  ],
  unreadableGapCase,
];

async function remove({ deleteEvent }: StoreUnderTest, stream: StreamId, version: number): Promise<void> {
  assert.ok(deleteEvent !== undefined, 'the store under test must have `deleteEvent`');
  await deleteEvent(stream, version);
}
