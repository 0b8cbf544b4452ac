import type { AccountEvent } from '../../account/events/accountEvent.js';
import { PatronFeesError } from '../../errors.js';
import { atLine, type EventCodec } from '../../history/codec.js';
import type { RecordedEvent, StreamId } from '../../history/eventStore.js';
import { compareInstants, toMicroseconds } from '../../history/instants.js';
import { isInstant } from '../../input/instant.js';

// The part of the NATS client that the store uses, as structural types: this package compiles without the client's
// types.

/** A connection, as returned by `connect` of `@nats-io/transport-node`. */
export type NatsConnectionLike = {
  /** The server's information at connection time; read again for every append. */
  readonly info?: NatsServerLimits | undefined;
};

/** The limits of a server. */
export type NatsServerLimits = {
  /** The largest message that the server accepts, in bytes. */
  readonly max_payload: number;
};

/** The manager, as returned by `jetstreamManager` of `@nats-io/jetstream`. */
export type JetStreamManagerLike = {
  /** Reads messages and creates streams. */
  readonly streams: JetStreamStreamsLike;
  /** Creates consumers. */
  readonly consumers: JetStreamConsumersLike;
  /** Returns the client that publishes. */
  jetstream(): JetStreamClientLike;
};

/** Reads messages from the leader of a stream, and creates streams. */
export type JetStreamStreamsLike = {
  /** Returns a message by its sequence, or the last one of a subject; null if not found. */
  getMessage(stream: string, query: JetStreamQuery): Promise<JetStreamMessageLike | null>;
  /** Returns the state of a stream. */
  info(stream: string): Promise<JetStreamInfoLike>;
  /** Creates a stream; does nothing if it exists with the same settings. */
  add(settings: JetStreamSettings): Promise<unknown>;
  /** Changes the metadata of a stream, and nothing else. */
  update(stream: string, change: { readonly metadata: Readonly<Record<string, string>> }): Promise<unknown>;
};

/** Which message to read. */
export type JetStreamQuery =
  | {
      /** The sequence of the message in the JetStream stream. */
      readonly seq: number;
    }
  | {
      /** The subject whose last message to read. */
      readonly last_by_subj: string;
    };

/** A stored message. */
export type JetStreamMessageLike = {
  /** The subject that the message was published to. */
  readonly subject: string;
  /** The sequence in the JetStream stream, from 1. */
  readonly seq: number;
  /** When the server stored it, ISO 8601 in UTC, to the nanosecond. */
  readonly timestamp: string;
  /** The payload. */
  readonly data: Uint8Array;
};

/** The state and settings of a stream. */
export type JetStreamInfoLike = {
  /** The state of the stream. */
  readonly state: {
    /** The sequence of its last message; 0 if it is empty. */
    readonly last_seq: number;
  };
  /** All settings of the stream. */
  readonly config?: object;
};

/** Creates consumers, which send many messages for one request. */
export type JetStreamConsumersLike = {
  /** Creates a consumer of a stream, which the server deletes when it is no longer used. */
  add(stream: string, settings: JetStreamConsumerSettings): Promise<JetStreamConsumerInfo>;
  /** Deletes a consumer. */
  delete(stream: string, name: string): Promise<unknown>;
};

/** The settings of a consumer. */
export type JetStreamConsumerSettings = {
  /** Messages need not be acknowledged. */
  readonly ack_policy: 'none';
  /** Starts at a sequence. */
  readonly deliver_policy: 'by_start_sequence';
  /** That sequence. */
  readonly opt_start_seq: number;
  /** The only subject whose messages are sent; all if left out. */
  readonly filter_subject?: string;
  /** Whether messages are sent without their payload; with it if left out. */
  readonly headers_only?: boolean;
  /** After how long without use the server deletes it, in nanoseconds. */
  readonly inactive_threshold: number;
  /** Its state is not written to the disk. */
  readonly mem_storage: boolean;
  /** The number of servers that store its state. */
  readonly num_replicas: number;
};

/** The server's description of a new consumer. */
export type JetStreamConsumerInfo = {
  /** Its name. */
  readonly name: string;
  /** The number of messages that it can send. */
  readonly num_pending: number;
};

/** A consumer. */
export type JetStreamConsumerLike = {
  /** Requests messages: at most `max_messages`, within `expires` milliseconds. */
  fetch(options: { readonly max_messages: number; readonly expires: number }): Promise<JetStreamDeliveries>;
};

