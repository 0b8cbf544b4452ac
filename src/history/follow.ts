import * as v from 'valibot';
import { isPatronFeesError, PatronFeesError } from '../errors.js';
import { checkedArgument } from '../input/checkedArgument.js';
import { assertMethods } from '../input/methods.js';
import { wholeNumber } from '../input/wholeNumber.js';
import { type Checkpoint, catchUp, type Progress, type Projection } from './catchUp.js';
import { assertStore, type EventStore, type StoredAccountEvent } from './eventStore.js';
import { pause, wakeUpSignal } from './wakeUpSignal.js';

/** A projection for {@link follow}, with the storage of its checkpoint. */
export type FollowedProjection = Projection & {
  /** The storage of its checkpoint. */
  readonly checkpoint: Checkpoint;
  /**
   * The lock that lets one runner at a time work.
   *
   * @defaultValue no lock: a second runner is detected by the checkpoint that it finds moved
   */
  readonly lock?: RunnerLock;
};

/** A lock that one runner holds at a time, such as an advisory lock of PostgreSQL. */
export type RunnerLock = {
  /** Takes the lock; returns undefined if another runner holds it. */
  readonly tryAcquire: () => Promise<HeldLock | undefined>;
};

/** A lock that this runner holds. */
export type HeldLock = {
  /** Returns whether the lock is still held: a lost connection loses it. */
  readonly isHeld: () => boolean;
  /** Gives the lock to the next runner. */
  readonly release: () => Promise<void>;
};

/** An event store that reports when events were appended. */
export type WatchableEventStore = EventStore & {
  /**
   * Calls a function after events were appended, by any process, until the returned function is called. It may be called
   * without new events, and a call may be lost with a connection, so a follower also polls.
   */
  readonly watch: (onChange: () => void) => Promise<() => Promise<void>>;
};

/** The state of a runner. */
export type FollowProgress = Progress & {
  /**
   * What the runner does.
   *
   * - `catchingUp`: it has applied a page, and there may be more events.
   * - `current`: it has applied all events, and waits for new ones.
   * - `waiting`: another runner works; this one takes over when the other ends.
   */
  readonly state: 'catchingUp' | 'current' | 'waiting';
  /** The age of the last applied event when it was applied, in milliseconds; 0 if the projection is current. */
  readonly lagMs: number;
};

/** A failure that the runner retries. */
export type FollowFailure = {
  /** The error of the store, the projection or the checkpoint. */
  readonly error: unknown;
  /** The number of failures since the last success. */
  readonly failures: number;
  /** The time until the next attempt, in milliseconds. */
  readonly pauseMs: number;
};

/** How {@link follow} runs. */
export type FollowOptions = {
  /** Ends the run: the page in progress is finished, and the run resolves. */
  readonly signal: AbortSignal;
  /** The number of events of a page; 1,000 if left out. */
  readonly pageSize?: number;
  /**
   * The time between two checks for new events, in milliseconds. A store that reports appends is also read after each
   * report.
   *
   * @defaultValue 250, or 5,000 for a store that reports appends
   */
  readonly pollMs?: number;
  /**
   * What to do while another runner works: wait for it to end, or reject with `CHECKPOINT_MOVED`.
   *
   * @defaultValue `wait`
   */
  readonly ifRunning?: 'wait' | 'reject';
  /** The longest pause after a failure, in milliseconds; 30,000 if left out. Pauses start at 100 ms and double. */
  readonly maxPauseMs?: number;
  /**
   * Called after every page, and when the state changes.
   *
   * @defaultValue no progress is reported
   */
  readonly onProgress?: (progress: FollowProgress) => void;
  /**
   * Called after each failure. To give up, abort the signal.
   *
   * @defaultValue failures are retried silently
   */
  readonly onFailure?: (failure: FollowFailure) => void;
};

