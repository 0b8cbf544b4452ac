import * as v from 'valibot';
import type { StoreAdapter, StreamAdapter } from '../history/checkedStore.js';
import { type Appended, type StreamId, streamKey, versionConflict } from '../history/eventStore.js';
import type { CheckedAppend } from '../history/storeArguments.js';

// Gathers concurrent calls into batches, so that they share a round trip to the server, or a flush to the disk.

/** How a queue runs its calls. */
export type BatchWork<Call, Result> = {
  /** Runs one call by itself. */
  readonly one: (call: Call) => Result | Promise<Result>;
  /**
   * Runs a call by itself that its batch left out.
   *
   * @defaultValue as `one`
   */
  readonly again?: (call: Call) => Result | Promise<Result>;
  /**
   * Runs calls together, none with the key of another. Returns a result for each; undefined for a call that had no
   * effect and is to be run by itself. If it throws or rejects, all of the calls reject with the same error.
   */
  readonly many: (
    calls: readonly Call[],
  ) => readonly (Result | undefined)[] | Promise<readonly (Result | undefined)[]>;
  /**
   * Returns the key of a call. Calls with the same key run one after the other, in the order in which they were made;
   * without keys, in any order.
   */
  readonly keyOf?: (call: Call) => string;
  /** Returns the length of a call's text, in characters; 0 if left out. */
  readonly lengthOf?: (call: Call) => number;
  /**
   * Returns the error of a call that cannot succeed after the result of an earlier one with its key; undefined if it
   * may. Then the call need not be run.
   */
  readonly refusalAfter?: (result: Result, call: Call) => Error | undefined;
  /** Called with the number of calls of each batch. */
  readonly onBatch?: ((calls: number) => void) | undefined;
  /** Returns whether a call is never in a batch. */
  readonly runsByItself?: (call: Call) => boolean;
  /**
   * Whether the program goes on while calls are under way. Then a call starts at once if none is, so that a single
   * caller never waits, and many calls become two batches that take turns. Not for synchronous work.
   */
  readonly overlaps: boolean;
};

/** Calls that wait until they are run in batches. */
type BatchQueue<Call, Result> = {
  /** Runs a call, by itself or together with others. */
  readonly run: (call: Call) => Promise<Result>;
  /** Returns whether calls with a key wait or are under way. */
  readonly has: (key: string) => boolean;
  /** Starts the calls that wait, and resolves when every call until now has ended. */
  readonly settle: () => Promise<void>;
};

/** The most calls in a batch, and so the number of concurrent calls that a store with a queue gains from. */
export const CALLS_MAX = 64;

/** The most characters in a batch of more than one call. */
const LENGTH_MAX = 1_000_000;

/** The most batches under way: while the server works on one, the results of the other are used. */
const BATCHES_MAX = 2;

/** A batch of fewer calls gains less from a second one under way than its own round trip costs. */
const CALLS_MIN = 8;

/**
 * How long a batch keeps others waiting, in milliseconds. A connection that no longer answers, without being closed, would
 * stop all callers otherwise.
 */
const HANGING_MS = 250;

/** A batch that is under way. */
type Running = { readonly calls: number; readonly startedAt: number };

type Entry<Call, Result> = {
  readonly call: Call;
  readonly key: string | undefined;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
  /** Called when the call has ended. */
  readonly listeners: (() => void)[];
};

/**
 * Returns a queue. Calls wait until the end of the event loop's turn and then run in batches; further calls wait while
 * two batches are under way. Calls that run by themselves after a batch do not keep the next batches waiting.
 */
