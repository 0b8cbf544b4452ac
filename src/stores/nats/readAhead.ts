import { isPatronFeesError, PatronFeesError } from '../../errors.js';
import type {
  JetStreamConsumerLike,
  JetStreamDelivery,
  JetStreamManagerLike,
  JetStreamMessageLike,
} from './natsDriver.js';

/** Reads the messages of a stream in their order, many with each request. */
export type ReadAhead = {
  /** Returns the sequence of the next message. */
  readonly position: () => number;
  /** Returns the next message if it was received. It remains the next one until `take` is called. */
  readonly peek: () => JetStreamMessageLike | undefined;
  /** Takes the next message. */
  readonly take: () => void;
  /** Waits for more messages, up to a sequence that the leader has. Returns whether there are any. */
  readonly receive: (until: number) => Promise<boolean>;
  /** Deletes what the reader has on the server. */
  readonly close: () => void;
};

/** A stream that consumers are created of. */
export type ConsumedStream = {
  /** Creates consumers. */
  readonly manager: JetStreamManagerLike;
  /** The name of the stream. */
  readonly stream: string;
  /** How long to wait for an answer, in milliseconds. */
  readonly readMs: number;
};

/** What readers of a stream share. */
export type Reading = ConsumedStream & {
  /** Reads single messages from the leader. */
  readonly at: (sequences: readonly number[]) => Promise<readonly JetStreamMessageLike[]>;
  /** The time at which consumers may be tried again after one failed, on the clock of `performance`. */
  consumersFrom: number;
};

/** The maximum number of messages of one request. */
const BATCH = 1_000;

/** The maximum size of the messages of one request, in bytes, estimated from the ones before. */
const BATCH_BYTES = 8_000_000;

/** The estimated size of a message before the first one, in bytes. */
const FIRST_BYTES = 64_000;

/** The maximum number of messages that are read from the leader at the same time. */
const WINDOW = 128;

/**
 * The maximum number of messages that are read from the leader without a consumer, which takes some requests to create.
 */
const FEW = 16;

/** The server deletes a consumer that was not used for this long, in nanoseconds. */
const UNUSED_NANOS = 30_000_000_000;

/** The shortest time that the client waits for messages, in milliseconds. */
const FETCH_MIN_MS = 1_000;

/** For how long only the leader is read after a consumer failed, in milliseconds. */
const REST_MS = 5_000;

/** Messages that were received and not taken yet. */
type Received = {
  /** The messages; those before `place` were taken. */
  list: JetStreamMessageLike[];
  place: number;
  /** The sequence after the last one received. */
  next: number;
  /** The average size of the last ones, in bytes. */
  bytes: number;
};

/**
 * Returns a reader that starts at a sequence, or one that reads only a subject.
 *
 * Messages come from a consumer, which runs on any server of the cluster and may be behind the leader. What it sends is
 * stored by a majority and never changes, and nothing is ever deleted from the stream: so a message that is missing
 * shows as a gap between two sequences. Messages that a consumer does not send in time are read from the leader.
 *
 * With a subject, sequences have gaps: the caller must check that the messages follow each other, and `receive` returns
 * false if the consumer fails.
 */
export function readAhead(reading: Reading, sequence: number, subject?: string): ReadAhead {
  const received: Received = { list: [], place: 0, next: sequence, bytes: FIRST_BYTES };
  const source = consumerSource(reading, received, subject);
  let position = sequence;
  const left = () => received.list.length - received.place;

  const fromLeader = async (until: number): Promise<boolean> => {
    const size = Math.max(1, Math.min(WINDOW, Math.floor(BATCH_BYTES / received.bytes)));
    const count = Math.min(size, until - received.next + 1);
    const messages = await reading.at(Array.from({ length: count }, (_, index) => received.next + index));
    for (const message of messages) note(received, message);
    return messages.length > 0;
  };

  return {
    position: () => position,
    peek: () => received.list[received.place],
    take: () => {
      const message = received.list[received.place];
      if (message === undefined) return;
      position = message.seq + 1;
      received.place += 1;
      if (received.place >= BATCH || left() === 0) {
        received.list = received.list.slice(received.place);
        received.place = 0;
      }
      source.prefetch();
    },
    receive: async (until) => {
      const wasOpen = source.isOpen();
      const isWorthAConsumer = subject !== undefined || wasOpen || until - received.next >= FEW;
      if (isWorthAConsumer && performance.now() >= reading.consumersFrom) {
        if ((await source.arrival(until)) || left() > 0) return true;
        // The server may have deleted an old consumer; then a new one follows.
        if (wasOpen && ((await source.arrival(until)) || left() > 0)) return true;
        reading.consumersFrom = performance.now() + REST_MS;
      }
      return subject === undefined && (left() > 0 || (await fromLeader(until)));
    },
    close: source.close,
  };
}

