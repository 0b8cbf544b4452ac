import assert from 'node:assert/strict';
import { assessed, type Clause, feeIdOf, feeIdsIn, fees, north } from './clause.js';

/** The clauses of reading a stream. */
export const readCases: readonly Clause[] = [
  [
    'reads a stream without events as empty, at version 0',
    async (store) => {
      assert.deepEqual(await store.read(north), { version: 0, events: [] });
      assert.deepEqual(await store.read(north, { after: 7, limit: 3 }), { version: 0, events: [] });
    },
  ],
  [
    'returns the events in the order of the stream, with versions from 1',
    async (store) => {
      await store.append(north, fees(2), { expectedVersion: 0 });
      await store.append(north, [assessed('later')], { expectedVersion: 2 });
      const { version, events } = await store.read(north);
      assert.equal(version, 3);
      assert.deepEqual(
        events.map((recorded) => [recorded.version, feeIdOf(recorded)]),
        [
          [1, 'f1'],
          [2, 'f2'],
          [3, 'later'],
        ],
      );
    },
  ],
  [
    'reads only the events after a version, and always returns the version of the stream',
    async (store) => {
      await store.append(north, fees(5), { expectedVersion: 0 });
      for (const after of [0, 1, 4, 5, 6, 99]) {
        const { version, events } = await store.read(north, { after });
        assert.equal(version, 5, `the version, after ${after}`);
        assert.deepEqual(
          events.map((recorded) => recorded.version),
          [1, 2, 3, 4, 5].filter((version) => version > after),
          `after ${after}`,
        );
      }
    },
  ],
  [
    'reads at most the given number of events, and always returns the version of the stream',
    async (store) => {
      await store.append(north, fees(5), { expectedVersion: 0 });
      for (const [after, limit, expected] of [
        [0, 1, ['f1']],
        [3, 1, ['f4']],
        [1, 2, ['f2', 'f3']],
        [3, 10, ['f4', 'f5']],
        [0, 5, ['f1', 'f2', 'f3', 'f4', 'f5']],
        [9, 1, []],
      ] as const) {
        const { version, events } = await store.read(north, { after, limit });
        assert.equal(version, 5, `the version, with limit ${limit} after ${after}`);
        assert.deepEqual(events.map(feeIdOf), expected, `limit ${limit} after ${after}`);
      }
    },
  ],
  [
    'records events at an instant that never goes back within a stream',
    async (store) => {
      for (let version = 0; version < 5; version++)
        await store.append(north, [assessed(`f${version}`)], { expectedVersion: version });
      const { events } = await store.read(north);
      const instants = events.map(({ recordedAt }) => recordedAt);
      for (const instant of instants) {
        assert.match(instant, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d:\d\d)$/);
      }
      const times = instants.map((instant) => Date.parse(instant));
      assert.deepEqual(
        times,
        [...times].sort((a, b) => a - b),
      );
    },
  ],
  [
    'records copied events at their original time, unless it would go back within the stream',
    async (store) => {
      const append = (version: number, recordedAt: string) =>
        store.append(north, [assessed(`f${version}`)], { expectedVersion: version, recordedAt });
      await append(0, '2019-05-06T07:08:09.123Z');
      await append(1, '2019-05-06T09:08:10.5+02:00');
      await append(2, '2018-01-01T00:00:00Z');
      await store.append(north, [assessed('now')], { expectedVersion: 3 });
      const { events } = await store.read(north);
      const [first, second, third, now] = events.map(({ recordedAt }) => Date.parse(recordedAt));
      assert.equal(first, Date.parse('2019-05-06T07:08:09.123Z'));
      assert.equal(second, Date.parse('2019-05-06T07:08:10.500Z'));
      assert.equal(third, second);
      assert.ok(Number(now) > Date.parse('2025-01-01T00:00:00Z'), 'continues with its own clock');
    },
  ],
  [
    'keeps the time of a copied event to the microsecond, and drops further digits, so that copies have the same times',
    async (store) => {
      const times = ['09:00:00.123456Z', '09:00:00.123456789Z', '09:00:00.123499999Z', '09:00:01.999999999Z'];
      for (const [version, time] of times.entries()) {
        const recordedAt = `2019-05-06T${time}`;
        await store.append(north, [assessed(`f${version}`)], { expectedVersion: version, recordedAt });
      }
      const { events } = await store.read(north);
      const kept = events.map(({ recordedAt }) => /:(\d\d\.\d+)/.exec(recordedAt)?.[1]);
      assert.deepEqual(kept, ['00.123456', '00.123456', '00.123499', '01.999999']);
    },
  ],
  [
    'shows a second store the events that the first has appended, and accepts appends from both',
    async (store, second) => {
      await store.append(north, [assessed('f1')], { expectedVersion: 0 });
      assert.deepEqual(await feeIdsIn(second, north), ['f1']);
      await second.append(north, [assessed('f2')], { expectedVersion: 1 });
      assert.deepEqual(await feeIdsIn(store, north), ['f1', 'f2']);
    },
  ],
];
