import { PatronFeesError } from '../../errors.js';
import { type Appended, type StreamId, streamName, versionConflict } from '../../history/eventStore.js';
import { pause } from '../../history/follow.js';
import type { CheckedAppend } from '../../history/storeArguments.js';
import {
  type JetStreamClientLike,
  type JetStreamDeliveries,
  type JetStreamManagerLike,
  type JetStreamMessageLike,
  type JetStreamQuery,
  messageAfter,
  type NatsAppend,
  type NatsConnectionLike,
  type NatsMessage,
  type NatsPlace,
  placeAfter,
  readMessage,
  subjectOf,
} from './natsDriver.js';
import {
  type ConsumedStream,
  isFinal,
  openConsumer,
  RETRY,
  type ReadAhead,
  type Reading,
  readAhead,
  retryUntil,
  unavailable,
  within,
} from './readAhead.js';

/**
 * Reads a JetStream stream. The last message is always read from the stream's leader, since replicas and consumers may
 * be behind, and not before the leader has every message that this log has read. Every read is retried until the
 * timeout.
 */
export type NatsLog = {
  /** Returns the last message of a subject; undefined for a subject without messages. */
  readonly last: (subject: string) => Promise<NatsMessage | undefined>;
  /** Returns the remembered last message of a subject; undefined if unknown, or no longer the last. */
  readonly recent: (subject: string) => NatsPlace | undefined;
  /** Returns the messages with these sequences, in this order. Rejects with `CORRUPT_HISTORY` if one was deleted. */
  readonly at: (sequences: readonly number[]) => Promise<readonly JetStreamMessageLike[]>;
  /** Returns a reader that starts at a sequence; one that was kept there, if there is one. */
  readonly from: (sequence: number) => ReadAhead;
  /** Returns a reader of one subject that starts at its first message. */
  readonly of: (subject: string) => ReadAhead;
  /** Keeps a reader, so that the next page continues with the messages that it has received. */
  readonly keep: (reader: ReadAhead) => void;
  /**
   * Returns the sequence of the stream's last message; 0 if it is empty. If a reader has seen a later one, a newly
   * elected leader gets some time to catch up.
   */
  readonly end: (seen?: number) => Promise<number>;
  /** Records that a message was stored, and its place if known. */
  readonly note: (subject: string, sequence: number, place: NatsPlace | undefined) => void;
  /** Returns the time by the leader's clock, to date events with; undefined if it was not seen lately. */
  readonly time: () => string | undefined;
  /**
   * Looks at the leader's clock, if that is due, without keeping the caller waiting: reads when it stored a message that
   * was sent at a time of `performance.now()`.
   */
  readonly seeClock: (sequence: number, sentAt: number) => void;
};

/** The longest that the answer to a publish may take, in milliseconds, so that it shows the leader's clock. */
const SLOW_MS = 250;

/** The number of subjects whose last message a log remembers. */
const SUBJECTS_MAX = 1000;

/** The number of readers that a log keeps. */
const READERS_MAX = 2;

/** The time that a newly elected leader may take to catch up, in milliseconds. */
const LATE_MS = 2_000;

