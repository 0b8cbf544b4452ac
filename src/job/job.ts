import { setImmediate as everythingElse } from 'node:timers/promises';
import { pMapIterable, pMapSkip } from 'p-map';
import * as v from 'valibot';
import type { AccountEvent } from '../account/events/accountEvent.js';
import { fold } from '../account/fold.js';
import type { PatronAccount } from '../account/patronAccount.js';
import {
  type AccountPage,
  type AccountPageOptions,
  type EventStore,
  type StreamId,
  type StreamKey,
  streamName,
} from '../history/eventStore.js';
import { RETRY, untilNoConflict } from '../history/retry.js';
import { type Shard, shardField, shardFilter } from '../history/shard.js';
import { checkedArgument } from '../input/checkedArgument.js';
import { wholeNumber } from '../input/wholeNumber.js';
import type { AccountFinding, StreamFinding } from './accountFinding.js';
import type { FindingOptions } from './tallies.js';

/** The progress of a job. */
export type JobProgress = {
  /** The number of accounts done. */
  readonly done: number;
  /** The total number of accounts, or null if unknown. */
  readonly total: number | null;
  /** Accounts per second, since the job began. */
  readonly perSecond: number;
  /** The estimated seconds until the end, or null if the total is unknown. */
  readonly secondsLeft: number | null;
};

/** Options of a job. */
export type JobOptions = {
  /**
   * Stops the job: no further account is begun, accounts in progress are finished, and the job rejects with the
   * signal's reason.
   *
   * @defaultValue the job cannot be stopped
   */
  readonly signal?: AbortSignal;
  /**
   * Called with the progress at most four times a second, and once at the end.
   *
   * @defaultValue no progress is reported
   */
  readonly onProgress?: (progress: JobProgress) => void;
  /**
   * The total number of accounts, for the estimated time left: the store cannot count them.
   *
   * @defaultValue progress without a total
   */
  readonly total?: number;
  /**
   * The number of accounts to process at a time, 1 or more.
   *
   * @defaultValue the store's `concurrency`: 64 in stores whose concurrent calls share round trips, else 8
   */
  readonly concurrency?: number;
  /**
   * The share of the accounts to work on: start as many processes as there are shares, on one machine or many, with the
   * same form and one share each. Each account is in one share, so the figures of their reports add up to those of
   * the whole. A process that was killed is started again with its share. A job that writes a file needs one for each
   * share.
   *
   * @defaultValue all accounts
   */
  readonly shard?: Shard;
};

/** Options of a job whose findings are the accounts that it cannot process. */
export type AccountJobOptions = JobOptions & FindingOptions<AccountFinding>;

/** The options of a job that reads accounts and the store of the office. */
export type OfficeJobOptions = JobOptions & FindingOptions<StreamFinding>;

const jobOptionFields = {
  signal: v.optional(v.instance(AbortSignal, 'an AbortSignal')),
  onProgress: v.optional(v.function('a function')),
  total: v.optional(wholeNumber(0)),
  concurrency: v.optional(wholeNumber(1)),
  shard: shardField,
};

const runSchema = v.object(jobOptionFields);

/**
 * Checks the options of a job. Refuses unknown ones, so that a misspelt `concurency` is not silently ignored.
 *
 * @param fields - the schemas of the job's own options
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` with every fault and its path in
 * `details.faults`
 */
export function checkedJobOptions<Fields extends v.ObjectEntries>(options: unknown, fields: Fields) {
  return checkedArgument(v.strictObject({ ...jobOptionFields, ...fields }), options, 'options');
}

/** The number of accounts at a time, for a store without a preference. */
const CONCURRENCY = 8;

const PROGRESS_EVERY_MS = 250;

/** A store that never waits, like SQLite, would block timers, signals and other requests until the job's end. */
const TURN_EVERY_MS = 20;

/**
 * Processes tasks, a few at a time, and yields the results in the order of the tasks. Takes no more tasks than it
 * processes at a time, so memory does not grow with their number.
 *
 * @param store - the store that the work reads and writes
 * @throws the signal's reason once it is aborted; any error of a task
 */
