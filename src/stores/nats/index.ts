/**
 * Keeps events in a NATS JetStream cluster, for consortia beyond one machine.
 *
 * @stability may change
 * @module nats
 */

// Set up: create the JetStream stream.

export {
  createNatsStream,
  forgetPart,
  type NatsStream,
  type NatsStreamOptions,
  partsOf,
} from './createNatsStream.js';

// Driver: the part of a NATS client that the store uses.

export type {
  JetStreamAck,
  JetStreamClientLike,
  JetStreamConsumerInfo,
  JetStreamConsumerLike,
  JetStreamConsumerSettings,
  JetStreamConsumersLike,
  JetStreamDeliveries,
  JetStreamDelivery,
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
