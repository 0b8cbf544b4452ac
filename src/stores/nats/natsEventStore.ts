import { randomUUID } from 'node:crypto';
import * as v from 'valibot';
import type { AccountEvent } from '../../account/events/accountEvent.js';
import { openStore, type StoreAdapter } from '../../history/checkedStore.js';
import { accountEvents, type EventCodec } from '../../history/codec.js';
import {
  type AccountPage,
  cursorUnknown,
  type EventPage,
  type EventStore,
  type IdField,
  type RecordedEvent,
  type StoredAccountEvent,
  type StreamId,
  type StreamKey,
  type StreamSlice,
} from '../../history/eventStore.js';
import type { WatchableEventStore } from '../../history/follow.js';
import { rememberAccounts } from '../../history/loadAccount.js';
import { type CheckedPage, type CheckedRead, cursorInvalid } from '../../history/storeArguments.js';
import { checkedArgument } from '../../input/checkedArgument.js';
import { wholeNumber } from '../../input/wholeNumber.js';
import { type NatsStream, partsCheck, prefixField, streamField } from './createNatsStream.js';
import {
  eventsOf,
  type JetStreamManagerLike,
  type NatsConnectionLike,
  type NatsMessage,
  readMessage,
  streamOf,
  subjectOf,
} from './natsDriver.js';
import {
  appendToNats,
  messagesAfter,
  type NatsLog,
  type NatsWriter,
  natsLog,
  watchStream,
} from './natsLog.js';

/** The connection, stream and timeouts of a NATS store. */
export type NatsEventStoreOptions = NatsStream & {
  /** The connection. It stays open when the store is closed. */
  readonly connection: NatsConnectionLike;
  /** The JetStream manager of that connection. */
  readonly manager: JetStreamManagerLike;
  /** The timeouts for the cluster; the defaults of its fields if left out. */
  readonly timeouts?: NatsTimeouts;
};

/**
 * The timeouts for the cluster. A killed server does not answer, and the election of a new leader takes some seconds:
 * the sooner a request is sent again, the sooner the new leader answers.
 */
export type NatsTimeouts = {
  /** The time after which a read without an answer is sent again, in milliseconds; 2,000 if left out. */
  readonly readMs?: number;
  /** The time after which a publish without an answer is sent again, in milliseconds; 1,000 if left out. */
  readonly publishMs?: number;
  /** The time after which a call of the store fails, in milliseconds; 30,000 if left out. */
  readonly totalMs?: number;
};

const optionsSchema = v.object({
  codec: v.optional(
    v.custom<EventCodec<AccountEvent>>(
      (input) => typeof (input as EventCodec<AccountEvent> | null)?.decode === 'function',
      'a codec',
    ),
  ),
  connection: v.custom<NatsConnectionLike>(
    (input) => typeof input === 'object' && input !== null,
    'a connection',
  ),
  manager: v.custom<JetStreamManagerLike>(
    (input) => typeof (input as JetStreamManagerLike | null)?.jetstream === 'function',
    'a JetStream manager',
  ),
  stream: streamField,
  prefix: prefixField,
  timeouts: v.optional(
    v.strictObject({
      readMs: v.optional(wholeNumber(1), 2_000),
      publishMs: v.optional(wholeNumber(1), 1_000),
      totalMs: v.optional(wholeNumber(1), 30_000),
    }),
    {},
  ),
});

/**
 * Creates a store for events of another kind, such as those of tills and receipts, in a NATS stream of their own.
 *
 * @param options - connection and manager, the stream's name, timeouts, and the codec of the events
 * @returns the store
 */
