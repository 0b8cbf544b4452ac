import * as v from 'valibot';
import { instantField } from '../../account/fieldSchemas.js';
import { PatronFeesError } from '../../errors.js';
import { decodeEvents } from '../../history/codec.js';
import type { RecordedEvent } from '../../history/eventStore.js';
import { compareInstants } from '../../history/instants.js';
import { wholeNumber } from '../../history/storeArguments.js';
import type { JetStreamMessageLike } from './natsDriver.js';

/**
 * The first line of a message; the events of one append follow, a line each. STORAGE FORMAT: what a release wrote, every
 * later one reads.
 */
export type MessageHead = {
  /** The version of this format. */
  readonly format: 1;
  /** Made for one append only: tells its writer, after a lost answer, whether this message is the one it sent. */
  readonly appendId: string;
  /** The account's version before these events. */
  readonly after: number;
  /** How many events follow. */
  readonly count: number;
  /** When the event before was recorded: clocks of servers differ, and time never goes back in an account. */
  readonly notBefore?: string;
  /**
   * Where the messages before stand in the stream, oldest first; once there are {@link EARLIER_MAX}, the next list begins
   * with only the last of them. So a long account is read from its head in few steps, and nothing has to be searched.
   */
  readonly earlier: readonly number[];
};

/** A message as it was read. */
export type NatsMessage = Omit<MessageHead, 'notBefore'> & {
  /** Its place in the JetStream stream. */
  readonly sequence: number;
  /** Its subject. */
  readonly subject: string;
  /** The account's version with these events. */
  readonly version: number;
  /** When these events were recorded. */
  readonly recordedAt: string;
  /** The lines of the events. */
  readonly text: string;
};

/** How many earlier messages one message names at most. */
export const EARLIER_MAX = 32;

const headSchema = v.object({
  format: v.literal(1),
  appendId: v.string(),
  after: wholeNumber(0),
  count: wholeNumber(1),
  notBefore: v.optional(instantField),
  earlier: v.array(wholeNumber(1)),
});

/**
 * Writes the message that follows another one.
 *
 * @param previous - the last message of the account, undefined if there is none
 * @param appendId - made for this append
 * @param texts - the encoded events
 */
export function messageAfter(
  previous: NatsMessage | undefined,
  appendId: string,
  texts: readonly string[],
): string {
  const head: MessageHead = {
    format: 1,
    appendId,
    after: previous?.version ?? 0,
    count: texts.length,
    ...(previous && { notBefore: previous.recordedAt }),
    earlier: previous ? [...(previous.earlier.length < EARLIER_MAX ? previous.earlier : []), previous.sequence] : [],
  };
  return [JSON.stringify(head), ...texts].join('\n');
}

/**
 * Reads a message.
 *
 * @throws {@link PatronFeesError} `INVALID_EVENT` when no release wrote it; `details.sequence` says where it stands
 */
export function readMessage({ subject, seq, timestamp, data }: JetStreamMessageLike): NatsMessage {
  const [first = '', ...lines] = new TextDecoder().decode(data).split('\n');
  const head = v.safeParse(headSchema, parsedOrNull(first));
  if (!head.success || head.output.count !== lines.length) {
    const problem = `message ${seq} on ${subject} is none that this store wrote`;
    throw new PatronFeesError('INVALID_EVENT', problem, { sequence: seq, subject });
  }
  const { notBefore, ...rest } = head.output;
  const recordedAt =
    notBefore !== undefined && compareInstants(timestamp, notBefore) < 0 ? notBefore : timestamp;
  const version = rest.after + rest.count;
  return { ...rest, sequence: seq, subject, version, recordedAt, text: lines.join('\n') };
}

/** The events of a message. */
export function eventsOf({ after, recordedAt, text }: NatsMessage): readonly RecordedEvent[] {
  return decodeEvents(text).map((event, index) => ({ version: after + index + 1, recordedAt, event }));
}

function parsedOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
