import * as v from 'valibot';
import { isPatronFeesError, PatronFeesError } from '../errors.js';
import { checkedArgument } from '../input/checkedArgument.js';
import { assertMethods } from '../input/methods.js';
import { wholeNumber } from '../input/wholeNumber.js';
import { assertStore, type EventPage, type EventStore, type StreamId } from './eventStore.js';
import {
  ageOf,
  checkedFollowOptions,
  type FollowedProjection,
  type FollowOptions,
  keepUp,
  type LockHold,
  lockHold,
  type Progress,
  SEEK_AFTER,
  throwIfAborted,
  type WatchableEventStore,
} from './follow.js';
import { positionOf } from './projection.js';
import { applyWaiting, begin, type ProjectionRun, parkedRetries, projectionRun } from './projectionRun.js';
import { type Shard, shardField, shardOf } from './shard.js';

/** How {@link followShards} runs. */
export type FollowShardsOptions = Omit<FollowOptions, 'ifRunning'> & {
  /**
   * The number of shards of the projection, and so the most processes that can share it. It is part of the projection:
   * every process must have the same one, and another number needs a new projection.
   *
   * @defaultValue 64
   */
  readonly shards?: number;
  /**
   * Which of the processes this one is: it works on the shards whose index modulo `of` is `index`. Their number may
   * change at any time, since every shard has its own checkpoint.
   *
   * @defaultValue one process works on all shards
   */
  readonly process?: Shard;
  /**
   * The time after which this process takes over a shard of another one whose checkpoint does not move, in
   * milliseconds: the other process may have ended.
   *
   * @defaultValue 10,000
   */
  readonly takeOverMs?: number;
};

const shardsSchema = v.object({
  shards: v.optional(wholeNumber(1), 64),
  process: shardField,
  takeOverMs: v.optional(wholeNumber(1), 10_000),
});

/** A shard of the projection, as one process sees it. */
type OwnShard = {
  readonly projection: FollowedProjection;
  readonly run: ProjectionRun;
  readonly lock: LockHold;
  /** Whether it belongs to this process. */
  readonly isOwn: boolean;
  /** Whether this process works on it: always on its own, and on another one while the other process does not. */
  isTaken: boolean;
  /** Whether it was taken over with success: events were waiting. */
  isTakenOver: boolean;
  /**
   * The checkpoint when it was looked at last: at the beginning, and again while another process works on the shard.
   */
  seen: string | undefined;
};

/**
 * Keeps a projection up to date until a signal ends it, as {@link follow} does, shared among processes: each works on
 * its shards of the accounts. Every shard has a checkpoint of its own, so the number of processes may change, and
 * nothing is missed or applied twice when a shard moves from one to another. The events of an account are applied in
 * order.
 *
 * Every process reads all events, and applies those of its shards. A process that has ended is missed after a while:
 * the others continue its shards until it works again.
 *
 * @param store - the event store. One with `watch` reports appends; others are polled
 * @param projectionOf - returns the projection of a shard, with its checkpoint; its `reset` removes what belongs to the
 * shard only
 * @param options - the signal, which of the processes this one is, the number of shards; pauses, parking, callbacks
 * @returns the number of events that this run has applied, and the last cursor, after the signal was aborted
 * @throws {@link index.PatronFeesError | PatronFeesError} as {@link follow}; `INVALID_ARGUMENT` too if a checkpoint is
 * of another number of shards
 *
 * @example
 * ```ts
 * import { checkpointMoved, followShards, memoryEventStore, type Shard } from 'patron-fees/history';
 *
 * const at = '2026-03-02T09:00:00Z';
 * const store = memoryEventStore({ now: () => at });
 * const data = { feeId: 'f1', feeType: 'OTHER', amount: '2.50', currency: 'USD', owner: 'MAIN', at };
 * for (const patronId of ['dverma', 'asmith', 'lkim', 'tnguyen']) {
 *   await store.append({ institution: 'north', patronId }, [{ type: 'FeeAssessed', data }], { expectedVersion: 0 });
 * }
 *
 * const counts = new Map<number, number>();
 * const saved = new Map<number, string>();
 * const projectionOf = ({ index }: Shard) => ({
 *   reset: () => void counts.set(index, 0),
 *   apply: (events: readonly unknown[], cursor: string, previous: string | undefined) => {
 *     if (saved.get(index) !== previous) throw checkpointMoved(previous);
 *     counts.set(index, (counts.get(index) ?? 0) + events.length);
 *     saved.set(index, cursor);
 *   },
 *   checkpoint: { load: async () => saved.get(index), save: async () => undefined },
 * });
 *
 * // Runs one of two processes until it is current; a service goes on.
 * async function untilCurrent(index: number) {
 *   const ending = new AbortController();
 *   const onProgress = ({ state }: { state: string }) => state === 'current' && ending.abort();
 *   const process = { index, of: 2 };
 *   return followShards(store, projectionOf, { signal: ending.signal, onProgress, shards: 8, process });
 * }
 * const [first, second] = await Promise.all([untilCurrent(0), untilCurrent(1)]);
 * first.events + second.events; //=> 4
 * [...counts.values()].reduce((sum, count) => sum + count, 0); //=> 4
 * ```
 */