export function natsEventStore<Event, Field extends IdField>(
  options: NatsEventStoreOptions & {
    /** Encodes and checks the events, and names their streams, e.g. `officeEvents`. */
    readonly codec: EventCodec<Event, Field>;
  },
): EventStore<Event, StreamKey<Field>>;
/**
 * Creates a store that keeps events in NATS JetStream, for consortia that run a cluster of servers.
 * {@link createNatsStream} creates the stream.
 *
 * Each account has a subject, and the events of one append are one message: all of them are stored or none. If an
 * answer is lost, the store checks whether the message arrived. If that is not possible within the timeout, the append
 * rejects with `STORE_UNAVAILABLE`, whose `details` have the server's own reason and code (10023 if its storage is
 * full). The outcome is then unknown, and the same command can be executed again. Events that exceed the server's
 * message size are refused with `APPEND_TOO_LARGE`. The client's own errors are not retried if waiting does not help: a
 * closed connection, a missing stream, no permission. A message that was deleted from the stream does not say which
 * account it belonged to: reads of that account, of all events and of the list of accounts reject with
 * `CORRUPT_HISTORY`.
 *
 * The stream notes in its metadata that its texts are under keys ({@link partsOf}): a store without them then refuses
 * to append to it (`STORE_INCOMPLETE`). It checks this before its first append.
 *
 * The leader's clock dates the events. A program that has changed an account appends to it without a read; it then
 * dates the events itself, by the leader's clock as it saw it in the last minute, and never earlier than the account's
 * previous event.
 *
 * The store reports appends by a consumer of the stream, so {@link history.follow | follow} need not poll.
 *
 * The store cannot erase: it has no `redact` and no `purge`, and `runRetention` and `runPurge` of
 * `patron-fees/jobs` refuse it with `INVALID_ARGUMENT`. {@link keys.keyedEventStore | keyedEventStore} over it
 * can erase texts. {@link history.copyEvents | copyEvents} with `change: redactEvent` copies the events without their
 * texts to a new stream.
 *
 * @param options - connection and manager, the stream's name, timeouts
 * @returns the store
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` if the options are invalid
 *
 * @example
 * ```ts no-run
 * import { jetstreamManager } from '@nats-io/jetstream';
 * import { connect } from '@nats-io/transport-node';
 * import { natsEventStore } from 'patron-fees/nats';
 *
 * const connection = await connect({ servers: ['n1:4222', 'n2:4222', 'n3:4222'] });
 * const manager = await jetstreamManager(connection);
 * const store = natsEventStore({ connection, manager, stream: 'FEES' });
 * ```
 */
export function natsEventStore(options: NatsEventStoreOptions): WatchableEventStore;
export function natsEventStore(
  options: NatsEventStoreOptions & { readonly codec?: EventCodec<AccountEvent> },
): WatchableEventStore {
  const { manager, codec = accountEvents, ...settings } = checkedArgument(optionsSchema, options, 'options');
  const log = natsLog(manager, settings.stream, settings.timeouts);
  const nats: NatsWriter = { client: manager.jetstream(), log, ...settings };
  const mayAppend = partsCheck(manager, settings.stream, settings.timeouts);
  const adapter: StoreAdapter = {
    read: (stream, part) => readAccount(nats, stream, part, codec),
    append: async (stream, texts, { expectedVersion, recordedAt, underKeys }) => {
      if (texts.length === 0) return { version: await versionOf(nats, stream) };
      await mayAppend(underKeys);
      const append = { appendId: randomUUID(), ...(recordedAt && { recordedAt }), texts };
      return appendToNats(nats, stream, append, expectedVersion);
    },
    readAll: (page) => readEvents(nats, page),
    accounts: (page) => listAccounts(nats, page),
  };
  const { store, assertOpen } = openStore(adapter, codec);
  const consumed = { manager, stream: settings.stream, readMs: settings.timeouts.readMs };
  const watch: WatchableEventStore['watch'] = async (onChange) => {
    assertOpen();
    return watchStream(consumed, log, onChange);
  };
  // Nothing in the stream ever changes.
  return rememberAccounts({ ...store, watch });
}

async function versionOf({ log, prefix }: NatsWriter, account: StreamId): Promise<number> {
  return (await log.last(subjectOf(prefix, account)))?.version ?? 0;
}

