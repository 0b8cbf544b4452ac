import type {
  JetStreamAck,
  JetStreamConsumerSettings,
  JetStreamDelivery,
  JetStreamManagerLike,
  JetStreamMessageLike,
  JetStreamPublishing,
  JetStreamQuery,
  JetStreamSettings,
  NatsConnectionLike,
} from 'patron-fees/nats';

type Found = JetStreamMessageLike | null;

/** A JetStream stream in memory that simulates the faults of a cluster, at the calls that a test chooses. */
export type FakeJetStream = {
  readonly connection: NatsConnectionLike;
  readonly manager: JetStreamManagerLike;
  /** The stored messages. */
  readonly messages: JetStreamMessageLike[];
  /** The outcomes of the next publishes, in order; later ones are stored. */
  readonly publishes: ((store: () => JetStreamAck) => JetStreamAck)[];
  /** The outcomes of the next reads, in order; later ones are answered. */
  readonly reads: ((read: () => Found) => Found)[];
  /** The last sequences that the next answers on the stream's state report; later ones report the real one. */
  readonly ends: number[];
  /** The outcomes of the next requests to consumers, in order; later ones are answered. */
  readonly fetches: ((sent: readonly JetStreamDelivery[]) => readonly JetStreamDelivery[])[];
  /** The settings of every consumer so far. */
  readonly consumers: JetStreamConsumerSettings[];
  /** The sizes of all requests to consumers so far. */
  readonly fetched: number[];
  /** The consumers that exist. */
  readonly open: Set<string>;
  /** Every read so far. */
  readonly queries: JetStreamQuery[];
  /** The settings of every created stream. */
  readonly made: JetStreamSettings[];
};

/** The time of the first message; each later one is a second after the one before. */
export const EPOCH = Date.parse('2026-03-02T09:00:00Z');

/** Returns an error like those of the client. */
export function clientError(name: string, more: { code?: number; status?: number } = {}): Error {
  return Object.assign(new Error(name), { name, ...more });
}

/** Returns the client's error for a missing answer. */
export const timeout = () => clientError('TimeoutError');

/** Creates an empty stream. */
export function fakeJetStream(maxPayload = 1_048_576): FakeJetStream {
  const messages: JetStreamMessageLike[] = [];
  const fake: Omit<FakeJetStream, 'manager' | 'connection'> = {
    messages,
    publishes: [],
    reads: [],
    ends: [],
    fetches: [],
    consumers: [],
    fetched: [],
    open: new Set(),
    queries: [],
    made: [],
  };
  const lastOf = (subject: string) => messages.filter((message) => message.subject === subject).at(-1);
  const store = (subject: string, payload: string, { expect }: JetStreamPublishing): JetStreamAck => {
    if ((lastOf(subject)?.seq ?? 0) !== expect.lastSubjectSequence) {
      throw clientError('JetStreamApiError', { code: 10071, status: 400 });
    }
    const seq = messages.length + 1;
    const timestamp = new Date(EPOCH + 1000 * messages.length).toISOString();
    messages.push({ subject, seq, timestamp, data: new TextEncoder().encode(payload) });
    return { seq };
  };
  const sendable = (settings: JetStreamConsumerSettings, from: number): JetStreamDelivery[] => {
    const subject = settings.filter_subject;
    const wanted = messages.filter(
      (message) => message.seq >= from && (subject === undefined || message.subject === subject),
    );
    return wanted.map(({ seq, data, subject: to, timestamp }, index) => ({
      subject: to,
      seq,
      data,
      timestampNanos: nanosOf(timestamp),
      info: { pending: wanted.length - index - 1 },
    }));
  };
  let metadata: Readonly<Record<string, string>> = {};
  const manager: JetStreamManagerLike = {
    streams: {
      getMessage: async (_stream, query) => {
        fake.queries.push(query);
        const read = () => ('seq' in query ? messages[query.seq - 1] : lastOf(query.last_by_subj)) ?? null;
        return (fake.reads.shift() ?? ((found) => found()))(read);
      },
      info: async () => ({ state: { last_seq: fake.ends.shift() ?? messages.length }, config: { metadata } }),
      update: async (_stream, change) => {
        metadata = change.metadata;
      },
      add: async (settings) => {
        fake.made.push(settings);
      },
    },
    consumers: {
      add: async (_stream, settings) => {
        const name = `C${fake.consumers.push(settings)}`;
        fake.open.add(name);
        return { name, num_pending: sendable(settings, settings.opt_start_seq).length };
      },
      delete: async (_stream, name) => fake.open.delete(name),
    },
    jetstream: () => ({
      consumers: {
        getConsumerFromInfo: ({ name }) => {
          const settings = fake.consumers[Number(name.slice(1)) - 1] as JetStreamConsumerSettings;
          let next = settings.opt_start_seq;
          return {
            fetch: async ({ max_messages }) => {
              fake.fetched.push(max_messages);
              const all = sendable(settings, next).slice(0, max_messages);
              const sent = (fake.fetches.shift() ?? ((same) => same))(all);
              next = (sent.at(-1)?.seq ?? next - 1) + 1;
              return Object.assign(deliveriesOf(sent), { close: async () => undefined });
            },
          };
        },
      },
      publish: async (subject, payload, options) =>
        (fake.publishes.shift() ?? ((stored) => stored()))(() => store(subject, payload, options)),
    }),
  };
  return { ...fake, manager, connection: { info: { max_payload: maxPayload } } };
}

async function* deliveriesOf(sent: readonly JetStreamDelivery[]) {
  yield* sent;
}

function nanosOf(timestamp: string): bigint {
  const [, fraction = ''] = /\.(\d+)Z$/.exec(timestamp) ?? [];
  return BigInt(Date.parse(`${timestamp.slice(0, 19)}Z`)) * 1_000_000n + BigInt(fraction.padEnd(9, '0'));
}
