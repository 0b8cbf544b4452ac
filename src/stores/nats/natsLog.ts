import type { JetStreamManagerLike, JetStreamMessageLike, JetStreamQuery } from './natsDriver.js';
import { type NatsMessage, readMessage } from './natsMessage.js';
import { AGAIN, patiently } from './patience.js';

/** A JetStream stream, as it is read: always from its leader, since replicas and consumers may be behind. */
export type NatsLog = {
  /** The last message of a subject, undefined if there is none. */
  readonly last: (subject: string) => Promise<NatsMessage | undefined>;
  /** The messages with these sequences, in this order; the stream has them all. */
  readonly at: (sequences: readonly number[]) => Promise<readonly NatsMessage[]>;
  /** The sequence of the stream's last message, 0 when it is empty. */
  readonly end: () => Promise<number>;
};

/** The log of a stream; each answer is waited for as long as patience lasts. */
export function natsLog({ streams }: JetStreamManagerLike, stream: string, patienceMs: number): NatsLog {
  const get = (query: JetStreamQuery) => streams.getMessage(stream, query);
  return {
    last: async (subject) => {
      const message = await patiently(patienceMs, () => get({ last_by_subj: subject }));
      return message === null ? undefined : readMessage(message);
    },
    at: (sequences) =>
      Promise.all(
        sequences.map(async (seq) => {
          // A sequence that was seen exists: whoever does not have it has just become the leader, or was it until now.
          const message = await patiently<JetStreamMessageLike>(
            patienceMs,
            async () => (await get({ seq })) ?? AGAIN,
          );
          return readMessage(message);
        }),
      ),
    end: async () => (await patiently(patienceMs, () => streams.info(stream))).state.last_seq,
  };
}