/** Messages that a consumer sends. */
export type JetStreamDeliveries = AsyncIterable<JetStreamDelivery> & {
  /** Stops receiving. */
  close(): Promise<unknown>;
};

/** A message that a consumer sent. */
export type JetStreamDelivery = {
  /** The subject that the message was published to. */
  readonly subject: string;
  /** The sequence in the JetStream stream. */
  readonly seq: number;
  /** When the server stored it, in nanoseconds since 1970. */
  readonly timestampNanos: bigint;
  /** The payload. */
  readonly data: Uint8Array;
  /** More about the message. */
  readonly info: {
    /** The number of messages that the consumer can send after it. */
    readonly pending: number;
  };
};

/** Publishes to streams. */
export type JetStreamClientLike = {
  /** Returns consumers. */
  readonly consumers: {
    /** Returns the consumer that a description from the server names. */
    getConsumerFromInfo(info: JetStreamConsumerInfo): JetStreamConsumerLike;
  };
  /** Publishes a message and waits until a majority of the servers has it. */
  publish(subject: string, payload: string, options: JetStreamPublishing): Promise<JetStreamAck>;
};

/** The conditions of a publish. */
export type JetStreamPublishing = {
  /** The conditions under which the message is stored. */
  readonly expect: {
    /** The stream of the subject. */
    readonly streamName: string;
    /** The sequence of the subject's last message, 0 for none. */
    readonly lastSubjectSequence: number;
  };
  /** How long to wait for the answer, in milliseconds. */
  readonly timeout: number;
};

/** The server's answer for a stored message. */
export type JetStreamAck = {
  /** The sequence of the message. */
  readonly seq: number;
};

/** The settings of a stream. */
export type JetStreamSettings = {
  /** Its name. */
  readonly name: string;
  /** The subjects of the stream. */
  readonly subjects: string[];
  /** The number of servers that store it. */
  readonly num_replicas: number;
  /** Whether deleting messages is forbidden. */
  readonly deny_delete: boolean;
  /** Whether purging the stream is forbidden. */
  readonly deny_purge: boolean;
  /**
   * Whether any replica may answer reads of single messages, for other programs; the store itself reads from the
   * leader.
   */
  readonly allow_direct: boolean;
};

/**
 * The first line of a message; the events of one append follow, one per line. STORAGE FORMAT: every later release must
 * read it.
 */
type MessageHead = {
  /** The version of this format. */
  readonly format: 1;
  /** Unique for each append: after a lost answer, its writer recognises its own message. */
  readonly appendId: string;
  /** The account's version before these events. */
  readonly after: number;
  /** The number of events that follow. */
  readonly count: number;
  /**
   * When the events were recorded: copied ones in their store, others by the leader's clock, as the writer last saw it. If
   * left out, it is the time when the leader stored the message.
   */
  readonly recordedAt?: string;
  /** When the previous event was recorded: clocks of servers differ, and time never goes back in an account. */
  readonly notBefore?: string;
  /**
   * The sequences of the messages before, oldest first. After {@link EARLIER_MAX} of them, the next list starts again
   * with only the last one. So a long account is read from its last message in few steps, without a search.
   */
  readonly earlier: readonly number[];
};

/** The position of a message, and the state of its account after it. */
export type NatsPlace = {
  /** The sequence in the JetStream stream. */
  readonly sequence: number;
  /** The subject. */
  readonly subject: string;
  /** The account's version after these events. */
  readonly version: number;
  /** When its events were recorded. */
  readonly recordedAt: string;
  /** See {@link MessageHead}. */
  readonly earlier: readonly number[];
};

/** A message that was read. */
export type NatsMessage = NatsPlace & {
  /** The append that wrote it. */
  readonly appendId: string;
  /** The account's version before it. */
  readonly after: number;
  /** Its events, each as text. */
  readonly texts: readonly string[];
};

/** The maximum number of earlier messages that one message lists. */
export const EARLIER_MAX = 32;

/** The content of one append. */
export type NatsAppend = Pick<MessageHead, 'appendId' | 'recordedAt'> & {
  /** The encoded events. */
  readonly texts: readonly string[];
};

/** Returns the message of an append; `previous` is the account's last message, if there is one. */
export function messageAfter(previous: NatsPlace | undefined, { texts, ...made }: NatsAppend): string {
  const head: MessageHead = {
    format: 1,
    ...made,
    after: previous?.version ?? 0,
    count: texts.length,
    ...(previous && { notBefore: previous.recordedAt }),
    earlier: previous ? [...earlierOf(previous), previous.sequence] : [],
  };
  return [JSON.stringify(head), ...texts].join('\n');
}