/** A consumer that was created, with the number of messages that it can send. */
type OpenConsumer = {
  readonly consumer: JetStreamConsumerLike;
  readonly pending: number;
  /** Deletes it, without waiting for the answer: the server would delete an unused consumer anyway. */
  readonly remove: () => void;
};

/** Creates a consumer that sends the messages from a sequence on: all, those of one subject, or only all headers. */
export async function openConsumer(
  { manager, stream, readMs }: ConsumedStream,
  { from, subject, headersOnly }: { from: number; subject?: string | undefined; headersOnly?: true },
): Promise<OpenConsumer> {
  const info = await within(
    readMs,
    manager.consumers.add(stream, {
      ack_policy: 'none',
      deliver_policy: 'by_start_sequence',
      opt_start_seq: from,
      inactive_threshold: UNUSED_NANOS,
      mem_storage: true,
      num_replicas: 1,
      ...(subject !== undefined && { filter_subject: subject }),
      ...(headersOnly && { headers_only: true }),
    }),
  );
  return {
    consumer: manager.jetstream().consumers.getConsumerFromInfo(info),
    pending: info.num_pending,
    remove: () => void manager.consumers.delete(stream, info.name).catch(() => undefined),
  };
}

function note(received: Received, message: JetStreamMessageLike): void {
  received.list.push(message);
  received.next = message.seq + 1;
  received.bytes = Math.max(1, (received.bytes + message.data.length) / 2);
}

/** Returns a source of messages that creates its consumer when first used, and another one after it failed. */
function consumerSource(reading: Reading, received: Received, subject: string | undefined) {
  const { readMs } = reading;
  const expiresMs = Math.max(FETCH_MIN_MS, readMs);
  // The number of messages that the consumer still has, as it last reported.
  let pending = 0;
  let open: OpenConsumer | undefined;
  let running: Promise<boolean> | undefined;
  let wake: (() => void) | undefined;

  /** Asks for messages once; returns whether any came, and none was missing. */
  const request = async (until: number): Promise<boolean> => {
    if (open === undefined) {
      open = await openConsumer(reading, { from: received.next, subject });
      pending = open.pending;
    }
    const wanted = subject === undefined ? until - received.next + 1 : pending;
    const count = Math.min(BATCH, Math.max(1, Math.floor(BATCH_BYTES / received.bytes)), wanted);
    if (count < 1) return false;
    const messages = await open.consumer.fetch({ max_messages: count, expires: expiresMs });
    const first = received.next;
    const drained = async () => {
      for await (const message of messages) {
        if (subject === undefined && message.seq !== received.next) return false;
        note(received, storedMessage(message));
        pending = message.info.pending;
        // Only after the other messages that arrived with this one.
        if (wake !== undefined) setImmediate(wake);
        wake = undefined;
      }
      return received.next > first;
    };
    try {
      return await within(expiresMs + readMs, drained());
    } finally {
      // Not awaited: every message received so far is complete.
      messages.close().catch(() => undefined);
    }
  };

  const close = () => {
    open?.remove();
    open = undefined;
  };

  const fetch = (until: number): Promise<boolean> => {
    running ??= request(until)
      .catch(() => false)
      .then((more) => {
        running = undefined;
        if (more) prefetch();
        else close();
        return more;
      });
    return running;
  };

  /** Requests the next messages, so that they arrive while the previous ones are processed. */
  const prefetch = () => {
    const isEnough = received.list.length - received.place >= BATCH / 2;
    if (isEnough || running !== undefined || open === undefined || pending === 0) return;
    void fetch(received.next + pending - 1);
  };

  return {
    isOpen: () => open !== undefined,
    close,
    prefetch,
    /** Waits for the first messages of a request; returns false without any. */
    arrival: async (until: number): Promise<boolean> => {
      const ended = fetch(until);
      const arrived = new Promise<boolean>((resolve) => {
        wake = () => resolve(true);
      });
      return Promise.race([ended, arrived]);
    },
  };
}

