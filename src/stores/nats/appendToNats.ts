import { PatronFeesError } from '../../errors.js';
import { type Appended, type StreamId, streamName, versionConflict } from '../../history/eventStore.js';
import type { CheckedAppend } from '../../history/storeArguments.js';
import type { JetStreamClientLike, NatsConnectionLike } from './natsDriver.js';
import type { NatsLog } from './natsLog.js';
import { messageAfter, type NatsAppend, type NatsPlace, placeAfter, subjectOf } from './natsMessage.js';
import { messagesAfter } from './natsReading.js';
import { isFinal, RETRY, retryUntil, unavailable } from './retryUntil.js';

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
