import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  catchUp,
  type EventStore,
  type FollowProgress,
  type FollowShardsOptions,
  followShards,
  memoryEventStore,
  parked,
  type RunnerLock,
  type Shard,
  type StreamId,
  shardOf,
} from '../../src/history/index.js';
import { assessedFee } from '../support/assessedFee.js';
import { parkingProjection } from '../support/parkingProjection.js';
import { tried } from '../support/seeded.js';

const now = () => '2026-03-02T09:00:00Z';
const account = (index: number): StreamId => ({ institution: 'north', patronId: `p${index}` });
const SHARDS = 8;

async function append(store: EventStore, index: number, count = 1) {
  const { version } = await store.append(account(index), [], { expectedVersion: 'any' });
  const events = Array.from({ length: count }, (_, n) => assessedFee(`f${version + n + 1}`));
  await store.append(account(index), events, { expectedVersion: version });
}

/** A projection in shards, which several runs share. */
function sharded(shards = SHARDS) {
  const made = Array.from({ length: shards }, (_, index) => parkingProjection(`shard ${index}`));
  const ofAccount = (stream: StreamId) => made[shardOf(stream, shards)] as (typeof made)[number];
  return {
    made,
    projectionOf: ({ index }: Shard) => (made[index] as (typeof made)[number]).projection,
    versionsOf: (stream: StreamId) => ofAccount(stream).versionsOf(stream),
    ofAccount,
  };
}

/** Starts a process; it goes on until it is stopped. */
function start(
  store: EventStore,
  projectionOf: Parameters<typeof followShards>[1],
  options: Partial<FollowShardsOptions> = {},
) {
  const ending = new AbortController();
  const states: FollowProgress[] = [];
  const done = followShards(store, projectionOf, {
    shards: SHARDS,
    pollMs: 1,
    maxPauseMs: 1,
    takeOverMs: 1,
    signal: ending.signal,
    onProgress: (progress) => states.push(progress),
    ...options,
  });
  return { stop: () => ending.abort(), done, states };
}

async function until(condition: () => boolean | Promise<boolean>) {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 1));
}

const count = (list: readonly number[][]) => list.reduce((sum, versions) => sum + versions.length, 0);