/** Returns a message as the leader would return it. */
function storedMessage({ subject, seq, timestampNanos, data }: JetStreamDelivery): JetStreamMessageLike {
  return { subject, seq, timestamp: instantOfNanos(String(timestampNanos)), data };
}

/** The last second that was written: many messages have the same second. */
let second = { digits: '', text: '' };

/** The time in UTC, with all digits but trailing zeros, as the server writes it. */
function instantOfNanos(nanos: string): string {
  const digits = nanos.slice(0, -9);
  if (digits !== second.digits) {
    second = { digits, text: new Date(Number(digits) * 1000).toISOString().slice(0, 19) };
  }
  let end = nanos.length;
  while (end > digits.length && nanos.charCodeAt(end - 1) === ZERO) end -= 1;
  return end === digits.length ? `${second.text}Z` : `${second.text}.${nanos.slice(digits.length, end)}Z`;
}

const ZERO = 48;

/** Errors that are not retried: those of the client, and of programs. */
const FINAL = new Set([
  'AuthorizationError',
  'ClosedConnectionError',
  'DrainingConnectionError',
  'InvalidArgumentError',
  'InvalidNameError',
  'InvalidOperationError',
  'InvalidSubjectError',
  'PermissionViolationError',
  'RangeError',
  'TypeError',
  'UserAuthenticationExpiredError',
]);

const PAUSE_MIN_MS = 20;
const PAUSE_MAX_MS = 500;

/** One attempt: returns a result, or {@link RETRY}. */
type Attempt<Result> = () => Promise<Result | typeof RETRY>;

/** The result of an attempt that may succeed later. */
export const RETRY: unique symbol = Symbol('again');

/**
 * Repeats an attempt until it returns a result. A cluster does not answer for some seconds while it elects a leader,
 * and a new leader may be behind for a moment; neither is an error yet.
 *
 * @param totalMs - the timeout, in milliseconds
 * @param attempt - one attempt
 * @throws {@link PatronFeesError} `STORE_UNAVAILABLE` if no attempt succeeds in time; errors that waiting does not
 * resolve, at once
 */
export async function retryUntil<Result>(totalMs: number, attempt: Attempt<Result>): Promise<Result> {
  const end = performance.now() + totalMs;
  let cause: unknown;
  for (let pauseMs = PAUSE_MIN_MS; ; pauseMs = Math.min(2 * pauseMs, PAUSE_MAX_MS)) {
    try {
      const result = await attempt();
      if (result !== RETRY) return result;
    } catch (error) {
      if (isFinal(error)) throw error;
      cause = error;
    }
    if (performance.now() + pauseMs > end) throw unavailable(totalMs, cause);
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}

/** Returns whether waiting does not resolve an error: misuse, and requests that the server refuses. */
export function isFinal(error: unknown): boolean {
  const { name, status, cause } = Object(error) as Readonly<Record<string, unknown>>;
  const isRefusal = typeof status === 'number' && status >= 400 && status < 500;
  if (isPatronFeesError(error) || isRefusal || FINAL.has(String(name))) return true;
  // The client wraps the errors of its requests.
  return name === 'RequestError' && isFinal(cause);
}

/** Waits for an answer; rejects after the timeout, and ignores a later answer. */
export async function within<Answer>(timeoutMs: number, answer: Promise<Answer>): Promise<Answer> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Returns the error for a request that NATS did not complete in time, with its reason and code, if it gave them. */
export function unavailable(waitedMs: number, cause: unknown): PatronFeesError {
  const reason = cause === undefined ? 'the leader is behind' : String(cause);
  const { code } = Object(cause) as { readonly code?: unknown };
  const detail = typeof code === 'number' ? `${reason}, code ${code}` : reason;
  return new PatronFeesError(
    'STORE_UNAVAILABLE',
    `NATS did not complete the request within ${Math.round(waitedMs)} ms: ${detail}`,
    {
      waitedMs: Math.round(waitedMs),
      reason,
      ...(typeof code === 'number' && { code }),
      cause,
    },
  );
}