export async function* runJob<Task, Result>(
  store: Pick<EventStore, 'concurrency'>,
  tasks: AsyncIterable<Task>,
  work: (task: Task) => Promise<Result>,
  options: JobOptions,
): AsyncGenerator<Awaited<Result>> {
  const checked = checkedArgument(runSchema, options, 'options');
  const { total = null, concurrency = store.concurrency ?? CONCURRENCY } = checked;
  const { signal, onProgress } = options;
  const startedAt = performance.now();
  let reportedAt = startedAt;
  let turnedAt = startedAt;
  let done = 0;
  const report = (now: number) => {
    const seconds = (now - startedAt) / 1_000;
    const perSecond = seconds > 0 ? done / seconds : 0;
    const left = total === null ? null : Math.max(0, total - done);
    const secondsLeft = left === 0 ? 0 : left === null || perSecond === 0 ? null : left / perSecond;
    onProgress?.({ done, total, perSecond, secondsLeft });
  };
  // A task may have been taken before the signal was aborted, and must not begin after it.
  const begin = (task: Task) => (signal?.aborted === true ? pMapSkip : work(task));
  for await (const result of pMapIterable(untilAborted(signal, tasks), begin, { concurrency })) {
    yield result as Awaited<Result>;
    done += 1;
    const now = performance.now();
    if (now - reportedAt >= PROGRESS_EVERY_MS) {
      reportedAt = now;
      report(now);
    }
    if (now - turnedAt >= TURN_EVERY_MS) {
      await everythingElse();
      turnedAt = performance.now();
    }
  }
  signal?.throwIfAborted();
  report(performance.now());
}

/** Yields tasks until a signal is aborted. Then it ends, so that tasks in progress can finish. */
async function* untilAborted<Task>(
  signal: AbortSignal | undefined,
  tasks: AsyncIterable<Task>,
): AsyncGenerator<Task> {
  const isOver = () => signal?.aborted === true;
  if (isOver()) return;
  for await (const task of tasks) {
    // The signal may have been aborted while waiting for this task.
    if (isOver()) return;
    yield task;
    if (isOver()) return;
  }
}

const PAGE_SIZE = 1_000;

/**
 * Yields every account at an institution, or of the whole store: those of a shard, if there is one. Accounts created
 * meanwhile come last.
 */
export async function* everyAccount<Id extends StreamKey>(
  store: { readonly accounts: (options: AccountPageOptions) => Promise<AccountPage<Id>> },
  institution: string | undefined,
  shard?: Shard,
): AsyncGenerator<Id> {
  const isMine = shardFilter(shard);
  const which = { limit: PAGE_SIZE, ...(institution !== undefined && { institution }) };
  let page = await store.accounts(which);
  while (page.accounts.length > 0) {
    yield* page.accounts.filter(isMine);
    page = await store.accounts({ ...which, after: page.cursor });
  }
}

/**
 * Reads an account, plans on it, and appends the planned events. After a conflict, plans again.
 *
 * @param plan - gets the account (folded on demand) and its events; returns the events to append, with any other data
 * @returns the plan that was carried out; undefined if every attempt conflicted
 * @throws {@link index.PatronFeesError | PatronFeesError} `CORRUPT_HISTORY`, `INVALID_EVENT`; any error of the store
 */
export function appendPlanned<Plan extends { readonly events: readonly AccountEvent[] }>(
  store: EventStore,
  stream: StreamId,
  plan: (account: () => PatronAccount, history: readonly AccountEvent[]) => Plan,
): Promise<Plan | undefined> {
  return untilNoConflict(
    async (write) => {
      const { version, events } = await store.read(stream);
      const history = events.map(({ event }) => event);
      const account = () => fold(history, undefined, { stream: streamName(stream) });
      const planned = plan(account, history);
      if (planned.events.length > 0)
        await write(() => store.append(stream, planned.events, { expectedVersion: version }), planned.events);
      return planned;
    },
    RETRY,
    () => undefined,
  );
}
