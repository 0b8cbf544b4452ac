// The part of the NATS client that the store uses, by its shape: nobody needs its types to compile against this package.

/** A connection, as `connect` of `@nats-io/transport-node` gives it. */
export type NatsConnectionLike = {
  /** What the server said when it was connected to; read anew for every append. */
  readonly info?: NatsServerLimits | undefined;
};

/** What a server says of itself. */
export type NatsServerLimits = {
  /** The largest message that the server takes, in bytes. */
  readonly max_payload: number;
};

/** The manager that `jetstreamManager` of `@nats-io/jetstream` gives. */
export type JetStreamManagerLike = {
  /** Reads messages and makes streams. */
  readonly streams: JetStreamStreamsLike;
  /** The client that publishes. */
  jetstream(): JetStreamClientLike;
};

/** Reads messages from the leader of a stream, and makes streams. */
export type JetStreamStreamsLike = {
  /** A message by its sequence or the last one of a subject; null if there is none. */
  getMessage(stream: string, query: JetStreamQuery): Promise<JetStreamMessageLike | null>;
  /** The state of a stream. */
  info(stream: string): Promise<JetStreamInfoLike>;
  /** Makes a stream; does nothing where it is already there with the same settings. */
  add(settings: JetStreamSettings): Promise<unknown>;
};

/** Which message to read. */
export type JetStreamQuery =
  | {
      /** Its place in the JetStream stream. */
      readonly seq: number;
    }
  | {
      /** The subject whose last message is meant. */
      readonly last_by_subj: string;
    };

/** A stored message. */
export type JetStreamMessageLike = {
  /** The subject that it was published to. */
  readonly subject: string;
  /** Its place in the JetStream stream, from 1. */
  readonly seq: number;
  /** When the server stored it, ISO 8601 in UTC, to the nanosecond. */
  readonly timestamp: string;
  /** The payload. */
  readonly data: Uint8Array;
};

/** What is known of a stream. */
export type JetStreamInfoLike = {
  /** How far it goes. */
  readonly state: {
    /** The sequence of its last message, 0 when it is empty. */
    readonly last_seq: number;
  };
  /** Its settings, of which the server gives every one. */
  readonly config?: object;
};

/** Publishes to streams. */
export type JetStreamClientLike = {
  /** Publishes a message and waits until a majority of the servers has it. */
  publish(subject: string, payload: string, options: JetStreamPublishing): Promise<JetStreamAck>;
};

/** Under which conditions to publish. */
export type JetStreamPublishing = {
  /** What must hold for the message to be stored. */
  readonly expect: {
    /** The stream that takes the subject. */
    readonly streamName: string;
    /** The sequence of the subject's last message, 0 for none. */
    readonly lastSubjectSequence: number;
  };
  /** How long to wait for the answer, in milliseconds. */
  readonly timeout: number;
};

/** What the server answers when it has stored a message. */
export type JetStreamAck = {
  /** The sequence of the message. */
  readonly seq: number;
};

/** The settings of a stream. */
export type JetStreamSettings = {
  /** Its name. */
  readonly name: string;
  /** The subjects that it takes. */
  readonly subjects: string[];
  /** How many servers keep it. */
  readonly num_replicas: number;
  /** No message can be deleted. */
  readonly deny_delete: boolean;
  /** The stream cannot be emptied. */
  readonly deny_purge: boolean;
  /** Any replica may answer reads of single messages, for other programs: the store itself asks the leader. */
  readonly allow_direct: boolean;
};