/** Returns the place of a stored message; undefined if only the server knows when its events were recorded. */
export function placeAfter(
  previous: NatsPlace | undefined,
  { texts, recordedAt }: Pick<NatsAppend, 'texts' | 'recordedAt'>,
  stored: Pick<NatsPlace, 'subject' | 'sequence'>,
): NatsPlace | undefined {
  if (recordedAt === undefined) return undefined;
  return {
    ...stored,
    version: (previous?.version ?? 0) + texts.length,
    recordedAt: toMicroseconds(laterInstant(recordedAt, previous?.recordedAt)),
    earlier: previous ? [...earlierOf(previous), previous.sequence] : [],
  };
}

/** Returns the earlier messages that the next message lists. */
function earlierOf({ earlier }: NatsPlace): readonly number[] {
  return earlier.length < EARLIER_MAX ? earlier : [];
}

/**
 * Reads a message.
 *
 * @throws {@link PatronFeesError} `INVALID_EVENT` if the message has another format; `details.sequence` is its sequence
 */
export function readMessage({ subject, seq, timestamp, data }: JetStreamMessageLike): NatsMessage {
  const [first = '', ...texts] = decoder.decode(data).split('\n');
  const head = parsedOrNull(first);
  if (!isHead(head) || head.count !== texts.length) {
    const problem = `message ${seq} on ${subject} was not written by this store`;
    throw new PatronFeesError('INVALID_EVENT', problem, { sequence: seq, subject });
  }
  const { after, count, appendId, earlier, notBefore, recordedAt = timestamp } = head;
  return {
    sequence: seq,
    subject,
    version: after + count,
    recordedAt: toMicroseconds(laterInstant(recordedAt, notBefore)),
    earlier,
    appendId,
    after,
    texts,
  };
}

const decoder = /* @__PURE__ */ new TextDecoder();

/** Returns whether a value is the head of a message; by hand, since every message that is read is checked. */
function isHead(value: unknown): value is MessageHead {
  if (typeof value !== 'object' || value === null) return false;
  const { format, appendId, after, count, recordedAt, notBefore, earlier } = value as Partial<MessageHead>;
  return (
    format === 1 &&
    typeof appendId === 'string' &&
    isWhole(after, 0) &&
    isWhole(count, 1) &&
    isInstantOrMissing(recordedAt) &&
    isInstantOrMissing(notBefore) &&
    Array.isArray(earlier) &&
    earlier.every((sequence) => isWhole(sequence, 1))
  );
}

function isWhole(value: unknown, from: number): boolean {
  return Number.isSafeInteger(value) && (value as number) >= from;
}

function isInstantOrMissing(value: unknown): boolean {
  return value === undefined || (typeof value === 'string' && isInstant(value));
}

function laterInstant(instant: string, other: string | undefined): string {
  return other !== undefined && compareInstants(instant, other) < 0 ? other : instant;
}

/** The events of a message. */
export function eventsOf(
  { after, recordedAt, texts }: NatsMessage,
  { decode }: EventCodec<AccountEvent>,
): readonly RecordedEvent[] {
  return texts.map((text, index) => ({
    version: after + index + 1,
    recordedAt,
    event: atLine(index + 1, () => decode(text)),
  }));
}

function parsedOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/**
 * Returns the subject of an account: prefix, institution, patron.
 *
 * An id of letters, digits, `-` and `_` is used unchanged, so that subjects are readable and permissions can be given
 * by institution. Any other id, which may contain dots, blanks or wildcards, is written as `=` and base64url of its
 * UTF-8.
 */
export function subjectOf(prefix: string, { institution, patronId }: StreamId): string {
  return `${prefix}.${tokenOf(institution)}.${tokenOf(patronId)}`;
}

/** Returns the account of a subject of {@link subjectOf}. */
export function streamOf(subject: string): StreamId {
  const last = subject.lastIndexOf('.');
  const before = subject.lastIndexOf('.', last - 1);
  return { institution: idOf(subject.slice(before + 1, last)), patronId: idOf(subject.slice(last + 1)) };
}

function tokenOf(id: string): string {
  return /^[\w-]+$/.test(id) ? id : `=${Buffer.from(id).toString('base64url')}`;
}

function idOf(token: string): string {
  return token.startsWith('=') ? Buffer.from(token.slice(1), 'base64url').toString() : token;
}
