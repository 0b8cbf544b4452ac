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