const optionsSchema = v.strictObject({
  signal: v.instance(AbortSignal, 'an AbortSignal'),
  pageSize: v.optional(wholeNumber(1), 1_000),
  pollMs: v.optional(wholeNumber(1)),
  ifRunning: v.optional(v.picklist(['wait', 'reject'], "'wait' or 'reject'"), 'wait'),
  maxPauseMs: v.optional(wholeNumber(1), 30_000),
  onProgress: v.optional(v.function('a function')),
  onFailure: v.optional(v.function('a function')),
});

const FIRST_PAUSE_MS = 100;

/** Errors that are not retried: the projection must be rebuilt, or the program is wrong. */
const LASTING = [
  'CURSOR_UNKNOWN',
  'INVALID_ARGUMENT',
  'STORE_CLOSED',
  'INVALID_EVENT',
  'CORRUPT_HISTORY',
] as const;

/**
 * Keeps a projection up to date until a signal ends it: applies all events from its checkpoint on, then each new one.
 *
 * One runner at a time works, if the projection has a lock or compares its checkpoint ({@link checkpointMoved}); others
 * wait and take over when it ends. Failures are retried with growing pauses. So it can run in every process of a
 * service.
 *
 * @param store - the event store. One with `watch` reports appends; others are polled
 * @param projection - the projection, with its checkpoint
 * @param options - the signal; page size, pauses, callbacks
 * @returns the number of events that this run has applied, and the last cursor, after the signal was aborted
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` for invalid options; `CURSOR_UNKNOWN` if the
 * store was restored from a backup older than the checkpoint; `CHECKPOINT_MOVED` if another runner works and `ifRunning`
 * is `reject`; `INVALID_EVENT` and `CORRUPT_HISTORY` if the store has an event that cannot be read, or lacks one before it;
 * `STORE_CLOSED`
 *
 * @example
 * ```ts
 * import { checkpointMoved, follow, memoryEventStore } from 'patron-fees/history';
 *
 * const at = '2026-03-02T09:00:00Z';
 * const store = memoryEventStore({ now: () => at });
 * const data = { feeId: 'f1', feeType: 'OTHER', amount: '2.50', currency: 'USD', owner: 'MAIN', at };
 * await store.append({ institution: 'north', patronId: 'p1' }, [{ type: 'FeeAssessed', data }], { expectedVersion: 0 });
 *
 * let count = 0;
 * let saved: string | undefined;
 * const projection = {
 *   reset: () => {
 *     count = 0;
 *   },
 *   apply: (events: readonly unknown[], cursor: string, previous: string | undefined) => {
 *     if (saved !== previous) throw checkpointMoved(previous);
 *     count += events.length;
 *     saved = cursor;
 *   },
 *   checkpoint: { load: async () => saved, save: async () => undefined },
 * };
 * const ending = new AbortController();
 * const onProgress = ({ state }: { state: string }) => {
 *   if (state === 'current') ending.abort(); // a service goes on
 * };
 * (await follow(store, projection, { signal: ending.signal, onProgress })).events; //=> 1
 * count; //=> 1
 * ```
 */