/** Returns the log of a stream. */
export function natsLog(
  manager: JetStreamManagerLike,
  stream: string,
  { readMs, totalMs }: { readonly readMs: number; readonly totalMs: number },
): NatsLog {
  const { streams } = manager;
  const answered = onceReached();
  const get = (query: JetStreamQuery) => answered(() => within(readMs, streams.getMessage(stream, query)));
  const seen = recentlySeen();
  const lastSequence = async () =>
    (await answered(() => within(readMs, streams.info(stream)))).state.last_seq;
  const messageAt = async (seq: number) => {
    const until = performance.now() + LATE_MS;
    return retryUntil<JetStreamMessageLike>(totalMs, async () => {
      const message = await get({ seq });
      if (message) return message;
      // A leader that has later messages, and was not elected just now, will never have this one.
      if (performance.now() > until && (await lastSequence()) >= seq) throw missing(stream, seq);
      return RETRY;
    });
  };
  const at = (sequences: readonly number[]) => Promise.all(sequences.map(messageAt));
  const reading: Reading = { manager, stream, readMs, at, consumersFrom: 0 };
  let kept: readonly ReadAhead[] = [];
  const clock = leaderClock();
  let isLooking = false;
  const look = async (seq: number, answered: OwnInstant) => {
    try {
      const message = await get({ seq });
      if (message !== null) clock.see(message.timestamp, answered);
    } catch {
      // Until the clock is seen, the server dates the events.
    } finally {
      isLooking = false;
    }
  };
  return {
    last: async (subject) => {
      const message = await retryUntil<NatsMessage | undefined>(totalMs, async () => {
        const found = await get({ last_by_subj: subject });
        return (found?.seq ?? 0) < seen.sequenceOf(subject) ? RETRY : found ? readMessage(found) : undefined;
      });
      if (message !== undefined) seen.note(subject, message.sequence, placeOf(message));
      return message;
    },
    recent: seen.placeOf,
    at,
    from: (sequence) => {
      const reader = kept.find((other) => other.position() === sequence);
      kept = kept.filter((other) => other !== reader);
      return reader ?? readAhead(reading, sequence);
    },
    of: (subject) => readAhead(reading, 1, subject),
    keep: (reader) => {
      kept = [reader, ...kept];
      for (const other of kept.slice(READERS_MAX)) other.close();
      kept = kept.slice(0, READERS_MAX);
    },
    end: async (already = 0) => {
      const until = performance.now() + LATE_MS;
      return retryUntil(totalMs, async () => {
        const last_seq = await lastSequence();
        const isLate = last_seq < seen.highest() || (last_seq < already && performance.now() < until);
        return isLate ? RETRY : last_seq;
      });
    },
    note: seen.note,
    time: clock.time,
    seeClock: (seq, sentAt) => {
      const answered = ownInstant();
      if (isLooking || !clock.isOld() || answered.steadyMs - sentAt > SLOW_MS) return;
      isLooking = true;
      void look(seq, answered);
    },
  };
}

function missing(stream: string, sequence: number): PatronFeesError {
  const message = `message ${sequence} of the stream ${stream} is missing: it was deleted, or expired`;
  return new PatronFeesError('CORRUPT_HISTORY', message, { stream, sequence });
}

function placeOf({ sequence, subject, version, recordedAt, earlier }: NatsMessage): NatsPlace {
  return { sequence, subject, version, recordedAt, earlier };
}

/** "stream not found" */
const STREAM_NOT_FOUND = 10059;

/**
 * Returns a function that sends requests to a stream. Servers that have just started may report "stream not found" for
 * a moment; after a first answer, that error is retried.
 */
function onceReached() {
  let reached = false;
  return async <Answer>(ask: () => Promise<Answer>): Promise<Answer> => {
    try {
      const answer = await ask();
      reached = true;
      return answer;
    } catch (error) {
      if (!reached || (error as { readonly code?: unknown } | null)?.code !== STREAM_NOT_FOUND) throw error;
      throw new Error(String(error), { cause: error });
    }
  };
}

/** Remembers the last messages of the subjects used last. */
function recentlySeen() {
  const subjects = new Map<string, { readonly sequence: number; readonly place: NatsPlace | undefined }>();
  let highest = 0;
  const sequenceOf = (subject: string) => subjects.get(subject)?.sequence ?? 0;
  return {
    sequenceOf,
    placeOf: (subject: string) => subjects.get(subject)?.place,
    highest: () => highest,
    note: (subject: string, sequence: number, place?: NatsPlace) => {
      highest = Math.max(highest, sequence);
      if (sequence < sequenceOf(subject)) return;
      subjects.delete(subject);
      subjects.set(subject, { sequence, place });
      const [oldest] = subjects.keys();
      if (subjects.size > SUBJECTS_MAX && oldest !== undefined) subjects.delete(oldest);
    },
  };
}

// The clock of the stream's leader, as this program last saw it. The answer to a publish has no time, but the next message
// of the account says when the one before was recorded (`notBefore`). A program that dates its messages itself need not
// read them.

/** The clock of the leader. The clock of the program's own machine may be wrong: only its progress is used. */
type LeaderClock = {
  /** Returns the leader's time, not later than it is; undefined if the clock was not seen in the last minute. */
  readonly time: () => string | undefined;
  /** Returns whether the clock is to be looked at again. */
  readonly isOld: () => boolean;
  /** Records that the leader's clock showed a time shortly before an instant of this program. */
  readonly see: (time: string, before: OwnInstant) => void;
};

