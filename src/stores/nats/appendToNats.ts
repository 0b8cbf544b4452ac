import { PatronFeesError } from '../../errors.js';
import { type Appended, type StreamId, streamName, versionConflict } from '../../history/eventStore.js';
import type { CheckedAppend } from '../../history/storeArguments.js';
import type { JetStreamClientLike, NatsConnectionLike } from './natsDriver.js';
import type { NatsLog } from './natsLog.js';
import { messageAfter, type NatsAppend, type NatsPlace } from './natsMessage.js';
import { messagesAfter } from './natsReading.js';
import { subjectOf } from './natsSubject.js';
import { AGAIN, isFinal, patiently, unavailable } from './patience.js';

/** What an append needs of a store. */
export type NatsWriter = {
  /** The connection, for the server's limits. */
  readonly connection: NatsConnectionLike;
  /** The client that publishes. */
  readonly client: JetStreamClientLike;
  /** The stream, as it is read. */
  readonly log: NatsLog;
  /** The name of the stream. */
  readonly stream: string;
  /** What subjects begin with. */
  readonly prefix: string;
  /** How long to wait for the answer to one publish, and how long to go on trying. */
  readonly timeouts: { readonly publishMs: number; readonly totalMs: number };
};

/** What the headers of a message come to at most, in bytes: they count against the server's limit too. */
const HEADER_BYTES_MAX = 512;

/** "wrong last sequence", and the same where the server does not say which one it has. */
const CONFLICTS: readonly unknown[] = [10071, 10164];

/**
 * Appends events as one message, on the condition that the account's last message is still the one that was read. The
 * message may be sent again and again: whatever became of the others, only one of them can meet the condition.
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
  // Nothing need be read where the condition itself says what there is: nothing, or what was read last.
  let last: NatsPlace | undefined;
  if (expected !== 0) last = recent?.version === expected ? recent : await log.last(subject);
  const full = untilFull();
  return patiently<Appended>(timeouts.totalMs, async () => {
    for (;;) {
      const version = last?.version ?? 0;
      if (expected !== 'any' && expected !== version) throw versionConflict(account, expected, version);
      const problem = await published(writer, account, subject, last, append);
      if (problem === undefined) return { version: version + append.texts.length };
      // Somebody else was first, or no answer came: what follows the last message tells which.
      const newer = await log.last(subject);
      if (newer === undefined || newer.version <= version) {
        if (isConflict(problem)) return AGAIN;
        full(problem);
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

/** A leader whose storage is full steps down, for another server may have room: so long is waited for that one. */
const FULL_MS = 2_000;

/** Gives what ends an append to a full storage: waiting makes no room. */
function untilFull(): (problem: unknown) => void {
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

/** Publishes the message; gives undefined when it was stored, else the error: it was refused, or nobody knows. */
async function published(
  { connection, client, log, stream, timeouts }: NatsWriter,
  account: StreamId,
  subject: string,
  last: NatsPlace | undefined,
  append: NatsAppend,
): Promise<unknown> {
  const message = messageAfter(last, append);
  refuseTooLarge(account, message, connection.info?.max_payload);
  const expect = { streamName: stream, lastSubjectSequence: last?.sequence ?? 0 };
  try {
    const { seq } = await client.publish(subject, message, { expect, timeout: timeouts.publishMs });
    log.note(subject, seq);
    return undefined;
  } catch (error) {
    if (isConflict(error) || !isFinal(error)) return error ?? new Error('no reason was given');
    throw error;
  }
}

/** The server would close the connection on such a message. */
function refuseTooLarge(account: StreamId, message: string, limit: number | undefined): void {
  const bytes = Buffer.byteLength(message) + HEADER_BYTES_MAX;
  if (limit === undefined || bytes <= limit) return;
  const stream = streamName(account);
  throw new PatronFeesError(
    'APPEND_TOO_LARGE',
    `the events for ${stream} come to ${bytes} bytes, the server's max_payload is ${limit}`,
    { stream, bytes, limit },
  );
}
