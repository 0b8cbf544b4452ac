import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  catchUp,
  type EventStore,
  memoryEventStore,
  type Progress,
  type StoredAccountEvent,
} from '../../src/history/index.js';
import type { AccountEvent } from '../../src/index.js';
import { tried } from '../support/seeded.js';

const at = '2026-03-02T09:00:00Z';

function assessed(feeId: string): AccountEvent {
  const data = { feeId, feeType: 'OTHER', amount: '2.50', currency: 'USD', owner: 'MAIN', at };
  return { type: 'FeeAssessed', data };
}

/** A projection that lists the events it applied, and its checkpoint. */
function list() {
  const places: string[] = [];
  let saved: string | undefined;
  const placeOf = ({ patronId, version }: StoredAccountEvent) => `${patronId} ${version}`;
  return {
    places,
    projection: {
      reset: () => {
        places.length = 0;
      },
      apply: (events: readonly StoredAccountEvent[], _cursor: string): void | Promise<void> => {
        places.push(...events.map(placeOf));
      },
    },
    checkpoint: {
      load: async () => saved,
      save: async (cursor: string | undefined) => {
        saved = cursor;
      },
    },
  };
}

async function append(store: EventStore, patronId: string, count = 1) {
  const events = Array.from({ length: count }, (_, index) => assessed(`${patronId} ${index}`));
  await store.append({ institution: 'north', patronId }, events, { expectedVersion: 'any' });
}

const newStore = () => memoryEventStore({ now: () => at });

describe('catchUp', () => {
  it('applies all events, and only the new ones the next time', async () => {
    const store = newStore();
    const { places, projection, checkpoint } = list();
    await append(store, 'a', 2);
    expect(await catchUp(store, projection, checkpoint)).toMatchObject({ events: 2 });
    await append(store, 'b');
    expect(await catchUp(store, projection, checkpoint)).toMatchObject({ events: 1 });
    expect(await catchUp(store, projection, checkpoint)).toMatchObject({ events: 0 });
    expect(places).toEqual(['a 1', 'a 2', 'b 1']);
  });

  it('applies events that are appended while it runs', async () => {
    const store = newStore();
    const { places, projection, checkpoint } = list();
    await append(store, 'a');
    const slow = {
      ...projection,
      apply: async (events: readonly StoredAccountEvent[], cursor: string) => {
        if (places.length === 0) await append(store, 'b');
        await projection.apply(events, cursor);
      },
    };
    expect((await catchUp(store, slow, checkpoint)).events).toBe(2);
    expect(places).toEqual(['a 1', 'b 1']);
  });

  it('refuses a checkpoint beyond the end of a restored store, and applies nothing', async () => {
    const backup = memoryEventStore({ now: () => at });
    const store = memoryEventStore({ now: () => at });
    const stream = { institution: 'north', patronId: 'p1' };
    await backup.append(stream, [assessed('f1')], { expectedVersion: 0 });
    await store.append(stream, [assessed('f1'), assessed('f2')], { expectedVersion: 0 });
    const { places, projection, checkpoint } = list();
    await catchUp(store, projection, checkpoint);
    await expect(catchUp(backup, projection, checkpoint)).rejects.toMatchObject({ code: 'CURSOR_UNKNOWN' });
    expect(places).toEqual(['p1 1', 'p1 2']);
  });

  it('passes the previous checkpoint to apply and save', async () => {
    const store = newStore();
    const { projection, checkpoint } = list();
    await append(store, 'a', 5);
    const given: (readonly [string | undefined, string])[] = [];
    const saved: typeof given = [];
    const run = () =>
      catchUp(
        store,
        { ...projection, apply: (_events, cursor, previous) => void given.push([previous, cursor]) },
        {
          load: checkpoint.load,
          save: async (cursor, previous) => {
            saved.push([previous, cursor]);
            await checkpoint.save(cursor);
          },
        },
        { pageSize: 2 },
      );
    await run();
    expect(given.map(([previous]) => previous)).toEqual([undefined, given[0]?.[1], given[1]?.[1]]);
    const last = given.at(-1)?.[1];
    await append(store, 'b');
    await run();
    expect(given.at(-1)?.[0]).toBe(last);
    expect(saved).toEqual(given);
  });

  it('rebuilds a projection without a checkpoint from the first event', async () => {
    const store = newStore();
    const { places, projection, checkpoint } = list();
    await append(store, 'a', 3);
    await catchUp(store, projection, checkpoint);
    places.push('something wrong');
    await checkpoint.save(undefined);
    await catchUp(store, projection, checkpoint);
    expect(places).toEqual(['a 1', 'a 2', 'a 3']);
  });

  it('calls caughtUp at the end of the events, each time, and not after an error', async () => {
    const store = newStore();
    const { places, projection, checkpoint } = list();
    const calls: number[] = [];
    const counting = { ...projection, caughtUp: () => void calls.push(places.length) };
    await append(store, 'a', 3);
    const failing = { ...counting, apply: () => Promise.reject(new Error('disk full')) };
    await expect(catchUp(store, failing, checkpoint)).rejects.toThrow('disk full');
    expect(calls).toEqual([]);
    await catchUp(store, counting, checkpoint, { pageSize: 2 });
    await catchUp(store, counting, checkpoint);
    expect(calls).toEqual([3, 3]);
  });

  it('reports the progress after every page', async () => {
    const store = newStore();
    const { projection, checkpoint } = list();
    await append(store, 'a', 5);
    const reported: Progress[] = [];
    const last = await catchUp(store, projection, checkpoint, {
      pageSize: 2,
      onProgress: (progress) => reported.push(progress),
    });
    expect(reported.map(({ events }) => events)).toEqual([2, 4, 5]);
    expect(reported.at(-1)).toEqual(last);
  });

  it('refuses an invalid page size', async () => {
    const { projection, checkpoint } = list();
    for (const pageSize of [0, -1, 1.5, '10' as never])
      await expect(catchUp(newStore(), projection, checkpoint, { pageSize })).rejects.toMatchObject({
        code: 'INVALID_ARGUMENT',
      });
  });

  it('applies every event once, wherever a run is interrupted, if the checkpoint is saved with the events', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.integer({ min: 1, max: 4 })), { maxLength: 8 }),
        fc.integer({ min: 1, max: 5 }),
        fc.array(fc.nat(4), { maxLength: 4 }),
        async (appends, pageSize, cuts) => {
          const store = newStore();
          for (const [patronId, count] of appends) await append(store, patronId, count);
          const { places, projection, checkpoint } = list();
          const together = {
            reset: projection.reset,
            apply: async (events: readonly StoredAccountEvent[], cursor: string) => {
              await projection.apply(events, cursor);
              await checkpoint.save(cursor);
            },
          };
          const elsewhere = { load: checkpoint.load, save: async () => undefined };
          for (const cut of cuts) {
            let pages = 0;
            const onProgress = () => {
              pages += 1;
              if (pages > cut) throw new Error('cut off');
            };
            await catchUp(store, together, elsewhere, { pageSize, onProgress }).catch(() => undefined);
          }
          await catchUp(store, together, elsewhere, { pageSize });
          const { events } = await store.readAll();
          expect(places).toEqual(events.map(({ patronId, version }) => `${patronId} ${version}`));
        },
      ),
      tried(300),
    );
  });
});
