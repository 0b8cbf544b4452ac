import assert from 'node:assert/strict';
import type { EventStore } from '../../history/eventStore.js';
import type { ErasingEventStore } from '../../history/redaction.js';
import { assessed, type CapabilityClause, everything, fees, north, refused } from './clause.js';

const south = { institution: 'south', patronId: 'p1' };

/** The clauses on erasing personal data. */
export const redactCases: readonly CapabilityClause[] = [
  [
    'redacts the events of one stream: their texts are gone for every reader, and all else stays',
    async ({ store, second = store }) => {
      const secret = { comment: 'Was in hospital', item: { title: 'On pain', library: 'MAIN' } };
      await store.append(north, [assessed('f1', secret), assessed('f2')], { expectedVersion: 0 });
      await store.append(south, [assessed('f1', secret)], { expectedVersion: 0 });
      const before = await everything(store, 3);
      const recorded = (await store.read(north)).events.map(({ version, recordedAt }) => [
        version,
        recordedAt,
      ]);

      assert.equal((await erasing(store).redact(north)).events, 1, 'the number of changed events');

      for (const reader of [store, second]) {
        const { version, events } = await reader.read(north);
        assert.equal(version, 2);
        const kept = [assessed('f1', { item: { library: 'MAIN' } }), assessed('f2')];
        assert.deepEqual(
          events.map(({ event }) => event),
          kept,
        );
        assert.deepEqual(
          events.map((event) => [event.version, event.recordedAt]),
          recorded,
        );
        assert.doesNotMatch(
          JSON.stringify(
            (await reader.readAll()).events.filter(({ institution }) => institution === 'north'),
          ),
          /hospital|pain/,
        );
        assert.deepEqual((await reader.read(south)).events[0]?.event, assessed('f1', secret));
        assert.deepEqual(
          (await reader.readAll({ after: before.cursor })).events,
          [],
          'after the same cursor',
        );
      }
    },
  ],
  [
    'redacts only the chosen versions, and ignores those that the stream does not have',
    async ({ store }) => {
      const secret = ['f1', 'f2', 'f3'].map((feeId) => assessed(feeId, { comment: 'secret' }));
      await store.append(north, secret, { expectedVersion: 0 });
      assert.equal((await erasing(store).redact(north, { versions: [] })).events, 0, 'no version');
      assert.equal(
        (await erasing(store).redact(north, { versions: [1, 3, 4] })).events,
        2,
        'two of the versions',
      );
      const events = (await store.read(north)).events.map(({ event }) => event);
      assert.deepEqual(events, [assessed('f1'), secret[1], assessed('f3')]);
    },
  ],
  [
    'redacts again without a change, accepts further events, and has nothing to redact in an empty stream',
    async ({ store }) => {
      await store.append(north, [assessed('f1', { comment: 'secret' })], { expectedVersion: 0 });
      await erasing(store).redact(north);
      assert.equal((await erasing(store).redact(north)).events, 0);
      assert.equal((await erasing(store).redact(south)).events, 0);
      assert.deepEqual(await store.append(north, fees(1, 'g'), { expectedVersion: 1 }), { version: 2 });
    },
  ],
  [
    'redacts many streams and sweeps once, even without anything to sweep',
    async ({ store }) => {
      const secret = [assessed('f1', { comment: 'secret' })];
      for (const stream of [north, south]) {
        await store.append(stream, secret, { expectedVersion: 0 });
        assert.equal((await erasing(store).redact(stream, { sweep: false })).events, 1);
        assert.deepEqual(
          (await store.read(stream)).events.map(({ event }) => event),
          [assessed('f1')],
        );
      }
      for (const _ of 'ab') assert.equal(typeof (await erasing(store).sweep()), 'object');
      assert.deepEqual(
        (await store.readAll()).events.map(({ event }) => event),
        [assessed('f1'), assessed('f1')],
      );
    },
  ],
  [
    'refuses to redact an invalid stream, or after it was closed',
    async ({ store }) => {
      const invalid = { institution: '', patronId: 'p1' };
      await refused('INVALID_ARGUMENT', () => erasing(store).redact(invalid), 'an empty name');
      await refused(
        'INVALID_ARGUMENT',
        () => erasing(store).redact(north, { versions: [0] }),
        'a version below 1',
      );
      await store.close();
      await refused('STORE_CLOSED', () => erasing(store).redact(north), 'a closed store');
      await refused('STORE_CLOSED', () => erasing(store).sweep(), 'a closed store');
    },
  ],
];

function erasing(store: EventStore): ErasingEventStore {
  assert.ok('redact' in store, 'the store under test must have `redact`');
  return store as ErasingEventStore;
}
