import * as v from 'valibot';
import { PatronFeesError } from '../../errors.js';
import { decodeEvents } from '../../history/codec.js';
import type { RecordedEvent } from '../../history/eventStore.js';
import { compareInstants, toMicroseconds } from '../../history/instants.js';
import { instantField } from '../../input/instant.js';
import { wholeNumber } from '../../input/wholeNumber.js';
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
  /** When the events were recorded, where a copy brought it along; else it is when the server stored them. */
  readonly recordedAt?: string;
  /** When the event before was recorded: clocks of servers differ, and time never goes back in an account. */
  readonly notBefore?: string;
  /**
   * Where the messages before stand in the stream, oldest first; once there are {@link EARLIER_MAX}, the next list begins
   * with only the last of them. So a long account is read from its head in few steps, and nothing has to be searched.
   */
  readonly earlier: readonly number[];
};

/** Where a message stands, and what its account has with it. */
export type NatsPlace = {
  /** Its place in the JetStream stream. */
  readonly sequence: number;
  /** Its subject. */
  readonly subject: string;
  /** The account's version with these events. */
  readonly version: number;
  /** When its events were recorded. */
  readonly recordedAt: string;
  /** As in {@link MessageHead}. */
  readonly earlier: readonly number[];
};

/** A message as it was read. */
export type NatsMessage = NatsPlace & {
  /** The append that wrote it. */
  readonly appendId: string;
  /** The account's version before it. */
  readonly after: number;
  /** The lines of its events. */
  readonly text: string;
};

/** How many earlier messages one message names at most. */
export const EARLIER_MAX = 32;

const headSchema = v.object({
  format: v.literal(1),
  appendId: v.string(),
  after: wholeNumber(0),
  count: wholeNumber(1),
  recordedAt: v.optional(instantField),
  notBefore: v.optional(instantField),
  earlier: v.array(wholeNumber(1)),
});

/** What one append writes. */
export type NatsAppend = Pick<MessageHead, 'appendId' | 'recordedAt'> & {
  /** The encoded events. */
  readonly texts: readonly string[];
};

/** Writes the message of an append that follows another one, or none. */
export function messageAfter(previous: NatsPlace | undefined, { texts, ...made }: NatsAppend): string {
  const head: MessageHead = {
    format: 1,
    ...made,
    after: previous?.version ?? 0,
    count: texts.length,
    ...(previous && { notBefore: previous.recordedAt }),
    earlier: previous ? [...namedBy(previous), previous.sequence] : [],
  };
  return [JSON.stringify(head), ...texts].join('\n');
}

/** What the next message names of the messages that this one names. */
function namedBy({ earlier }: NatsPlace): readonly number[] {
  return earlier.length < EARLIER_MAX ? earlier : [];
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
  const { after, count, appendId, earlier, notBefore, recordedAt = timestamp } = head.output;
  return {
    sequence: seq,
    subject,
    version: after + count,
    recordedAt: toMicroseconds(later(recordedAt, notBefore)),
    earlier,
    appendId,
    after,
    text: lines.join('\n'),
  };
}

function later(instant: string, other: string | undefined): string {
  return other !== undefined && compareInstants(instant, other) < 0 ? other : instant;
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
