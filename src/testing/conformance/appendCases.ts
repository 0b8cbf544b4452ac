import assert from 'node:assert/strict';
import type { AccountEvent } from '../../account/events/accountEvent.js';
import type { EventStore } from '../../history/eventStore.js';
import { assessed, type Clause, feeIdOf, feeIdsIn, fees, north, refused, settled } from './clause.js';

/** The clauses of appending, by one writer and by several at once. */
export function appendCases(writers: number): readonly Clause[] {
  return [...singleWriterCases, ...racingCases(writers)];
}

const singleWriterCases: readonly Clause[] = [
  [
    'appends at the expected version, and returns the new version',
    async (store) => {
      assert.deepEqual(await store.append(north, fees(3), { expectedVersion: 0 }), { version: 3 });
      assert.deepEqual(await store.append(north, [assessed('f4')], { expectedVersion: 3 }), { version: 4 });
      assert.deepEqual(await feeIdsIn(store, north), ['f1', 'f2', 'f3', 'f4']);
    },
  ],
  ['refuses an append that expects an older version, with both versions', (store) => conflict(store, 3, 2)],
  ['refuses a first append to a stream that has events', (store) => conflict(store, 2, 0)],
  ['refuses an append that expects a version beyond the end of the stream', (store) => conflict(store, 2, 3)],
  ['refuses an append to an empty stream that expects events', (store) => conflict(store, 0, 1)],
  [
    'appends at any version if none is expected',
    async (store) => {
      assert.deepEqual(await store.append(north, fees(2), { expectedVersion: 'any' }), { version: 2 });
      assert.deepEqual(await store.append(north, [assessed('f3')], { expectedVersion: 'any' }), {
        version: 3,
      });
      assert.deepEqual(await feeIdsIn(store, north), ['f1', 'f2', 'f3']);
    },
  ],
  [
    'does nothing for an empty list, whatever version is expected',
    async (store) => {
      assert.deepEqual(await store.append(north, [], { expectedVersion: 0 }), { version: 0 });
      assert.deepEqual(await store.append(north, [], { expectedVersion: 8 }), { version: 0 });
      await store.append(north, fees(2), { expectedVersion: 0 });
      for (const expected of [0, 2, 9, 'any'] as const)
        assert.deepEqual(
          await store.append(north, [], { expectedVersion: expected }),
          { version: 2 },
          `expected ${expected}`,
        );
      assert.equal((await store.read(north)).version, 2);
      assert.equal((await store.read({ ...north, patronId: 'nobody' })).version, 0);
    },
  ],
  [
    'appends all events of a call, or none',
    async (store) => {
      await store.append(north, fees(1), { expectedVersion: 0 });
      const broken = [assessed('f2'), { type: 'NoSuchEvent', data: {} } as never, assessed('f3')];
      await refused(
        'INVALID_EVENT',
        () => store.append(north, broken, { expectedVersion: 1 }),
        'a broken event',
      );
      assert.deepEqual(await feeIdsIn(store, north), ['f1']);
      await refused(
        'VERSION_CONFLICT',
        () => store.append(north, fees(3, 'x'), { expectedVersion: 0 }),
        'stale',
      );
      assert.deepEqual(await feeIdsIn(store, north), ['f1']);
    },
  ],
  [
    'refuses an invalid event',
    async (store) => {
      const at = '2026-03-02T09:00:00Z';
      const wrong: readonly unknown[] = [
        null,
        'FeeAssessed',
        {},
        { type: 'FeeAssessed' },
        { type: 'FeeAssessed', data: {} },
        assessed('f1', { amount: '2.5' }),
        assessed('f1', { amount: 2.5 as never }),
        assessed(''),
        { type: 'FeeDisputed', data: { disputeId: 'd1', feeId: 'f1', at, surprise: true } },
      ];
      for (const event of wrong) {
        const call = () => store.append(north, [event as AccountEvent], { expectedVersion: 'any' });
        await refused('INVALID_EVENT', call, JSON.stringify(event));
      }
      assert.equal((await store.read(north)).version, 0);
    },
  ],
];

/** Fails unless a stream with `actual` events refuses an append that expects another version, and does not change. */
async function conflict(store: EventStore, actual: number, expected: number): Promise<void> {
  await store.append(north, fees(actual), { expectedVersion: 0 });
  const before = await store.read(north);
  const details = await refused(
    'VERSION_CONFLICT',
    () => store.append(north, fees(2, 'late'), { expectedVersion: expected }),
    `expected ${expected}, actual ${actual}`,
  );
  assert.deepEqual(details, { stream: 'north/p1', expected, actual });
  assert.deepEqual(await store.read(north), before);
}

function racingCases(writers: number): readonly Clause[] {
  const range = Array.from({ length: writers }, (_, index) => index);
  return [
    [
      `lets one of ${writers} writers that expect the same version win, ten times`,
      async (store, second) => {
        const won: string[] = [];
        for (let round = 0; round < 10; round++) {
          const names = range.map((writer) => `r${round}w${writer}`);
          const outcomes = await Promise.all(
            names.map((name, writer) =>
              settled(() =>
                (writer % 2 === 0 ? store : second).append(north, [assessed(name)], {
                  expectedVersion: round,
                }),
              ),
            ),
          );
          const winners = names.filter((_, writer) => 'value' in (outcomes[writer] as object));
          assert.equal(winners.length, 1, `winners of round ${round}`);
          won.push(...winners);
          for (const outcome of outcomes) {
            if ('error' in outcome)
              await refused('VERSION_CONFLICT', () => Promise.reject(outcome.error), 'the other writers');
          }
        }
        assert.deepEqual(await feeIdsIn(store, north), won);
      },
    ],
    [
      `stores all appends of ${writers} writers that expect any version, each call contiguously`,
      async (store, second) => {
        const ends = await Promise.all(
          range.map((writer) =>
            (writer % 2 === 0 ? store : second).append(north, fees(3, `w${writer}-`), {
              expectedVersion: 'any',
            }),
          ),
        );
        const { version, events } = await store.read(north);
        assert.equal(version, 3 * writers);
        for (const [writer, end] of ends.entries()) {
          const piece = events.slice(end.version - 3, end.version).map(feeIdOf);
          assert.deepEqual(piece, [`w${writer}-1`, `w${writer}-2`, `w${writer}-3`]);
        }
      },
    ],
    [
      `stores the first appends of ${writers} writers to separate streams`,
      async (store, second) => {
        await Promise.all(
          range.map((writer) =>
            (writer % 2 === 0 ? store : second).append(
              { institution: 'north', patronId: `w${writer}` },
              fees(2),
              { expectedVersion: 0 },
            ),
          ),
        );
        for (const writer of range)
          assert.equal((await store.read({ institution: 'north', patronId: `w${writer}` })).version, 2);
      },
    ],
  ];
}
