import type { EventStore } from '../../history/eventStore.js';
import { type Clause, fees, north, refused } from './clause.js';

const wrongStreams: readonly unknown[] = [
  undefined,
  null,
  'north/p1',
  {},
  { institution: 'north' },
  { institution: 'north', patronId: '' },
  { institution: '', patronId: 'p1' },
  { institution: 'north', patronId: 17 },
  { institution: 'north', patronId: 'x'.repeat(201) },
  { institution: 'north', patronId: 'a\u0000b' },
  { institution: '\ud800', patronId: 'p1' },
];

const wrongNumbers: readonly unknown[] = [
  -1,
  0.5,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  2 ** 53,
  '1',
  null,
  1n,
];

/** The clauses on invalid arguments and closed stores. */
export const argumentCases: readonly Clause[] = [
  [
    'refuses an invalid stream',
    async (store) => {
      for (const [index, stream] of wrongStreams.entries()) {
        await invalid(() => store.read(stream as never), `read, stream ${index}`);
        await invalid(
          () => store.append(stream as never, fees(1), { expectedVersion: 0 }),
          `append, stream ${index}`,
        );
        await invalid(
          () => store.append(stream as never, [], { expectedVersion: 0 }),
          `append nothing, stream ${index}`,
        );
      }
    },
  ],
  [
    'refuses invalid options for reading a stream',
    async (store) => {
      for (const number of wrongNumbers) {
        await invalid(() => store.read(north, { after: number as never }), `after ${String(number)}`);
        await invalid(() => store.read(north, { limit: number as never }), `limit ${String(number)}`);
      }
      await invalid(() => store.read(north, { limit: 0 }), 'limit 0');
      await invalid(() => store.read(north, null as never), 'no options');
    },
  ],
  [
    'refuses invalid events and options of an append',
    async (store) => {
      for (const expected of [...wrongNumbers, undefined, 'some'])
        await invalid(
          () => store.append(north, fees(1), { expectedVersion: expected as never }),
          `expected ${String(expected)}`,
        );
      await invalid(() => store.append(north, fees(1), undefined as never), 'no options');
      for (const recordedAt of ['yesterday', '2026-03-02', 17])
        await invalid(
          () => store.append(north, fees(1), { expectedVersion: 0, recordedAt: recordedAt as never }),
          `recorded at ${recordedAt}`,
        );
      for (const events of [undefined, null, {}, 'events', fees(1)[0]])
        await invalid(
          () => store.append(north, events as never, { expectedVersion: 0 }),
          'no list of events',
        );
    },
  ],
  [
    'refuses invalid options and cursors for reading a list',
    async (store) => {
      await store.append(north, fees(1), { expectedVersion: 0 });
      for (const read of [store.readAll, store.accounts] as readonly EventStore['accounts'][]) {
        for (const number of wrongNumbers)
          await invalid(() => read({ limit: number as never }), `limit ${String(number)}`);
        await invalid(() => read({ limit: 0 }), 'limit 0');
        for (const after of [5, null, '', 'no cursor', '-1', '1; drop table', 'é', ' '])
          await invalid(() => read({ after: after as never }), `after ${JSON.stringify(after)}`);
      }
      await invalid(() => store.accounts({ institution: '' }), 'no institution');
      await invalid(() => store.accounts({ institution: 17 as never }), 'a number for an institution');
    },
  ],
  [
    'refuses every call once it is closed, and may be closed again',
    async (store) => {
      await store.append(north, fees(1), { expectedVersion: 0 });
      await store.close();
      await store.close();
      await closed(() => store.read(north), 'read');
      await closed(() => store.append(north, fees(1), { expectedVersion: 1 }), 'append');
      await closed(() => store.append(north, [], { expectedVersion: 0 }), 'append nothing');
      await closed(() => store.readAll(), 'readAll');
      await closed(() => store.accounts(), 'accounts');
    },
  ],
];

const invalid = (call: () => Promise<unknown>, what: string) => refused('INVALID_ARGUMENT', call, what);

const closed = (call: () => Promise<unknown>, what: string) => refused('STORE_CLOSED', call, what);
