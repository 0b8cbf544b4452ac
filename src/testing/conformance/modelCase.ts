import assert from 'node:assert/strict';
import type * as fastCheck from 'fast-check';
import type { AppendOptions, EventStore, StreamId } from '../../history/eventStore.js';
import { assessed, type Clause, everyAccount, everything, feeIdOf, refused } from './clause.js';

/** The expected content of a store: the fees of each stream. */
type Model = { readonly streams: Map<number, string[]>; next: number };

type Stores = { readonly store: EventStore; readonly second: EventStore };

type Call = fastCheck.AsyncCommand<Model, Stores>;

const streamOf = (index: number): StreamId => ({ institution: `i${index % 2}`, patronId: `p${index}` });

const feesIn = ({ streams }: Model, index: number): string[] => streams.get(index) ?? [];

/** Returns the case that compares random calls with a model, on a new store for each run. */
export function modelCase(onNewStore: (check: Clause[1]) => Promise<void>, runs: number) {
  return {
    title: `agrees with a model in ${runs} random runs`,
    run: async () => {
      const fc = await import('fast-check');
      const property = fc.asyncProperty(fc.commands(callsOf(fc), { maxCommands: 40, size: 'max' }), (calls) =>
        onNewStore(async (store, second) => {
          const model: Model = { streams: new Map(), next: 1 };
          await fc.asyncModelRun(() => ({ model, real: { store, second } }), calls);
          await compare(model, store);
        }),
      );
      await fc.assert(property, { numRuns: runs });
    },
  };
}

function callsOf(fc: typeof fastCheck): fastCheck.Arbitrary<Call>[] {
  const index = fc.nat(3);
  const onSecond = fc.boolean();
  // Mostly the right version; else too low or too high by at most 2.
  const off = fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.integer({ min: -2, max: 2 }));
  const appends = fc
    .record({ index, count: fc.nat(3), off: fc.oneof(off, fc.constant('any' as const)), onSecond })
    .map(append);
  const reads = fc
    .record({ index, after: fc.nat(8), limit: fc.option(fc.integer({ min: 1, max: 5 })), onSecond })
    .map(read);
  // Two of three calls are appends.
  return [appends, appends, reads];
}

/** Which stream a call is for, and whether it goes to the second store. */
type Target = { readonly index: number; readonly onSecond: boolean };

type Append = Target & {
  readonly count: number;
  /** The difference between the expected version and the model's. */
  readonly off: number | 'any';
};

function append({ index, count, off, onSecond }: Append): Call {
  return {
    check: () => true,
    toString: () => `append(${index}, ${count} events, ${off === 'any' ? off : `head + ${off}`})`,
    run: async (model, { store, second }) => {
      const known = feesIn(model, index);
      const ids = Array.from({ length: count }, () => `f${model.next++}`);
      const expected: AppendOptions['expectedVersion'] =
        off === 'any' ? off : Math.max(0, known.length + off);
      const call = () =>
        (onSecond ? second : store).append(
          streamOf(index),
          ids.map((id) => assessed(id)),
          { expectedVersion: expected },
        );
      if (count > 0 && expected !== 'any' && expected !== known.length) {
        const { actual } = await refused('VERSION_CONFLICT', call, `expected ${expected}`);
        assert.equal(actual, known.length);
        return;
      }
      assert.deepEqual(await call(), { version: known.length + count });
      if (count > 0) model.streams.set(index, [...known, ...ids]);
    },
  };
}

type Read = Target & { readonly after: number; readonly limit: number | null };

function read({ index, after, limit, onSecond }: Read): Call {
  return {
    check: () => true,
    toString: () => `read(${index}, after ${after}, limit ${limit})`,
    run: async (model, { store, second }) => {
      const known = feesIn(model, index);
      const options = limit === null ? { after } : { after, limit };
      const { version, events } = await (onSecond ? second : store).read(streamOf(index), options);
      assert.equal(version, known.length);
      assert.deepEqual(events.map(feeIdOf), known.slice(after, limit === null ? undefined : after + limit));
    },
  };
}

/** Compares the lists over all streams with the model. */
async function compare({ streams }: Model, store: EventStore): Promise<void> {
  const total = [...streams.values()].reduce((sum, ids) => sum + ids.length, 0);
  const { events } = await everything(store, total, { limit: 3 });
  for (const [index, ids] of streams) {
    const { patronId } = streamOf(index);
    assert.deepEqual(events.filter((event) => event.patronId === patronId).map(feeIdOf), ids);
  }
  const { accounts } = await everyAccount(store, streams.size, { limit: 2 });
  const expected = [...streams.keys()].map((index) => streamOf(index).patronId);
  assert.deepEqual(accounts.map(({ patronId }) => patronId).sort(), expected.sort());
}