/** An instant of this program, on both of its clocks. */
type OwnInstant = {
  /** The steady clock, which stands still while the machine sleeps, in milliseconds. */
  readonly steadyMs: number;
  /** The clock of the machine, which can be set, in milliseconds since 1970. */
  readonly setMs: number;
};

/** For how long the clock is used after it was seen, in milliseconds: clocks drift by some hundredths of a second in it. */
const USED_MS = 60_000;

/** After how long it is looked at again, in milliseconds. */
const OLD_MS = 10_000;

/** How far the two clocks of this program may differ in their progress before neither is trusted, in milliseconds. */
const APART_MS = 100;

/** Returns the present instant of this program. */
export function ownInstant(): OwnInstant {
  return { steadyMs: performance.now(), setMs: Date.now() };
}

/** Returns a clock that was not seen yet. */
export function leaderClock(): LeaderClock {
  let seen: (OwnInstant & { readonly leaderMs: number }) | undefined;
  /** The time since the clock was seen; infinite if unknown. */
  const sinceMs = () => {
    if (seen === undefined) return Number.POSITIVE_INFINITY;
    const { steadyMs, setMs } = ownInstant();
    const isTrusted = Math.abs(setMs - seen.setMs - (steadyMs - seen.steadyMs)) < APART_MS;
    return isTrusted ? steadyMs - seen.steadyMs : Number.POSITIVE_INFINITY;
  };
  return {
    time: () => {
      const since = sinceMs();
      if (seen === undefined || since > USED_MS) return undefined;
      return new Date(seen.leaderMs + since).toISOString();
    },
    isOld: () => sinceMs() > OLD_MS,
    see: (time, before) => {
      seen = { ...before, leaderMs: Date.parse(time) };
    },
  };
}

/** The maximum number of messages read together. */
const WINDOW = 128;

/** The maximum size of the messages read together, in bytes, estimated from the ones before. */
const WINDOW_BYTES = 16_000_000;

/** The maximum number of messages of an account that are read one by one; more are read through a consumer. */
const FEW = 64;

/**
 * Returns the messages of an account that have events above a version, oldest first, up to its last message.
 *
 * @param last - the account's last message
 * @param after - the version
 */
export async function* messagesAfter(
  log: NatsLog,
  last: NatsMessage,
  after: number,
): AsyncGenerator<NatsMessage> {
  let version: number | undefined;
  const follow = (message: NatsMessage) => {
    const fits = version === undefined ? message.after <= after : message.after === version;
    if (!fits || message.subject !== last.subject) throw broken(message, last.subject, version ?? after);
    version = message.version;
    return version > after;
  };
  if (last.after - after > FEW) {
    for await (const message of messagesAhead(log, last, after)) if (follow(message)) yield message;
  }
  const from = version ?? after;
  for await (const message of messagesAt(log, await sequencesAfter(log, last, from))) {
    if (follow(message)) yield message;
  }
  if (follow(last)) yield last;
}

/**
 * Returns messages of an account before its last one, through a consumer: those that have events above a version, and
 * that follow each other. The consumer may be behind, and have fewer.
 */
async function* messagesAhead(log: NatsLog, last: NatsMessage, after: number): AsyncGenerator<NatsMessage> {
  const reader = log.of(last.subject);
  try {
    for (let version: number | undefined; ; ) {
      const stored = reader.peek();
      if (stored === undefined && (await reader.receive(last.sequence - 1))) continue;
      if (stored === undefined || stored.seq >= last.sequence) return;
      const message = readMessage(stored);
      reader.take();
      if (message.version <= after) continue;
      if (message.after > (version ?? after)) return;
      version = message.version;
      yield message;
    }
  } finally {
    reader.close();
  }
}

/** Returns the sequences of the messages before the last one that may have events above a version. */
async function sequencesAfter(log: NatsLog, last: NatsMessage, after: number): Promise<readonly number[]> {
  const lists: (readonly number[])[] = [];
  for (let message = last; message.after > after; ) {
    lists.push(message.earlier);
    const [oldest] = message.earlier;
    // A message lists only earlier ones: a broken message must not cause an endless loop.
    const [next] = oldest === undefined || oldest >= message.sequence ? [] : await log.at([oldest]);
    if (next === undefined) break;
    message = readMessage(next);
  }
  const sequences = lists.reverse().flat();
  return sequences.slice(Math.max(0, sequences.length - Math.max(0, last.after - after)));
}