describe('processes that share a projection', () => {
  it('apply each event once between them, every shard by its own process', async () => {
    const store = memoryEventStore({ now });
    const { projectionOf, versionsOf, made } = sharded();
    for (let index = 0; index < 40; index++) await append(store, index, 3);
    const processes = [0, 1, 2].map((index) =>
      start(store, projectionOf, { process: { index, of: 3 }, takeOverMs: 3_600_000, pageSize: 7 }),
    );
    await until(() => processes.every(({ states }) => states.at(-1)?.state === 'current'));
    for (const { stop } of processes) stop();
    const totals = await Promise.all(processes.map(({ done }) => done));
    for (let index = 0; index < 40; index++) expect(versionsOf(account(index))).toEqual([1, 2, 3]);
    const own = [0, 1, 2].map((process) =>
      made
        .filter((_, shard) => shard % 3 === process)
        .flatMap((shard) => shard.pages())
        .reduce((sum, page) => sum + page.length, 0),
    );
    expect(totals.map(({ events }) => events)).toEqual(own);
    expect(own.every((events) => events > 0)).toBe(true);
  });

  it('read each page once for all shards that are at the same place', async () => {
    const store = memoryEventStore({ now });
    let reads = 0;
    const counting: EventStore = {
      ...store,
      readAll: (options) => {
        reads += 1;
        return store.readAll(options);
      },
    };
    for (let index = 0; index < 100; index++) await append(store, index);
    const { projectionOf } = sharded();
    const { stop, done, states } = start(counting, projectionOf, { pageSize: 10 });
    await until(() => states.at(-1)?.state === 'current');
    stop();
    await done;
    expect(states.filter(({ state }) => state === 'catchingUp')).toHaveLength(10);
    expect(reads).toBeLessThan(10 + 2 * states.filter(({ state }) => state === 'current').length);
  });

  it('do not read events of others again after a restart', async () => {
    const store = memoryEventStore({ now });
    const { projectionOf, ofAccount } = sharded();
    const mine = account(0);
    await append(store, 0);
    const run = async () => {
      const { stop, done, states } = start(store, projectionOf, { pageSize: 10 });
      await until(() => states.at(-1)?.state === 'current');
      stop();
      return done;
    };
    await run();
    const before = ofAccount(mine).saved();
    const others = Array.from({ length: 60 }, (_, index) => index + 1).filter(
      (index) => shardOf(account(index), SHARDS) !== shardOf(mine, SHARDS),
    );
    for (const index of others) await append(store, index);
    await run();
    expect(ofAccount(mine).saved()).not.toBe(before);
  });

  it('take over the shards of a process that has stopped, and give them back', async () => {
    const store = memoryEventStore({ now });
    const { projectionOf, versionsOf } = sharded();
    const accounts = Array.from({ length: 20 }, (_, index) => index);
    const applied = () => count(accounts.map((index) => versionsOf(account(index))));
    for (const index of accounts) await append(store, index);
    const first = start(store, projectionOf, { process: { index: 0, of: 2 } });
    await until(() => applied() === 20);
    const second = start(store, projectionOf, { process: { index: 1, of: 2 }, takeOverMs: 3_600_000 });
    for (const index of accounts) await append(store, index);
    await until(() => applied() === 40);
    first.stop();
    await first.done;
    const ofSecond = accounts.filter((index) => shardOf(account(index), SHARDS) % 2 === 1);
    for (const index of ofSecond) await append(store, index);
    await until(() => applied() === 40 + ofSecond.length);
    second.stop();
    expect((await second.done).events).toBeGreaterThanOrEqual(ofSecond.length);
    for (const index of accounts) {
      const versions = versionsOf(account(index));
      expect(versions).toEqual(versions.map((_, place) => place + 1));
    }
  });

  it('ask for the checkpoints of idle shards only now and then', async () => {
    const store = memoryEventStore({ now });
    const { projectionOf } = sharded();
    for (let index = 0; index < 20; index++) await append(store, index);
    let loads = 0;
    const counting = (shard: Shard) => {
      const projection = projectionOf(shard);
      const load = () => {
        loads += 1;
        return projection.checkpoint.load();
      };
      return { ...projection, checkpoint: { ...projection.checkpoint, load } };
    };
    const { stop, done, states } = start(store, counting, { takeOverMs: 3_600_000 });
    await until(() => states.filter(({ state }) => state === 'current').length === 10);
    stop();
    await done;
    // Of all shards before the first one is applied, and of each as it begins.
    expect(loads).toBe(2 * SHARDS);
  });

  it('rebuild only the shard whose checkpoint was deleted', async () => {
    const store = memoryEventStore({ now });
    const { projectionOf, versionsOf, ofAccount, made } = sharded();
    for (let index = 0; index < 20; index++) await append(store, index);
    const { stop, done, states } = start(store, projectionOf);
    await until(() => states.at(-1)?.state === 'current');
    const pages = () => made.map((shard) => shard.pages().length);
    const before = pages();
    const rebuilt = ofAccount(account(3));
    await rebuilt.projection.reset();
    await until(() => versionsOf(account(3)).length === 1);
    expect(pages().filter((number, shard) => number !== before[shard])).toHaveLength(1);
    stop();
    await done;
  });

  it.each([
    ['another number', 2 * SHARDS, undefined],
    ['another number, with shards of its own that have no checkpoint', 2 * SHARDS, { index: 15, of: 16 }],
    ['a lower number', SHARDS / 2, undefined],
  ])('refuse checkpoints of another number of shards, and apply nothing: %s', async (_, shards, process) => {
    const store = memoryEventStore({ now });
    const { projectionOf, made } = sharded(2 * SHARDS);
    for (let index = 0; index < 40; index++) await append(store, index);
    const run = start(store, projectionOf);
    await until(() => run.states.at(-1)?.state === 'current');
    run.stop();
    await run.done;
    const applied = () => made.flatMap((shard) => shard.pages().flat()).length;
    expect(applied()).toBe(40);
    const other = start(store, projectionOf, { shards, ...(process !== undefined && { process }) });
    await expect(other.done).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      message: expect.stringContaining(`it is of 8 shards, and this process has ${shards} shards`),
      details: { expected: shards, found: 8 },
    });
    expect(applied()).toBe(40);
  });

  it('refuse a checkpoint of a projection without shards, which refuses theirs', async () => {
    const store = memoryEventStore({ now });
    await append(store, 0);
    const alone = parkingProjection();
    await catchUp(store, alone.projection, alone.checkpoint);
    await expect(start(store, () => alone.projection, { shards: 1 }).done).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      details: { expected: 1, found: undefined },
    });
    const { projectionOf, made } = sharded();
    const run = start(store, projectionOf);
    await until(() => run.states.at(-1)?.state === 'current');
    run.stop();
    await run.done;
    const shard = made.find(({ saved }) => saved() !== undefined) as (typeof made)[number];
    await expect(catchUp(store, shard.projection, shard.checkpoint)).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      details: { expected: undefined, found: 8 },
    });
  });

  it('work on a shard only while they hold its lock', async () => {
    const store = memoryEventStore({ now });
    const { projectionOf, versionsOf } = sharded();
    await append(store, 0);
    const held = new Map<number, number>();
    const locked =
      (process: number) =>
      (shard: Shard): ReturnType<typeof projectionOf> => {
        const lock: RunnerLock = {
          tryAcquire: async () => {
            if (held.has(shard.index)) return undefined;
            held.set(shard.index, process);
            return { isHeld: () => true, release: async () => void held.delete(shard.index) };
          },
        };
        return { ...projectionOf(shard), lock };
      };
    const first = start(store, locked(1), { process: { index: 0, of: 1 } });
    await until(() => versionsOf(account(0)).length === 1);
    expect([...held.values()]).toEqual(Array(SHARDS).fill(1));
    const second = start(store, locked(2), { process: { index: 0, of: 1 } });
    await until(() => second.states.at(-1)?.state === 'waiting');
    await append(store, 0);
    await until(() => versionsOf(account(0)).length === 2);
    first.stop();
    expect((await first.done).events).toBe(2);
    await append(store, 0);
    await until(() => versionsOf(account(0)).length === 3);
    second.stop();
    expect((await second.done).events).toBe(1);
    expect(held.size).toBe(0);
  });

  it('park accounts in their shards, and go on with the others', async () => {
    const store = memoryEventStore({ now });
    const { projectionOf, versionsOf, made, ofAccount } = sharded();
    for (let index = 0; index < 20; index++) await append(store, index, 2);
    ofAccount(account(4)).setBad(account(4));
    const { stop, done } = start(store, projectionOf, { onBadEvent: 'park' });
    const isParked = async () => (await parked(ofAccount(account(4)).checkpoint)).length === 1;
    await until(async () => (await isParked()) && versionsOf(account(19)).length === 2);
    stop();
    await done;
    const lists = await Promise.all(made.map(({ checkpoint }) => parked(checkpoint)));
    expect(lists.flat()).toMatchObject([{ patronId: 'p4', version: 1, lastVersion: 2 }]);
    for (let index = 0; index < 20; index++)
      expect(versionsOf(account(index))).toEqual(index === 4 ? [] : [1, 2]);
  });

  it.each<[object, RegExp]>([
    [{ shards: 0 }, /shards/],
    [{ process: { index: 2, of: 2 } }, /process/],
    [{ takeOverMs: 0 }, /takeOverMs/],
    [{ signal: undefined }, /signal/],
    [{ ifRunning: 'wait', onprogress: 1 }, /onprogress/],
  ])('refuse invalid options: %j', async (options, message) => {
    const given = { signal: AbortSignal.abort(), ...options } as never;
    await expect(followShards(memoryEventStore({ now }), sharded().projectionOf, given)).rejects.toThrow(
      message,
    );
  });
});

