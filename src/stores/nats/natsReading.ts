import { PatronFeesError } from '../../errors.js';
import type { NatsLog } from './natsLog.js';
import type { NatsMessage } from './natsMessage.js';

/** The maximum number of messages read at once. */
const WINDOW = 128;

/** The maximum size of the messages read at once, in bytes, estimated from the ones before. */
const WINDOW_BYTES = 16_000_000;

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
  for await (const message of messagesAt(log, await sequencesAfter(log, last, after))) {
    if (follow(message)) yield message;
  }
  if (follow(last)) yield last;
}

/** Returns all messages of the stream between two sequences, the second one included. */
export async function* messagesBetween(
  log: NatsLog,
  after: number,
  until: number,
  limit: number = WINDOW,
): AsyncGenerator<NatsMessage> {
  const all = function* () {
    for (let sequence = after + 1; sequence <= until; sequence++) yield sequence;
  };
  yield* messagesAt(log, all(), limit);
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
    message = next;
  }
  const sequences = lists.reverse().flat();
  return sequences.slice(Math.max(0, sequences.length - Math.max(0, last.after - after)));
}

/** Returns messages by their sequences, some at a time, so that many large ones do not fill the memory. */
async function* messagesAt(
  log: NatsLog,
  sequences: Iterable<number>,
  limit: number = WINDOW,
): AsyncGenerator<NatsMessage> {
  let size = Math.min(limit, WINDOW);
  let wanted: number[] = [];
  const fetch = async () => {
    const messages = await log.at(wanted);
    const bytes = messages.reduce((sum, { text }) => sum + text.length, 1);
    size = Math.max(1, Math.min(WINDOW, Math.floor((WINDOW_BYTES * messages.length) / bytes)));
    wanted = [];
    return messages;
  };
  for (const sequence of sequences) {
    wanted.push(sequence);
    if (wanted.length >= size) yield* await fetch();
  }
  if (wanted.length > 0) yield* await fetch();
}

function broken(found: NatsMessage, subject: string, version: number): PatronFeesError {
  const { sequence, after } = found;
  return new PatronFeesError(
    'CORRUPT_HISTORY',
    `message ${sequence} follows version ${after} of ${found.subject}, not ${version} of ${subject}`,
    { sequence, subject, expected: version, found: after },
  );
}