export function batchQueue<Call, Result>(work: BatchWork<Call, Result>): BatchQueue<Call, Result> {
  const { keyOf, lengthOf = () => 0, runsByItself = () => false, refusalAfter, onBatch, overlaps } = work;
  const { one, again = one } = work;
  type Waiting = Entry<Call, Result>;
  let waiting: Waiting[] = [];
  /** For each key of a call that waits or is under way, the later calls with this key. */
  const later = new Map<string, Waiting[]>();
  const unfinished = new Set<Waiting>();
  const underWay = { batches: 0, calls: 0, single: 0 };
  /** The batches that count as under way, the oldest first. */
  const running = new Set<Running>();
  let watching: NodeJS.Timeout | undefined;
  let lastSize = 1;
  let isScheduled = false;

  const isIdle = () => underWay.batches === 0 && underWay.single === 0;

  const begin = (entry: Waiting) => {
    const isLone = overlaps && isIdle() && waiting.length === 0 && lastSize === 1;
    if (isLone || runsByItself(entry.call)) {
      void runSingle(entry);
      return;
    }
    waiting.push(entry);
    schedule();
  };

  const schedule = () => {
    if (isScheduled) return;
    isScheduled = true;
    setImmediate(() => {
      isScheduled = false;
      startBatches();
    });
  };

  const startBatches = () => {
    while (waiting.length > 0 && hasRoom()) {
      const batch = nextBatch();
      lastSize = batch.length;
      const [first] = batch;
      if (first !== undefined && lastSize === 1 && isIdle()) void runSingle(first);
      else void runBatch(batch);
    }
    if (waiting.length > 0) watch();
  };

  /** While calls wait: lets them start once the oldest batch has hung for long enough. */
  const watch = () => {
    const [oldest] = running;
    if (watching !== undefined || oldest === undefined) return;
    const leftMs = oldest.startedAt + HANGING_MS - performance.now();
    watching = setTimeout(
      () => {
        watching = undefined;
        for (const batch of running)
          if (performance.now() - batch.startedAt >= HANGING_MS) stopCounting(batch);
        startBatches();
      },
      Math.max(1, Math.ceil(leftMs)),
    ).unref();
  };

  const stopCounting = (batch: Running) => {
    if (!running.delete(batch)) return;
    underWay.batches -= 1;
    underWay.calls -= batch.calls;
  };

  /** A small second batch waits for the first, so that batches do not fall apart. */
  const hasRoom = () =>
    underWay.batches === 0 ||
    (underWay.batches < BATCHES_MAX && (!overlaps || waiting.length >= Math.min(underWay.calls, CALLS_MIN)));

  /** All that waits; half of many, so that two batches take turns. */
  const nextBatch = (): readonly Waiting[] => {
    const isHalved = overlaps && underWay.batches === 0 && waiting.length >= 2 * CALLS_MIN;
    const most = Math.min(CALLS_MAX, Math.ceil(waiting.length / (isHalved ? 2 : 1)));
    let length = 0;
    let size = 0;
    for (const { call } of waiting) {
      length += lengthOf(call);
      if (size === most || (size > 0 && length > LENGTH_MAX)) break;
      size += 1;
    }
    const batch = waiting.slice(0, size);
    waiting = waiting.slice(size);
    return batch;
  };

  const runBatch = async (batch: readonly Waiting[]) => {
    const counted: Running = { calls: batch.length, startedAt: performance.now() };
    running.add(counted);
    underWay.batches += 1;
    underWay.calls += batch.length;
    const outcome = await attempt(() => {
      onBatch?.(batch.length);
      return work.many(batch.map(({ call }) => call));
    });
    stopCounting(counted);
    batch.forEach((entry, index) => {
      if ('error' in outcome) end(entry, outcome);
      else {
        const result = outcome.result[index];
        if (result === undefined) void runSingle(entry, again);
        else end(entry, { result });
      }
    });
    if (waiting.length > 0) schedule();
  };

  const runSingle = async (entry: Waiting, run = one) => {
    underWay.single += 1;
    const outcome = await attempt(() => run(entry.call));
    underWay.single -= 1;
    end(entry, outcome);
  };

  const end = (entry: Waiting, outcome: Outcome<Result>) => {
    answer(entry, outcome);
    if (entry.key === undefined) return;
    const line = later.get(entry.key) ?? [];
    for (let next = line.shift(); next !== undefined; next = line.shift()) {
      const refusal = 'result' in outcome ? refusalAfter?.(outcome.result, next.call) : undefined;
      if (refusal === undefined) {
        begin(next);
        return;
      }
      answer(next, { error: refusal });
    }
    later.delete(entry.key);
  };

  const answer = (entry: Waiting, outcome: Outcome<Result>) => {
    unfinished.delete(entry);
    if ('error' in outcome) entry.reject(outcome.error);
    else entry.resolve(outcome.result);
    for (const listener of entry.listeners) listener();
  };

  return {
    run: (call) =>
      new Promise((resolve, reject) => {
        const key = keyOf?.(call);
        const entry: Waiting = { call, key, resolve, reject, listeners: [] };
        unfinished.add(entry);
        const before = key === undefined ? undefined : later.get(key);
        if (before !== undefined) {
          before.push(entry);
          return;
        }
        if (key !== undefined) later.set(key, []);
        begin(entry);
      }),
    has: (key) => later.has(key),
    settle: async () => {
      startBatches();
      const ends = [...unfinished].map(
        ({ listeners }) => new Promise<void>((resolve) => listeners.push(resolve)),
      );
      await Promise.all(ends);
    },
  };
}

type Outcome<Result> = { readonly result: Result } | { readonly error: unknown };

async function attempt<Result>(task: () => Result | Promise<Result>): Promise<Outcome<Result>> {
  try {
    return { result: await task() };
  } catch (error) {
    return { error };
  }
}

/** A batch of concurrent calls of a store. */
export type StoreBatch = {
  /** What the calls do. */
  readonly kind: 'append' | 'read';
  /** The number of calls in it. */
  readonly calls: number;
};

/** Called before each batch is run. It must not throw: the calls of the batch would reject, without an effect. */
export type OnBatch = (batch: StoreBatch) => void;

/** The schema of {@link OnBatch} among the options of a store. */
export const onBatchField = v.optional(
  v.custom<OnBatch>((input) => typeof input === 'function', 'a function'),
);

/** Returns the part of {@link BatchWork} that reports batches. */
export function batchesOf(kind: StoreBatch['kind'], onBatch: OnBatch | undefined) {
  return { onBatch: onBatch && ((calls: number) => onBatch({ kind, calls })) };
}

/** The operations on single streams for concurrent callers. */
export type GatheredStreams = StreamAdapter & Required<Pick<StoreAdapter, 'settle' | 'concurrency'>>;

/** An append that waits for its batch. */
export type AppendCall = {
  /** The stream. */
  readonly stream: StreamId;
  /** The encoded events. */
  readonly texts: readonly string[];
  /** The conditions. */
  readonly how: CheckedAppend;
};

/** An append of more events gains little from a batch, and would keep the others waiting. */
const EVENTS_MAX = 100;

/** The part of a queue's work that is the same for the appends of every store. */
export const appendCalls = {
  keyOf: ({ stream }: AppendCall) => streamKey(stream),
  lengthOf: ({ texts }: AppendCall) => texts.reduce((length, text) => length + text.length, 0),
  runsByItself: ({ texts }: AppendCall) => texts.length === 0 || texts.length > EVENTS_MAX,
  // Versions never decrease. Many writers of one account so learn at once that the first of them has won.
  refusalAfter: ({ version }: Appended, { stream, texts, how: { expectedVersion } }: AppendCall) =>
    texts.length > 0 && expectedVersion !== 'any' && expectedVersion < version
      ? versionConflict(stream, expectedVersion, version)
      : undefined,
};
