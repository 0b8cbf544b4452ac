import pMap from 'p-map';
import * as v from 'valibot';
import {
  type FollowOptions,
  keepUp,
  lockHold,
  throwIfAborted,
  type WatchableEventStore,
} from '../../history/follow.js';
import { checkedArgument } from '../../input/checkedArgument.js';
import { assertMethods } from '../../input/methods.js';
import { omitUndefined } from '../../input/plainObject.js';
import { wholeNumber } from '../../input/wholeNumber.js';
import type { CloudEvent, Outbox, WaitingEvent } from './outbox.js';

/** How {@link relay} runs. */
export type RelayOptions = Pick<FollowOptions, 'maxPauseMs' | 'onFailure'> & {
  /** Ends the run: what is being sent is sent, and the run resolves. */
  readonly signal: AbortSignal;
  /** The number of events that are read from the outbox, sent and removed together; 100 if left out. */
  readonly batchSize?: number;
  /**
   * The number of accounts whose events are sent at the same time; 1 if left out. Those of one account are always sent
   * one after the other.
   */
  readonly concurrency?: number;
  /**
   * The time between two looks into the outbox, in milliseconds.
   *
   * @defaultValue 250, or 5,000 with `watch`
   */
  readonly pollMs?: number;
  /**
   * Reports appends, so that the outbox need not be polled: `watch` of a store in PostgreSQL with `notify`.
   *
   * @defaultValue the outbox is polled
   */
  readonly watch?: WatchableEventStore['watch'];
  /**
   * Called after every batch, and when the state changes.
   *
   * @defaultValue no progress is reported
   */
  readonly onProgress?: (progress: RelayProgress) => void;
};

/** The state of a relay. */
export type RelayProgress = {
  /** The number of events that this run has sent. */
  readonly sent: number;
  /**
   * What the relay does.
   *
   * - `sending`: it has sent a batch, and there may be more.
   * - `current`: the outbox is empty.
   * - `waiting`: another relay works; this one takes over when the other ends.
   */
  readonly state: 'sending' | 'current' | 'waiting';
};

/**
 * If events of so many accounts could not be sent, the receiver is probably down: the relay pauses, and sends no
 * others.
 */
const FAILED_MAX = 10;

function isDown(failures: ReadonlyMap<string, unknown>): boolean {
  return failures.size >= FAILED_MAX;
}

const optionsSchema = v.strictObject({
  signal: v.instance(AbortSignal, 'an AbortSignal'),
  batchSize: v.optional(wholeNumber(1), 100),
  concurrency: v.optional(wholeNumber(1), 1),
  pollMs: v.optional(wholeNumber(1)),
  maxPauseMs: v.optional(wholeNumber(1), 30_000),
  watch: v.optional(v.function('a function')),
  onProgress: v.optional(v.function('a function')),
  onFailure: v.optional(v.function('a function')),
});

/**
 * Sends the events of an outbox until a signal ends it, oldest first. An event is sent only after the earlier events
 * of its account were confirmed. Events that were sent are removed.
 *
 * An event may be sent twice: a killed relay may have sent events that it has not removed yet. It has the same
 * `source` and `id` then. A receiver that drops events whose `id` it already has gets each event once, and the events
 * of an account in their order.
 *
 * If `send` rejects, further events of that account wait, and those of all others are sent, unless events of ten
 * accounts could not be sent. Then the relay pauses, longer after each failure, and tries again. If the outbox has a
 * lock, one of its relays works at a time.
 *
 * @param outbox - the outbox
 * @param send - sends an event, and resolves once the receiver has it
 * @param options - the signal; batches, pauses, callbacks
 * @returns the number of events that were sent, after the signal was aborted
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` for invalid options, or if the lock and
 * `watch` would leave no connection of a `Pool` to the relay
 *
 * @example
 * ```ts
 * import Database from 'libsql';
 * import { relay, sqliteOutbox } from 'patron-fees/feed';
 * import { migrate, sqliteEventStore } from 'patron-fees/sqlite';
 *
 * const database = new Database(':memory:');
 * migrate(database);
 * const outbox = sqliteOutbox(database, { source: '/fees' });
 * const store = sqliteEventStore(database, { inline: [outbox] });
 * const event = { type: 'FeeDisputed', data: { disputeId: 'd1', feeId: 'f1', at: '2026-03-02T09:00:00Z' } } as const;
 * await store.append({ institution: 'north', patronId: 'p1' }, [event], { expectedVersion: 0 });
 *
 * const received: string[] = [];
 * const ending = new AbortController();
 * await relay(outbox, ({ id }) => received.push(id), {
 *   signal: ending.signal,
 *   onProgress: ({ state }) => state === 'current' && ending.abort(), // a service goes on
 * }); //=> { sent: 1 }
 * received; //=> ['north/p1/1']
 * ```
 */