export async function follow(
  store: EventStore | WatchableEventStore,
  projection: FollowedProjection,
  options: FollowOptions,
): Promise<Progress> {
  assertStore(store, 'readAll');
  assertMethods(projection, ['apply'], 'projection', 'a projection');
  const checked = checkedArgument(optionsSchema, options, 'options');
  const { signal } = checked;
  const wakeUp = wakeUpSignal(signal);
  const runner: Runner = {
    store,
    projection,
    signal,
    pageSize: checked.pageSize,
    rejects: checked.ifRunning === 'reject',
    report: (progress) => options.onProgress?.(progress),
    total: { events: 0, cursor: '' },
    held: undefined,
  };
  const { watch } = store as Partial<WatchableEventStore>;
  const pollMs = checked.pollMs ?? (watch === undefined ? 250 : 5_000);
  let unwatch: (() => Promise<void>) | undefined;
  let failures = 0;
  try {
    while (!signal.aborted) {
      try {
        unwatch ??= await watch?.(wakeUp.notify);
        const state = await applyWaiting(runner);
        failures = 0;
        await wakeUp.wait(state === 'waiting' ? Math.min(pollMs, 1_000) : pollMs);
      } catch (error) {
        if (error instanceof Stopped) break;
        if (LASTING.some((code) => isPatronFeesError(error, code)) || isRefusal(runner, error)) throw error;
        failures += 1;
        const pauseMs = Math.min(checked.maxPauseMs, FIRST_PAUSE_MS * 2 ** Math.min(failures - 1, 30));
        options.onFailure?.({ error, failures, pauseMs });
        await releaseLock(runner);
        await pause(pauseMs, signal);
      }
    }
  } finally {
    await releaseLock(runner);
    await unwatch?.().catch(() => undefined);
  }
  return { ...runner.total };
}

/** Ends a run between two pages. */
class Stopped extends Error {}

type Runner = {
  readonly store: EventStore;
  readonly projection: FollowedProjection;
  readonly signal: AbortSignal;
  readonly pageSize: number;
  readonly rejects: boolean;
  readonly report: (progress: FollowProgress) => void;
  total: Progress;
  held: HeldLock | undefined;
};

function isRefusal({ rejects }: Runner, error: unknown): boolean {
  return rejects && isPatronFeesError(error, 'CHECKPOINT_MOVED');
}

/** Applies all waiting events, if this runner may work. */
async function applyWaiting(runner: Runner): Promise<'current' | 'waiting'> {
  const { projection, report } = runner;
  const waiting = () => {
    if (runner.rejects) throw new PatronFeesError('CHECKPOINT_MOVED', 'another program runs this projection');
    report({ ...runner.total, state: 'waiting', lagMs: 0 });
    return 'waiting' as const;
  };
  if (!(await holdsLock(runner))) return waiting();
  const before = runner.total.events;
  try {
    const { cursor } = await catchUp(runner.store, reportingProjection(runner), projection.checkpoint, {
      pageSize: runner.pageSize,
      onProgress: ({ events, cursor: reached }) => {
        runner.total = { events: before + events, cursor: reached };
        if (runner.signal.aborted) throw new Stopped();
      },
    });
    runner.total = { ...runner.total, cursor };
  } catch (error) {
    if (!isPatronFeesError(error, 'CHECKPOINT_MOVED')) throw error;
    return waiting();
  }
  report({ ...runner.total, state: 'current', lagMs: 0 });
  return 'current';
}

/** Returns the projection, which reports each page after it was applied. */
function reportingProjection({ projection, report, total, signal }: Runner): Projection {
  let count = total.events;
  return {
    reset: () => projection.reset(),
    caughtUp: (cursor) => projection.caughtUp?.(cursor),
    apply: async (events, cursor, previous) => {
      // A page that was read before the signal is not applied after it.
      if (signal.aborted) throw new Stopped();
      await projection.apply(events, cursor, previous);
      count += events.length;
      report({ events: count, cursor, state: 'catchingUp', lagMs: ageOf(events) });
    },
  };
}

function ageOf(events: readonly StoredAccountEvent[]): number {
  const last = events.at(-1);
  return last === undefined ? 0 : Math.max(0, Date.now() - Date.parse(last.recordedAt));
}

async function holdsLock(runner: Runner): Promise<boolean> {
  const { lock } = runner.projection;
  if (lock === undefined) return true;
  if (runner.held?.isHeld()) return true;
  await releaseLock(runner);
  runner.held = await lock.tryAcquire();
  return runner.held !== undefined;
}

async function releaseLock(runner: Runner): Promise<void> {
  const { held } = runner;
  runner.held = undefined;
  // A lock that cannot be released was lost with its connection.
  await held?.release().catch(() => undefined);
}