export async function followShards(
  store: EventStore | WatchableEventStore,
  projectionOf: (shard: Shard) => FollowedProjection,
  options: FollowShardsOptions,
): Promise<Progress> {
  assertStore(store, 'readAll');
  if (typeof projectionOf !== 'function')
    throw new PatronFeesError('INVALID_ARGUMENT', 'projectionOf: expected a function');
  const { shards: of, process, takeOverMs, ...following } = options;
  const sharing = checkedArgument(shardsSchema, { shards: of, process, takeOverMs }, 'options');
  const checked = checkedFollowOptions(following);
  const { signal, pageSize, onBadEvent, onParked, now, onProgress } = checked;
  const retryDue = parkedRetries(store, now, () => throwIfAborted(signal));
  const partOf = dividedPages(sharing.shards);
  const shards = Array.from({ length: sharing.shards }, (_, index): OwnShard => {
    const projection = projectionOf({ index, of: sharing.shards });
    assertMethods(projection, ['apply'], 'projectionOf()', 'a projection');
    const { checkpoint } = projection;
    const isOwn = sharing.process === undefined || index % sharing.process.of === sharing.process.index;
    const ownPart = (page: EventPage) => partOf(page, index);
    const run = projectionRun({
      projection,
      checkpoint,
      pageSize,
      shards: sharing.shards,
      ownPart,
      onBadEvent,
      onParked,
      now,
    });
    return {
      projection,
      run,
      lock: lockHold(projection.lock),
      isOwn,
      isTaken: isOwn,
      isTakenOver: false,
      seen: undefined,
    };
  });
  const others = shards.filter(({ isOwn }) => !isOwn);
  let lookedAt: number | undefined;
  let total: Progress = { events: 0, cursor: '' };

  /**
   * Takes over the shards of other processes that have not moved since the last look, and gives back those that have
   * moved; finds checkpoints that were deleted.
   */
  const lookAtCheckpoints = async () => {
    if (lookedAt !== undefined && performance.now() - lookedAt < sharing.takeOverMs) return;
    for (const shard of shards) {
      const { run, projection, isOwn, seen } = shard;
      const isOfOthers = !isOwn && !shard.isTakenOver;
      if (isOfOthers || lookedAt === undefined) {
        const saved = (await projection.checkpoint.load()) ?? undefined;
        // Of all shards before any is applied: one without a checkpoint would begin, although others are refused.
        positionOf(saved, sharing.shards);
        shard.seen = saved;
        if (isOfOthers) shard.isTaken = lookedAt !== undefined && saved === seen;
      }
      if (!shard.isTaken || !run.isBegun) continue;
      const { reloads } = run;
      await begin(run);
      // Its own process works again.
      if (shard.isTakenOver && run.reloads !== reloads) shard.isTaken = shard.isTakenOver = false;
    }
    lookedAt = performance.now();
  };

  const attempt = async (failures: number) => {
    await lookAtCheckpoints();
    const held: OwnShard[] = [];
    for (const shard of shards) if (shard.isTaken && (await shard.lock.take())) held.push(shard);
    const runs = held.map(({ run }) => run);
    for (const run of runs) run.seeks = failures >= SEEK_AFTER;
    const applied = new Set<ProjectionRun>();
    const { cursor, failures: failed } = await applyWaiting(store, runs, {
      beforePage: () => throwIfAborted(signal),
      afterPage: (page, _, taken) => {
        let { events } = total;
        for (const run of taken) {
          const { length } = run.ownPart?.(page).events ?? [];
          if (length > 0) applied.add(run);
          events += length;
        }
        total = { events, cursor: page.cursor };
        onProgress?.({ ...total, state: 'catchingUp', lagMs: ageOf(page) });
        throwIfAborted(signal);
      },
    });
    for (const run of runs) if (!failed.has(run)) await retryDue(run);
    for (const shard of others.filter(({ isTaken }) => isTaken)) {
      const { run } = shard;
      const isAlone = !failed.has(run) && (shard.isTakenOver || applied.has(run));
      shard.isTaken = isAlone;
      shard.isTakenOver = isAlone;
      await shard.lock.release();
    }
    for (const error of failed.values()) if (!isPatronFeesError(error, 'CHECKPOINT_MOVED')) throw error;
    const state = failed.size === 0 && held.length > 0 ? 'current' : 'waiting';
    if (state === 'current') total = { ...total, cursor };
    onProgress?.({ ...total, state, lagMs: 0 });
    return state;
  };
  await keepUp(store, { ...checked, ifRunning: 'wait' }, attempt, async () => {
    for (const { lock } of shards) await lock.release();
  });
  return { ...total };
}

/** Returns a function that gives the part of a page that belongs to a shard; each page is divided once. */
function dividedPages(shards: number): (page: EventPage, index: number) => EventPage {
  const divided = new WeakMap<EventPage, readonly EventPage[]>();
  const divide = ({ events, unreadable = [], cursor }: EventPage) => {
    const parts = Array.from({ length: shards }, () => ({
      events: [] as EventPage['events'][number][],
      unreadable: [] as NonNullable<EventPage['unreadable']>[number][],
      cursor,
    }));
    const partWith = (account: StreamId) => parts[shardOf(account, shards)] as (typeof parts)[number];
    for (const event of events) partWith(event).events.push(event);
    for (const event of unreadable) partWith(event).unreadable.push(event);
    return parts;
  };
  return (page, index) => {
    const parts = divided.get(page) ?? divide(page);
    divided.set(page, parts);
    return parts[index] as EventPage;
  };
}
