import { PatronFeesError } from '../../errors.js';
import { type Appended, type StreamId, streamName, versionConflict } from '../../history/eventStore.js';
import type { CheckedAppend } from '../../history/storeArguments.js';
import type { JetStreamClientLike, NatsConnectionLike } from './natsDriver.js';
import type { NatsLog } from './natsLog.js';
import { messageAfter, type NatsAppend, type NatsPlace } from './natsMessage.js';
import { messagesAfter } from './natsReading.js';
import { subjectOf } from './natsSubject.js';
import { AGAIN, isFinal, patiently } from './patience.js';

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
  /** How long to wait for the answer to one publish, in milliseconds. */
  readonly timeoutMs: number;
  /** How long to go on trying, in milliseconds. */
  readonly patienceMs: number;
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
  expected: CheckedAppend['expected'],
): Promise<Appended> {
  const { log, patienceMs } = writer;
  const subject = subjectOf(writer.prefix, account);
  const recent = log.recent(subject);
  // Nothing need be read where the condition itself says what there is: nothing, or what was read last.
  let last: NatsPlace | undefined;
  if (expected !== 0) last = recent?.version === expected ? recent : await log.last(subject);
  return patiently<Appended>(patienceMs, async () => {
    for (;;) {
      const version = last?.version ?? 0;
      if (expected !== 'any' && expected !== version) throw versionConflict(account, expected, version);
      if (await published(writer, account, subject, last, append)) {
        return { version: version + append.texts.length };
      }
      // Somebody else was first, or no answer came: what follows the last message tells which.
      const newer = await log.last(subject);
      if (newer === undefined || newer.version <= version) return AGAIN;
      const { value: next } = await messagesAfter(log, newer, version).next();
      if (next?.appendId === append.appendId) return { version: next.version };
      last = newer;
    }
  });
}

/** Whether the message was stored; false when it was not, or when nobody knows. */
async function published(
  { connection, client, log, stream, timeoutMs }: NatsWriter,
  account: StreamId,
  subject: string,
  last: NatsPlace | undefined,
  append: NatsAppend,
): Promise<boolean> {
  const message = messageAfter(last, append);
  refuseTooLarge(account, message, connection.info?.max_payload);
  const expect = { streamName: stream, lastSubjectSequence: last?.sequence ?? 0 };
  try {
    const { seq } = await client.publish(subject, message, { expect, timeout: timeoutMs });
    log.note(subject, seq);
    return true;
  } catch (error) {
    if (CONFLICTS.includes((error as { code?: unknown }).code) || !isFinal(error)) return false;
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