/** Returns messages by their sequences, some at a time, so that many large ones do not fill the memory. */
async function* messagesAt(log: NatsLog, sequences: readonly number[]): AsyncGenerator<NatsMessage> {
  let size = WINDOW;
  for (let place = 0; place < sequences.length; ) {
    const stored = await log.at(sequences.slice(place, place + size));
    place += stored.length;
    const bytes = stored.reduce((sum, { data }) => sum + data.length, 1);
    size = Math.max(1, Math.min(WINDOW, Math.floor((WINDOW_BYTES * stored.length) / bytes)));
    for (const message of stored) yield readMessage(message);
  }
}

function broken(found: NatsMessage, subject: string, version: number): PatronFeesError {
  const { sequence, after } = found;
  return new PatronFeesError(
    'CORRUPT_HISTORY',
    `message ${sequence} follows version ${after} of ${found.subject}, not ${version} of ${subject}`,
    { sequence, subject, expected: version, found: after },
  );
}

/** The parts of a store that an append uses. */
export type NatsWriter = {
  /** The connection, for the server's limits. */
  readonly connection: NatsConnectionLike;
  /** The client that publishes. */
  readonly client: JetStreamClientLike;
  /** The reader of the stream. */
  readonly log: NatsLog;
  /** The name of the stream. */
  readonly stream: string;
  /** The prefix of subjects. */
  readonly prefix: string;
  /** The timeouts of one publish, and of the whole call. */
  readonly timeouts: { readonly publishMs: number; readonly totalMs: number };
};

/** The maximum size of a message's headers, in bytes: they count against the server's limit too. */
const HEADER_BYTES_MAX = 512;

/** "wrong last sequence", with and without the sequence that the server has. */
const CONFLICTS: readonly unknown[] = [10071, 10164];

/**
 * Appends events as one message, on the condition that the account's last message is still the one that was read. The
 * message may be sent repeatedly: only one of the copies can meet the condition.
 */
export async function appendToNats(
  writer: NatsWriter,
  account: StreamId,
  append: NatsAppend,
  expected: CheckedAppend['expectedVersion'],
): Promise<Appended> {
  const { log, timeouts } = writer;
  const subject = subjectOf(writer.prefix, account);
  const recent = log.recent(subject);
  // No read is needed if the expected version is 0, or that of the last message read.
  let last: NatsPlace | undefined;
  if (expected !== 0) last = recent?.version === expected ? recent : await log.last(subject);
  const throwIfFull = fullStorageCheck();
  return retryUntil<Appended>(timeouts.totalMs, async () => {
    for (;;) {
      const version = last?.version ?? 0;
      if (expected !== 'any' && expected !== version) throw versionConflict(account, expected, version);
      const problem = await publish(writer, account, subject, last, append);
      if (problem === undefined) return { version: version + append.texts.length };
      // Another writer was first, or no answer came: the message after the last one shows which.
      const newer = await log.last(subject);
      if (newer === undefined || newer.version <= version) {
        if (isConflict(problem)) return RETRY;
        throwIfFull(problem);
        throw problem;
      }
      const { value: next } = await messagesAfter(log, newer, version).next();
      if (next?.appendId === append.appendId) return { version: next.version };
      last = newer;
    }
  });
}

function isConflict(error: unknown): boolean {
  return CONFLICTS.includes((error as { readonly code?: unknown }).code);
}

/** Storage that is full: the server's (10023, 10047), or the stream's (10077). */
const FULL: readonly unknown[] = [10023, 10047, 10077];

/** A leader whose storage is full steps down, since another server may have space: how long to wait for that one. */
const FULL_MS = 2_000;

/** Returns a function that ends appends to a full storage, since waiting frees no space. */
function fullStorageCheck(): (problem: unknown) => void {
  let since: number | undefined;
  return (problem) => {
    if (!FULL.includes((problem as { readonly code?: unknown }).code)) {
      since = undefined;
      return;
    }
    since ??= performance.now();
    const waitedMs = performance.now() - since;
    if (waitedMs > FULL_MS) throw unavailable(waitedMs, problem);
  };
}

