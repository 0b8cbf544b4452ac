import { PatronFeesError } from '../../errors.js';
import type { NatsLog } from './natsLog.js';
import { type NatsMessage, readMessage } from './natsMessage.js';

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
