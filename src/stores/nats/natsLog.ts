import type { JetStreamManagerLike, JetStreamMessageLike, JetStreamQuery } from './natsDriver.js';
import { type NatsMessage, type NatsPlace, readMessage } from './natsMessage.js';
import { AGAIN, patiently, within } from './patience.js';

/**
 * A JetStream stream as it is read: always from its leader, since replicas and consumers may be behind, and never from
 * one that knows less than this log has seen. Each answer is waited for as long as patience lasts.
 */
export type NatsLog = {
  /** The last message of a subject, undefined if there is none. */
  readonly last: (subject: string) => Promise<NatsMessage | undefined>;
  /** Where the last message of a subject was when it was read; undefined when it is not known or no longer the last. */
  readonly recent: (subject: string) => NatsPlace | undefined;
  /** The messages with these sequences, in this order; the stream must have them. */
  readonly at: (sequences: readonly number[]) => Promise<readonly NatsMessage[]>;
  /**
   * The sequence of the stream's last message, 0 when it is empty. Where a reader has seen a later one, a leader that was
   * just chosen is given a moment to know it too.
   */
  readonly end: (seen?: number) => Promise<number>;
  /** Takes in that a message was stored. */
  readonly note: (subject: string, sequence: number) => void;
};

/** Of how many subjects a log remembers the last message. */
const SUBJECTS_MAX = 1000;

/** How long a leader that was just chosen may not know the last messages yet, in milliseconds. */
const LATE_MS = 2_000;

/** The log of a stream. */
export function natsLog(
  { streams }: JetStreamManagerLike,
  stream: string,
  { readMs, totalMs }: { readonly readMs: number; readonly totalMs: number },
): NatsLog {
  const answered = onceReached();
  const get = (query: JetStreamQuery) => answered(() => within(readMs, streams.getMessage(stream, query)));
  const seen = recentlySeen();
  return {
    last: async (subject) => {
      const message = await patiently<NatsMessage | undefined>(totalMs, async () => {
        const found = await get({ last_by_subj: subject });
        return (found?.seq ?? 0) < seen.sequenceOf(subject) ? AGAIN : found ? readMessage(found) : undefined;
      });
      if (message !== undefined) seen.note(subject, message.sequence, placeOf(message));
      return message;
    },
    recent: seen.placeOf,
    at: (sequences) =>
      Promise.all(
        sequences.map(async (seq) => {
          const found = async () => (await get({ seq })) ?? AGAIN;
          return readMessage(await patiently<JetStreamMessageLike>(totalMs, found));
        }),
      ),
    end: async (already = 0) => {
      const until = performance.now() + LATE_MS;
      return patiently(totalMs, async () => {
        const { last_seq } = (await answered(() => within(readMs, streams.info(stream)))).state;
        const isLate = last_seq < seen.highest() || (last_seq < already && performance.now() < until);
        return isLate ? AGAIN : last_seq;
      });
    },
    note: seen.note,
  };
}

function placeOf({ sequence, subject, version, recordedAt, earlier }: NatsMessage): NatsPlace {
  return { sequence, subject, version, recordedAt, earlier };
}

/** "stream not found" */
const STREAM_NOT_FOUND = 10059;

/**
 * Asks a stream. Servers that have all just started say for a moment that it is not there; where it has answered before,
 * that is no reason to give up.
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

/** Remembers what was seen of the subjects that were used last. */
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
