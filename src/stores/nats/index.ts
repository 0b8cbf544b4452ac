/**
 * Keeps events in a NATS JetStream cluster, for consortia beyond one machine.
 *
 * @module nats
 */
export { createNatsStream, type NatsStream, type NatsStreamOptions } from './createNatsStream.js';
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
export { type NatsEventStoreOptions, type NatsTimeouts, natsEventStore } from './natsEventStore.js';