/**
 * Publishes the message; returns undefined if it was stored, else the error: it was refused, or the outcome is unknown.
 */
async function publish(
  { connection, client, log, stream, timeouts }: NatsWriter,
  account: StreamId,
  subject: string,
  last: NatsPlace | undefined,
  append: NatsAppend,
): Promise<unknown> {
  const recordedAt = append.recordedAt ?? log.time();
  const dated = { ...append, ...(recordedAt !== undefined && { recordedAt }) };
  const message = messageAfter(last, dated);
  refuseTooLarge(account, message, connection.info?.max_payload);
  const expect = { streamName: stream, lastSubjectSequence: last?.sequence ?? 0 };
  const sentAt = performance.now();
  try {
    const { seq } = await client.publish(subject, message, { expect, timeout: timeouts.publishMs });
    log.note(subject, seq, placeAfter(last, dated, { subject, sequence: seq }));
    log.seeClock(seq, sentAt);
    return undefined;
  } catch (error) {
    if (isConflict(error) || !isFinal(error)) return error ?? new Error('no reason given');
    throw error;
  }
}

/** Throws if a message is so large that the server would close the connection. */
function refuseTooLarge(account: StreamId, message: string, limit: number | undefined): void {
  const bytes = Buffer.byteLength(message) + HEADER_BYTES_MAX;
  if (limit === undefined || bytes <= limit) return;
  const stream = streamName(account);
  throw new PatronFeesError(
    'APPEND_TOO_LARGE',
    `the events for ${stream} take ${bytes} bytes, but the server's max_payload is ${limit}`,
    { stream, bytes, limit },
  );
}

/** How long one request waits for messages. The client notices within this time that the consumer is lost. */
const WAIT_MS = 2_000;

/** The maximum number of messages of one request. */
const REQUEST_MAX = 1_000;

/** The time between two reads of the stream's last sequence, while there is no consumer. */
const LOOK_MS = 250;

/** The longest time until a consumer is tried again: the user may not have the permission to create one. */
const REST_MAX_MS = 30_000;

/**
 * Calls a function after messages were stored, until the returned function is called. A consumer reports them, without
 * their content. It is lost with its server: until there is another one, the stream's last sequence is polled.
 */
export async function watchStream(
  stream: ConsumedStream,
  log: NatsLog,
  onChange: () => void,
): Promise<() => Promise<void>> {
  const ending = new AbortController();
  const { signal } = ending;
  let seen = await log.end();
  let messages: JetStreamDeliveries | undefined;
  const note = (sequence: number) => {
    if (sequence <= seen || signal.aborted) return;
    seen = sequence;
    onChange();
  };

  /** Notes messages as long as the consumer lasts; returns whether it answered at all. */
  const listen = async (): Promise<boolean> => {
    let hasAnswered = false;
    let remove: (() => void) | undefined;
    try {
      const opened = await openConsumer(stream, { from: seen + 1, headersOnly: true });
      remove = opened.remove;
      while (!signal.aborted) {
        messages = await opened.consumer.fetch({ max_messages: REQUEST_MAX, expires: WAIT_MS });
        // A request that was sent while the connection broke may never end by itself.
        await within(WAIT_MS + stream.readMs, each(messages, note));
        hasAnswered = true;
      }
    } catch {
      // The consumer was lost, or cannot be created.
    }
    messages?.close().catch(() => undefined);
    remove?.();
    return hasAnswered;
  };

  const run = async () => {
    for (let restMs = LOOK_MS; !signal.aborted; restMs = Math.min(2 * restMs, REST_MAX_MS)) {
      if (await listen()) restMs = LOOK_MS;
      for (let restedMs = 0; restedMs < restMs && !signal.aborted; restedMs += LOOK_MS) {
        note(await log.end().catch(() => 0));
        await pause(LOOK_MS, signal);
      }
    }
  };
  void run();
  onChange();
  return async () => {
    ending.abort();
    await messages?.close().catch(() => undefined);
  };
}

async function each(messages: JetStreamDeliveries, note: (sequence: number) => void): Promise<void> {
  for await (const { seq } of messages) note(seq);
}
