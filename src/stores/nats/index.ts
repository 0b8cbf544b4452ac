/**
 * Keeps events in a NATS JetStream cluster, for consortia beyond one machine.
 *
 * @module nats
 */

// Set up: the JetStream stream that events are kept in.

export { createNatsStream, type NatsStream, type NatsStreamOptions } from './createNatsStream.js';

// Driver: what the store needs of a NATS client.

export type {
  JetStreamAck,
  JetStreamClientLike,
  JetStreamInfoLike,
  JetStreamManagerLike,
  JetStreamMessageLike,
  JetStreamPublishing,
  JetStreamQuery,
  JetStreamSettings,
  JetStreamStreamsLike,
  NatsConnectionLike,
  NatsServerLimits,
} from './natsDriver.js';

// Event store

export { type NatsEventStoreOptions, type NatsTimeouts, natsEventStore } from './natsEventStore.js';
