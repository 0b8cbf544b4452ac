import { describe, expect, it } from 'vitest';
import {
  checkpointMoved,
  type FollowedProjection,
  type FollowFailure,
  type FollowProgress,
  follow,
  memoryEventStore,
  parked,
  type RunnerLock,
  type WatchableEventStore,
} from '../../src/history/index.js';
import type { AccountEvent } from '../../src/index.js';
import { damageable } from '../support/damageable.js';
import { storeWith, stream, tickingStore } from '../support/stores.js';

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