async function readAccount(
  { log, prefix }: NatsWriter,
  account: StreamId,
  { after, limit = Number.POSITIVE_INFINITY }: CheckedRead,
  codec: EventCodec<AccountEvent>,
): Promise<StreamSlice> {
  const last = await log.last(subjectOf(prefix, account));
  const events: RecordedEvent[] = [];
  if (last === undefined) return { version: 0, events };
  for await (const message of messagesAfter(log, last, after)) {
    const wanted = eventsOf(message, codec).filter(({ version }) => version > after);
    events.push(...wanted.slice(0, limit - events.length));
    if (events.length === limit) break;
  }
  return { version: last.version, events };
}

/**
 * Reads a page in the order of the stream. A cursor has the last message, and the number of events read of the next.
 */
async function readEvents(
  { log }: NatsWriter,
  { after, limit = Number.POSITIVE_INFINITY }: CheckedPage,
): Promise<EventPage<string>> {
  let { sequence, read } = placeIn(after);
  const events: StoredAccountEvent<string>[] = [];
  await eachMessage(log, after, { sequence, read }, (message) => {
    const { institution, patronId } = streamOf(message.subject);
    const { after: before, recordedAt, texts } = message;
    const count = Math.min(texts.length - read, limit - events.length);
    texts.slice(read, read + count).forEach((event, index) => {
      const version = before + read + index + 1;
      events.push({ institution, patronId, version, recordedAt, event });
    });
    if (read + count < texts.length) {
      read += count;
      return 'part';
    }
    [sequence, read] = [message.sequence, 0];
    return events.length < limit ? 'more' : 'enough';
  });
  return { events, cursor: read === 0 ? String(sequence) : `${sequence}+${read}` };
}

/** Lists accounts: each one starts with a message at version 0. */
async function listAccounts(
  { log }: NatsWriter,
  { after, limit, institution }: CheckedPage,
): Promise<AccountPage> {
  const start = placeIn(after);
  let { sequence } = start;
  const accounts: StreamId[] = [];
  await eachMessage(log, after, { sequence, read: 0 }, (message) => {
    sequence = message.sequence;
    if (message.after > 0) return 'more';
    const account = streamOf(message.subject);
    if (institution === undefined || institution === account.institution) accounts.push(account);
    return accounts.length === limit ? 'enough' : 'more';
  });
  return { accounts, cursor: String(sequence) };
}

/** What follows a message. `more`: read on; `enough`: stop; `part`: stop, the rest of it belongs to the next page. */
type Outcome = 'more' | 'enough' | 'part';

/** Passes on the messages of the stream after a place, up to its end. Throws if the cursor is beyond it. */
async function eachMessage(
  log: NatsLog,
  cursor: string | undefined,
  { sequence, read }: Place,
  handle: (message: NatsMessage) => Outcome,
): Promise<void> {
  const reader = log.from(sequence + 1);
  let isWhole = false;
  try {
    let end: number | undefined;
    for (let outcome: Outcome = 'more'; outcome === 'more'; ) {
      const stored = reader.peek();
      if (stored === undefined) {
        end ??= await endAfter(log, cursor, read === 0 ? sequence : sequence + 1);
        if (reader.position() > end) break;
        await reader.receive(end);
      } else {
        outcome = handle(readMessage(stored));
        if (outcome !== 'part') reader.take();
      }
    }
    isWhole = true;
  } finally {
    if (isWhole) log.keep(reader);
    else reader.close();
  }
}

/** Returns the end of the stream. Throws if the cursor is beyond it. */
async function endAfter(log: NatsLog, cursor: string | undefined, sequence: number): Promise<number> {
  const end = await log.end(sequence);
  if (cursor !== undefined && sequence > end) throw cursorUnknown(cursor);
  return end;
}

/** The last message that was read, and the number of events that were read of the next one. */
type Place = { readonly sequence: number; readonly read: number };

function placeIn(cursor = '0'): Place {
  const [, sequence, read = '0'] = /^(\d{1,15})(?:\+(\d{1,9}))?$/.exec(cursor) ?? [];
  if (sequence !== undefined) return { sequence: Number(sequence), read: Number(read) };
  throw cursorInvalid(cursor);
}
