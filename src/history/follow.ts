import * as v from 'valibot';
import { isPatronFeesError, PatronFeesError } from '../errors.js';
import { checkedArgument } from '../input/checkedArgument.js';
import { assertMethods } from '../input/methods.js';
import { wholeNumber } from '../input/wholeNumber.js';
import { assertStore, type EventPage, type EventStore, type StoredAccountEvent } from './eventStore.js';
import { type Checkpoint, type ParkingOptions, type Projection, parkingFields } from './projection.js';
import { applyWaiting, parkedRetries, projectionRun } from './projectionRun.js';

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

/** An event store that reports when events were appended. */
export type WatchableEventStore = EventStore & {
  /**
   * Calls a function after events were appended, by any process, until the returned function is called. It may be
   * called without new events, and a call may be lost with a connection, so a follower also polls.
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
export type FollowOptions = ParkingOptions & {
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
  ...parkingFields,
});

/** Options with their defaults. */
type CheckedFollowOptions = ReturnType<typeof checkedFollowOptions>;

/** Checks the options of a run. */
export function checkedFollowOptions(options: FollowOptions) {
  const checked = checkedArgument(optionsSchema, options, 'options');
  // With the types of the callbacks.
  const { onProgress, onFailure, onParked, now = () => new Date() } = options;
  return { ...checked, onProgress, onFailure, onParked, now };
}

const FIRST_PAUSE_MS = 100;

/**
 * The number of failures of a page, with pauses between them, after which an account that causes them is looked for.
 */
export const SEEK_AFTER = 2;

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
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` for invalid options, or if lock and
 * `watch` would leave no connection of a `Pool` to the rest; `CURSOR_UNKNOWN` if the store was restored from a backup
 * older than the checkpoint; `CHECKPOINT_MOVED` if another runner works and `ifRunning` is `reject`; `INVALID_EVENT`
 * and `CORRUPT_HISTORY` if the store has an event that cannot be read, or events before it are missing, and the account
 * is not parked; `STORE_CLOSED`
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
  const checked = checkedFollowOptions(options);
  const { signal, pageSize, ifRunning, onBadEvent, onParked, now, onProgress } = checked;
  const retryDue = parkedRetries(store, now, () => throwIfAborted(signal));
  const lock = lockHold(projection.lock);
  let total: Progress = { events: 0, cursor: '' };
  const waiting = () => {
    if (ifRunning === 'reject')
      throw new PatronFeesError('CHECKPOINT_MOVED', 'another program runs this projection');
    onProgress?.({ ...total, state: 'waiting', lagMs: 0 });
    return 'waiting' as const;
  };
  const attempt = async (failures: number) => {
    if (!(await lock.take())) return waiting();
    const { checkpoint } = projection;
    // A failure that passes by itself is no fault of an account.
    const seeks = failures >= SEEK_AFTER;
    const run = projectionRun({ projection, checkpoint, pageSize, seeks, onBadEvent, onParked, now });
    const { cursor, failures: failed } = await applyWaiting(store, [run], {
      beforePage: () => throwIfAborted(signal),
      afterPage: (page, size) => {
        total = { events: total.events + size, cursor: page.cursor };
        onProgress?.({ ...total, state: 'catchingUp', lagMs: ageOf(page) });
        throwIfAborted(signal);
      },
    });
    if (failed.has(run)) {
      if (!isPatronFeesError(failed.get(run), 'CHECKPOINT_MOVED')) throw failed.get(run);
      return waiting();
    }
    await retryDue(run);
    total = { ...total, cursor };
    onProgress?.({ ...total, state: 'current', lagMs: 0 });
    return 'current' as const;
  };
  await keepUp(store, checked, attempt, lock.release);
  return { ...total };
}

/**
 * Makes attempts to apply what is waiting until the signal is aborted: when the store reports an append, and after a
 * pause. Failures are retried, unless they last.
 *
 * @param store - a store; one with `watch` reports appends
 * @param attempt - gets the number of failures since the last success
 * @param release - called after a failure and at the end, so that another runner may work
 */
export async function keepUp(
  store: object,
  {
    signal,
    pollMs,
    maxPauseMs,
    ifRunning,
    onFailure,
  }: Pick<CheckedFollowOptions, 'signal' | 'pollMs' | 'maxPauseMs' | 'ifRunning' | 'onFailure'>,
  attempt: (failures: number) => Promise<'current' | 'waiting'>,
  release: () => Promise<void>,
): Promise<void> {
  const wakeUp = wakeUpSignal(signal);
  const { watch } = store as Partial<WatchableEventStore>;
  const readAgainMs = pollMs ?? (watch === undefined ? 250 : 5_000);
  let unwatch: (() => Promise<void>) | undefined;
  let failures = 0;
  try {
    while (!signal.aborted) {
      try {
        unwatch ??= await watch?.(wakeUp.notify);
        const state = await attempt(failures);
        failures = 0;
        await wakeUp.wait(state === 'waiting' ? Math.min(readAgainMs, 1_000) : readAgainMs);
      } catch (error) {
        if (error instanceof Stopped) break;
        const isRefusal = ifRunning === 'reject' && isPatronFeesError(error, 'CHECKPOINT_MOVED');
        if (isRefusal || LASTING.some((code) => isPatronFeesError(error, code))) throw error;
        failures += 1;
        const pauseMs = Math.min(maxPauseMs, FIRST_PAUSE_MS * 2 ** Math.min(failures - 1, 30));
        onFailure?.({ error, failures, pauseMs });
        await release();
        await pause(pauseMs, signal);
      }
    }
  } finally {
    await release();
    await unwatch?.().catch(() => undefined);
  }
}

/** Ends a run between two pages. */
class Stopped extends Error {}

/** Ends the run if its signal was aborted: a page that was read before the signal is not applied after it. */
export function throwIfAborted(signal: AbortSignal): void {
  if (signal.aborted) throw new Stopped();
}

/** Returns the age of the last event of a page, in milliseconds. */
export function ageOf({ events }: EventPage): number {
  const last = events.at(-1);
  return last === undefined ? 0 : Math.max(0, Date.now() - Date.parse(last.recordedAt));
}

/** The progress of a run. */
export type Progress = {
  /** The number of events that this run has read. */
  readonly events: number;
  /** The cursor after the last of them. */
  readonly cursor: string;
};

/** How events are read from a store, page by page. */
export type PagingOptions = {
  /** The number of events of a page; 1,000 if left out. */
  readonly pageSize?: number;
  /**
   * Called after every page. To stop, throw: pages that were applied stay applied.
   *
   * @defaultValue no progress is reported
   */
  readonly onProgress?: (progress: Progress) => void;
};

const pagingSchema = v.object({ pageSize: v.optional(wholeNumber(1), 1_000) });

/** How {@link catchUp} runs. */
export type CatchUpOptions = PagingOptions & ParkingOptions;

const catchUpSchema = v.object({ ...pagingSchema.entries, ...parkingFields });

/**
 * Brings a projection up to date: applies the events from its checkpoint to the last event of the store, and returns.
 * Call it again to apply newer events.
 *
 * Let one program at a time run a projection. A projection that compares the previous cursor with the saved one detects
 * a second program: then one of them continues, and the other rejects with `CHECKPOINT_MOVED` and changes nothing.
 *
 * Without a checkpoint the projection is reset and built from the first event.
 *
 * @param store - the event store
 * @param projection - the projection to update
 * @param checkpoint - the storage of its checkpoint
 * @param options - the page size, what to do about an event that cannot be read or applied, and callbacks
 * @returns the number of new events, and the cursor after the last one
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` if the options are invalid; errors of the
 * store, the projection and the checkpoint. The next call continues from the checkpoint
 *
 * @example
 * ```ts
 * import { catchUp, checkpointMoved, memoryEventStore } from 'patron-fees/history';
 *
 * const at = '2026-03-02T09:00:00Z';
 * const store = memoryEventStore({ now: () => at });
 * const data = { feeId: 'f1', feeType: 'OTHER', amount: '2.50', currency: 'USD', owner: 'MAIN', at };
 * await store.append({ institution: 'north', patronId: 'p1' }, [{ type: 'FeeAssessed', data }], { expectedVersion: 0 });
 *
 * const counts = new Map<string, number>();
 * const projection = {
 *   reset: () => counts.clear(),
 *   apply: (events: readonly { event: { type: string } }[]) => {
 *     for (const { event } of events) counts.set(event.type, (counts.get(event.type) ?? 0) + 1);
 *   },
 * };
 * let saved: string | undefined;
 * const checkpoint = {
 *   load: async () => saved,
 *   save: async (cursor: string, previous: string | undefined) => {
 *     if (saved !== previous) throw checkpointMoved(previous);
 *     saved = cursor;
 *   },
 * };
 *
 * (await catchUp(store, projection, checkpoint)).events; //=> 1
 * counts.get('FeeAssessed'); //=> 1
 * (await catchUp(store, projection, checkpoint)).events; //=> 0
 * ```
 */
export async function catchUp(
  store: EventStore,
  projection: Projection,
  checkpoint: Checkpoint,
  options: CatchUpOptions = {},
): Promise<Progress> {
  assertStore(store, 'readAll');
  assertMethods(projection, ['apply'], 'projection', 'a projection');
  assertMethods(checkpoint, ['load', 'save'], 'checkpoint', 'a checkpoint');
  const { pageSize, ...parking } = checkedArgument(catchUpSchema, options, 'options');
  const run = projectionRun({ ...(parking as ParkingOptions), projection, checkpoint, pageSize });
  let events = 0;
  const { cursor, failures } = await applyWaiting(store, [run], {
    afterPage: (page, size) => {
      events += size;
      options.onProgress?.({ events, cursor: page.cursor });
    },
  });
  if (failures.has(run)) throw failures.get(run);
  return { events, cursor };
}

/** Reads the events of a store page by page, and passes each page on, until there are no more. */
export async function forEachPage(
  store: EventStore,
  after: string | undefined,
  options: PagingOptions,
  handlePage: (events: readonly StoredAccountEvent[], cursor: string) => Promise<void>,
): Promise<Progress> {
  const { pageSize } = checkedArgument(pagingSchema, options, 'options');
  let count = 0;
  for (let from = after; ; ) {
    const { events, cursor } = await store.readAll({
      ...(from !== undefined && { after: from }),
      limit: pageSize,
    });
    if (events.length === 0) return { events: count, cursor };
    await handlePage(events, cursor);
    from = cursor;
    count += events.length;
    options.onProgress?.({ events: count, cursor });
  }
}

// How a runner waits for new events.

/**
 * The pause before reading again, if a notification came without new events: they may be stored but not readable yet.
 */
const SOON_MS = 20;

/** Waits for the first of: a time, a notification, the signal. */
export function wakeUpSignal(signal: AbortSignal) {
  let notified = false;
  let wake = () => {};
  let soonMs = 0;
  return {
    notify: () => {
      notified = true;
      soonMs = SOON_MS;
      wake();
    },
    wait: async (pollMs: number) => {
      if (!notified) {
        const ms = soonMs > 0 ? Math.min(soonMs, pollMs) : pollMs;
        soonMs = soonMs > 0 && soonMs < pollMs ? soonMs * 2 : 0;
        await pause(ms, signal, (resolve) => {
          wake = resolve;
        });
      }
      notified = false;
    },
  };
}

/** Waits for a time, or until the signal is aborted or the passed function is called. */
export async function pause(
  ms: number,
  signal: AbortSignal,
  onStart: (resolve: () => void) => void = () => undefined,
): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end);
    onStart(end);
  });
}

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

/** The hold of a runner on its lock, which it takes again after it was lost. */
export type LockHold = {
  /** Takes the lock unless it is held; returns whether it is. Without a lock every runner may work. */
  readonly take: () => Promise<boolean>;
  /** Releases the lock if it is held. */
  readonly release: () => Promise<void>;
};

export function lockHold(lock: RunnerLock | undefined): LockHold {
  let held: HeldLock | undefined;
  const release = async () => {
    const before = held;
    held = undefined;
    // A lock that cannot be released was lost with its connection.
    await before?.release().catch(() => undefined);
  };
  const take = async () => {
    if (lock === undefined || held?.isHeld()) return true;
    await release();
    held = await lock.tryAcquire();
    return held !== undefined;
  };
  return { take, release };
}
