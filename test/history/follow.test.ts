import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  catchUp,
  checkpointMoved,
  type EventStore,
  type FollowedProjection,
  type FollowFailure,
  type FollowProgress,
  follow,
  memoryEventStore,
  type Progress,
  parked,
  type RunnerLock,
  type StoredAccountEvent,
  type WatchableEventStore,
} from '../../src/history/index.js';
import type { AccountEvent } from '../../src/index.js';
import { damageable } from '../support/damageable.js';
import { tried } from '../support/seeded.js';
import { storeWith, stream, tickingStore } from '../support/stores.js';

describe('follow', () => {
  function assessed(feeId: string): AccountEvent {
    const at = '2026-03-02T09:00:00Z';
    return {
      type: 'FeeAssessed',
      data: { feeId, feeType: 'OTHER', amount: '2.50', currency: 'USD', owner: 'MAIN', at },
    };
  }

  /** A projection in memory that several runners can share: the ids of the fees, and the checkpoint. */
  function feeIds(): FollowedProjection & { readonly seen: string[]; readonly resets: () => number } {
    const seen: string[] = [];
    let cursor: string | undefined;
    let resets = 0;
    return {
      seen,
      resets: () => resets,
      reset: () => {
        resets += 1;
        seen.length = 0;
        cursor = undefined;
      },
      apply: (events, next, previous) => {
        if (cursor !== previous) throw checkpointMoved(previous);
        for (const { event } of events) if (event.type === 'FeeAssessed') seen.push(event.data.feeId);
        cursor = next;
      },
      checkpoint: { load: async () => cursor, save: async () => undefined },
    };
  }

  async function storeWithFees(count: number) {
    const store = tickingStore();
    const events = Array.from({ length: count }, (_, index) => assessed(`f${index}`));
    await store.append(stream, events, { expectedVersion: 0 });
    return store;
  }

  /** Ends a run at the first progress for which a condition holds. */
  function endingWhen(condition: (progress: FollowProgress) => boolean) {
    const ending = new AbortController();
    const received: FollowProgress[] = [];
    const onProgress = (progress: FollowProgress) => {
      received.push(progress);
      if (condition(progress)) ending.abort();
    };
    return { ending, received, options: { signal: ending.signal, onProgress, pollMs: 5 } };
  }

  describe('a runner', () => {
    it('applies all events page by page, then each new one, and resolves when its signal is aborted', async () => {
      const store = await storeWithFees(5);
      const projection = feeIds();
      const { received, options } = endingWhen(({ state, events }) => state === 'current' && events === 6);
      const done = follow(store, projection, { ...options, pageSize: 2 });
      while (projection.seen.length < 5) await new Promise((resolve) => setTimeout(resolve, 1));
      await store.append(stream, [assessed('late')], { expectedVersion: 5 });
      expect(await done).toEqual({ events: 6, cursor: '6' });
      expect(projection.seen).toEqual(['f0', 'f1', 'f2', 'f3', 'f4', 'late']);
      expect(projection.resets()).toBe(1);
      const pages = received.filter(({ state }) => state === 'catchingUp');
      expect(pages.map(({ events, cursor }) => [events, cursor])).toEqual([
        [2, '2'],
        [4, '4'],
        [5, '5'],
        [6, '6'],
      ]);
      expect(pages.every(({ lagMs }) => lagMs > 0)).toBe(true);
    });

    it('ends between two pages, and continues from its checkpoint', async () => {
      const store = await storeWithFees(6);
      const projection = feeIds();
      const first = endingWhen(({ events }) => events === 2);
      expect(await follow(store, projection, { ...first.options, pageSize: 2 })).toEqual({
        events: 2,
        cursor: '2',
      });
      const second = endingWhen(({ state }) => state === 'current');
      expect((await follow(store, projection, { ...second.options, pageSize: 2 })).events).toBe(4);
      expect(projection.seen).toHaveLength(6);
      expect(projection.resets()).toBe(1);
    });

    it('does nothing if its signal was aborted before', async () => {
      const projection = feeIds();
      const { events } = await follow(await storeWithFees(2), projection, { signal: AbortSignal.abort() });
      expect([events, projection.resets()]).toEqual([0, 0]);
    });

    it('calls caughtUp once it is current', async () => {
      const calls: number[] = [];
      const projection = feeIds();
      const { options } = endingWhen(({ state }) => state === 'current');
      const caughtUp = () => void calls.push(projection.seen.length);
      await follow(await storeWithFees(3), { ...projection, caughtUp }, { ...options, pageSize: 1 });
      expect(calls).toEqual([3]);
    });

    it('is woken by a store that reports appends, and stops watching', async () => {
      const sound = await storeWithFees(1);
      const listeners = new Set<() => void>();
      const store: WatchableEventStore = {
        ...sound,
        append: async (...given) => {
          const appended = await sound.append(...given);
          for (const listener of listeners) listener();
          return appended;
        },
        watch: async (onChange) => {
          listeners.add(onChange);
          return async () => void listeners.delete(onChange);
        },
      };
      const projection = feeIds();
      const { options } = endingWhen(({ state, events }) => state === 'current' && events === 2);
      const done = follow(store, projection, { ...options, pollMs: 600_000 });
      while (projection.seen.length < 1) await new Promise((resolve) => setTimeout(resolve, 1));
      await store.append(stream, [assessed('pushed')], { expectedVersion: 1 });
      await done;
      expect(projection.seen).toEqual(['f0', 'pushed']);
      expect(listeners.size).toBe(0);
    });
  });

  describe('a failure', () => {
    it('is reported and retried with growing pauses, and nothing is lost or doubled', async () => {
      const sound = await storeWithFees(4);
      let failing = 3;
      const store = storeWith(sound, {
        readAll: async (page) => {
          failing -= 1;
          if (failing >= 0) throw new Error('the connection is lost');
          return sound.readAll(page);
        },
      });
      const projection = feeIds();
      const failures: FollowFailure[] = [];
      const { options } = endingWhen(({ state }) => state === 'current');
      await follow(store, projection, {
        ...options,
        maxPauseMs: 3,
        onFailure: (failure) => void failures.push(failure),
      });
      expect(failures.map(({ failures: count, pauseMs }) => [count, pauseMs])).toEqual([
        [1, 3],
        [2, 3],
        [3, 3],
      ]);
      expect(projection.seen).toEqual(['f0', 'f1', 'f2', 'f3']);
    });

    it('doubles the pause from 100 ms to the longest', async () => {
      const pauses: number[] = [];
      const ending = new AbortController();
      const store = storeWith(tickingStore(), { readAll: () => Promise.reject(new Error('down')) });
      await follow(store, feeIds(), {
        signal: ending.signal,
        maxPauseMs: 150,
        onFailure: ({ pauseMs }) => {
          pauses.push(pauseMs);
          if (pauses.length === 3) ending.abort();
        },
      });
      expect(pauses).toEqual([100, 150, 150]);
    });

    it.each(['CURSOR_UNKNOWN', 'INVALID_ARGUMENT'])(
      '%s ends the run, because waiting does not help',
      async (code) => {
        const projection = {
          ...feeIds(),
          checkpoint: {
            load: async () => (code === 'CURSOR_UNKNOWN' ? '99' : 'x'),
            save: async () => undefined,
          },
        };
        const running = follow(await storeWithFees(1), projection, { signal: new AbortController().signal });
        await expect(running).rejects.toMatchObject({ code });
      },
    );

    it.each<[object, RegExp]>([
      [{}, /signal/],
      [{ signal: AbortSignal.abort(), pageSize: 0 }, /pageSize/],
      [{ signal: AbortSignal.abort(), pollMs: 0 }, /pollMs/],
      [{ signal: AbortSignal.abort(), ifRunning: 'no' }, /ifRunning/],
      [{ signal: AbortSignal.abort(), onprogress: 1 }, /onprogress/],
      [{ signal: AbortSignal.abort(), onBadEvent: 'skip' }, /onBadEvent/],
    ])('refuses invalid options: %j', async (options, message) => {
      await expect(follow(tickingStore(), feeIds(), options as never)).rejects.toThrow(message);
    });
  });

  describe('an event that cannot be applied', () => {
    /** A projection that throws for one fee. */
    function withBadFee(error: Error) {
      const made = feeIds();
      let calls = 0;
      const apply: typeof made.apply = (events, ...rest) => {
        calls += 1;
        const ids = events.map(({ event }) => (event.data as { feeId?: string }).feeId);
        if (ids.includes('bad')) throw error;
        return made.apply(events, ...rest);
      };
      return { ...made, apply, calls: () => calls };
    }

    async function storeWithBadFee() {
      const store = await storeWithFees(2);
      await store.append({ ...stream, patronId: 'p2' }, [assessed('bad')], { expectedVersion: 0 });
      await store.append({ ...stream, patronId: 'p3' }, [assessed('late')], { expectedVersion: 0 });
      return store;
    }

    it('is retried; then its account is parked, and the other accounts go on', async () => {
      const projection = withBadFee(new TypeError('cannot show it'));
      const { options, received } = endingWhen(({ state }) => state === 'current');
      const failures: number[] = [];
      const told: string[] = [];
      const { events } = await follow(await storeWithBadFee(), projection, {
        ...options,
        maxPauseMs: 1,
        onBadEvent: 'park',
        onFailure: (failure) => failures.push(failure.failures),
        onParked: ({ patronId }) => told.push(patronId),
      });
      expect([failures, told, events]).toEqual([[1, 2], ['p2'], 4]);
      expect(projection.seen).toEqual(['f0', 'f1', 'late']);
      expect(received.at(-1)).toMatchObject({ state: 'current', events: 4, cursor: '4' });
      expect(await parked(projection.checkpoint)).toMatchObject([{ patronId: 'p2', version: 1 }]);
    });

    it('of a connection is retried for as long as it takes', async () => {
      const lost = Object.assign(new Error('lost'), { code: 'ECONNRESET' });
      const projection = withBadFee(lost);
      const ending = new AbortController();
      await follow(await storeWithBadFee(), projection, {
        signal: ending.signal,
        maxPauseMs: 1,
        onBadEvent: 'park',
        onFailure: ({ failures }) => failures === 20 && ending.abort(),
      });
      expect([projection.seen, projection.calls()]).toEqual([[], 20]);
    });

    it('ends the run if the account is not parked', async () => {
      const { codec, damage } = damageable();
      const store = memoryEventStore({ now: () => '2026-03-02T09:00:00Z', codec });
      await store.append(stream, [assessed('f1'), assessed('f2')], { expectedVersion: 0 });
      await damage(store, stream, 2);
      const signal = new AbortController().signal;
      await expect(follow(store, feeIds(), { signal })).rejects.toMatchObject({
        code: 'INVALID_EVENT',
        details: { stream: 'north/p1', version: 2 },
      });
      const { options } = endingWhen(({ state }) => state === 'current');
      const projection = feeIds();
      await follow(store, projection, { ...options, onBadEvent: 'park' });
      expect(projection.seen).toEqual(['f1']);
    });
  });

  describe('of two runners', () => {
    const lockOf = (held: { by: number | undefined }, name: number): RunnerLock => ({
      tryAcquire: async () => {
        if (held.by !== undefined) return undefined;
        held.by = name;
        return {
          isHeld: () => held.by === name,
          release: async () => {
            if (held.by === name) held.by = undefined;
          },
        };
      },
    });

    it('one works while it holds the lock, and the other takes over', async () => {
      const store = await storeWithFees(2);
      const projection = feeIds();
      const held: { by: number | undefined } = { by: undefined };
      const one = endingWhen(() => false);
      const first = follow(store, { ...projection, lock: lockOf(held, 1) }, one.options);
      while (projection.seen.length < 2) await new Promise((resolve) => setTimeout(resolve, 1));
      const other = endingWhen(({ state, events }) => state === 'current' && events === 1);
      const second = follow(store, { ...projection, lock: lockOf(held, 2) }, other.options);
      while (!other.received.some(({ state }) => state === 'waiting'))
        await new Promise((resolve) => setTimeout(resolve, 1));
      one.ending.abort();
      await first;
      await store.append(stream, [assessed('late')], { expectedVersion: 2 });
      await second;
      expect(projection.seen).toEqual(['f0', 'f1', 'late']);
      expect(held.by).toBeUndefined();
    });

    it('the second rejects at once if it may not wait', async () => {
      const held = { by: 1 };
      const { options } = endingWhen(() => false);
      const running = follow(
        await storeWithFees(1),
        { ...feeIds(), lock: lockOf(held, 2) },
        { ...options, ifRunning: 'reject' },
      );
      await expect(running).rejects.toMatchObject({ code: 'CHECKPOINT_MOVED' });
    });

    it('a lost lock is taken again before the next page', async () => {
      const store = await storeWithFees(1);
      const projection = feeIds();
      const held: { by: number | undefined } = { by: undefined };
      const { received, options } = endingWhen(({ state, events }) => state === 'current' && events === 2);
      const done = follow(store, { ...projection, lock: lockOf(held, 1) }, options);
      while (projection.seen.length < 1) await new Promise((resolve) => setTimeout(resolve, 1));
      held.by = 2;
      while (!received.some(({ state }) => state === 'waiting'))
        await new Promise((resolve) => setTimeout(resolve, 1));
      held.by = undefined;
      await store.append(stream, [assessed('late')], { expectedVersion: 1 });
      await done;
      expect(projection.seen).toEqual(['f0', 'late']);
    });

    it('without a lock, both run and apply each event once between them', async () => {
      const store = await storeWithFees(50);
      const projection = feeIds();
      const slow = {
        ...projection,
        apply: async (...given: Parameters<typeof projection.apply>) => {
          await new Promise((resolve) => setTimeout(resolve, 1));
          return projection.apply(...given);
        },
      };
      const runs = [1, 2].map(() =>
        endingWhen(({ state }) => state === 'current' && projection.seen.length === 50),
      );
      const totals = await Promise.all(
        runs.map(({ options }) => follow(store, slow, { ...options, pageSize: 5 })),
      );
      expect(projection.seen).toEqual(Array.from({ length: 50 }, (_, index) => `f${index}`));
      expect(totals.reduce((sum, { events }) => sum + events, 0)).toBe(50);
    });

    it('without a lock, the second rejects because of the moved checkpoint if it may not wait', async () => {
      const moved = {
        ...feeIds(),
        apply: (_: unknown, __: string, previous: string | undefined) => {
          throw checkpointMoved(previous);
        },
      };
      const { options } = endingWhen(() => false);
      await expect(
        follow(await storeWithFees(1), moved, { ...options, ifRunning: 'reject' }),
      ).rejects.toMatchObject({ code: 'CHECKPOINT_MOVED' });
    });
  });
});

describe('catchUp', () => {
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
          fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.integer({ min: 1, max: 4 })), {
            maxLength: 8,
          }),
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
});