const generation = fc.record({
  /** The number that the processes were told, and which of them run. */
  of: fc.integer({ min: 1, max: 5 }),
  running: fc.uniqueArray(fc.nat(4), { minLength: 1, maxLength: 4 }),
  pageSize: fc.integer({ min: 1, max: 6 }),
  /** Accounts to append to, before or while they run. */
  before: fc.array(fc.nat(9), { maxLength: 10 }),
  during: fc.array(fc.nat(9), { maxLength: 10 }),
  /** Shards whose next change fails, before or after it is committed. */
  failures: fc.array(fc.tuple(fc.nat(SHARDS - 1), fc.constantFrom('before' as const, 'after' as const)), {
    maxLength: 6,
  }),
  /** Whether they are stopped before all is applied, as a killed process is. */
  isCut: fc.boolean(),
});

it('every event is applied once and in order, while any number of processes start and end', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(generation, { minLength: 1, maxLength: 4 }), async (generations) => {
      const store = memoryEventStore({ now });
      const { projectionOf, versionsOf, made } = sharded();
      const accounts = Array.from({ length: 10 }, (_, index) => account(index));
      let appended = 0;
      const appendAll = async (indexes: readonly number[]) => {
        for (const index of indexes) await append(store, index);
        appended += indexes.length;
      };
      const list = [
        ...generations,
        { ...(generations[0] as (typeof generations)[0]), isCut: false, failures: [] },
      ];
      for (const { of, running, pageSize, before, during, failures, isCut } of list) {
        await appendAll(before);
        for (const [shard, when] of failures) made[shard]?.failures.push(when);
        const processes = running
          .filter((index, place) => index < of || place === 0)
          .map((index) => start(store, projectionOf, { process: { index: index % of, of }, pageSize }));
        await appendAll(during);
        if (isCut) await new Promise((resolve) => setImmediate(resolve));
        else await until(() => count(accounts.map(versionsOf)) >= appended);
        for (const { stop } of processes) stop();
        await Promise.all(processes.map(({ done }) => done));
        for (const one of accounts) {
          const versions = versionsOf(one);
          expect(versions).toEqual(versions.map((_, index) => index + 1));
        }
      }
      expect(count(accounts.map(versionsOf))).toBe(appended);
    }),
    tried(100),
  );
});