export async function relay(
  outbox: Outbox,
  send: (event: CloudEvent) => unknown,
  options: RelayOptions,
): Promise<Pick<RelayProgress, 'sent'>> {
  assertMethods(outbox, ['waiting', 'remove'], 'outbox', 'an outbox');
  checkedArgument(v.function('a function'), send, 'send');
  const { signal, batchSize, concurrency, pollMs, maxPauseMs } = checkedArgument(
    optionsSchema,
    options,
    'options',
  );
  const { watch, onProgress, onFailure } = options;
  const lock = lockHold(outbox.lock);
  let sent = 0;
  const attempt = async () => {
    if (!(await lock.take())) {
      onProgress?.({ sent, state: 'waiting' });
      return 'waiting' as const;
    }
    // The accounts whose events wait for the next attempt, and how many of them stand before others in the outbox.
    const failures = new Map<string, unknown>();
    for (let held = 0; ; ) {
      throwIfAborted(signal);
      const limit = batchSize + held;
      const waiting = await outbox.waiting(limit);
      const ready = waiting.filter(({ event }) => !failures.has(event.subject));
      held = waiting.length - ready.length;
      if (isDown(failures) || (ready.length === 0 && waiting.length < limit)) break;
      const batch = await sendBatch(ready, send, { concurrency, signal, failures });
      if (batch.length > 0) await outbox.remove(batch);
      sent += batch.length;
      onProgress?.({ sent, state: 'sending' });
      if (!(await lock.take())) return 'waiting' as const;
    }
    for (const error of failures.values()) throw error;
    onProgress?.({ sent, state: 'current' });
    return 'current' as const;
  };
  const running = { signal, pollMs, maxPauseMs, ifRunning: 'wait' as const, onFailure };
  await keepUp(omitUndefined({ watch }), running, attempt, lock.release);
  return { sent };
}

/**
 * Sends a batch: several accounts at the same time, the events of each one after the other. Returns what was sent, and
 * adds the accounts of which an event could not be sent to `failures`.
 */
async function sendBatch(
  ready: readonly WaitingEvent[],
  send: (event: CloudEvent) => unknown,
  {
    concurrency,
    signal,
    failures,
  }: {
    readonly concurrency: number;
    readonly signal: AbortSignal;
    readonly failures: Map<string, unknown>;
  },
): Promise<readonly WaitingEvent[]> {
  const accounts = new Map<string, WaitingEvent[]>();
  for (const one of ready) {
    const { subject } = one.event;
    const known = accounts.get(subject);
    if (known === undefined) accounts.set(subject, [one]);
    else known.push(one);
  }
  const sent: WaitingEvent[] = [];
  const sendAccount = async (events: readonly WaitingEvent[]) => {
    for (const one of events) {
      if (signal.aborted || isDown(failures)) return;
      try {
        await send(one.event);
      } catch (error) {
        failures.set(one.event.subject, error);
        return;
      }
      sent.push(one);
    }
  };
  await pMap(accounts.values(), sendAccount, { concurrency });
  return sent;
}
