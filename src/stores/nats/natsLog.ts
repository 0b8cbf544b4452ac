import { PatronFeesError } from '../../errors.js';
import { leaderClock, type OwnInstant, ownInstant } from './leaderClock.js';
import type { JetStreamManagerLike, JetStreamMessageLike, JetStreamQuery } from './natsDriver.js';
import { type NatsMessage, type NatsPlace, readMessage } from './natsMessage.js';
import { type ReadAhead, type Reading, readAhead } from './readAhead.js';
import { RETRY, retryUntil, within } from './retryUntil.js';

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
