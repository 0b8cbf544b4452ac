/**
 * Hands the events to other systems: an outbox that each append writes in its transaction, and a relay that sends from
 * it.
 *
 * @stability may change
 * @module feed
 */

// Events for others: CloudEvents.

export {
  type CloudEvent,
  cloudEvent,
  type CloudEventOptions,
  type Outbox,
  type OutboxOptions,
  type WaitingEvent,
} from './outbox.js';

// Outbox: events that wait to be sent.

export { postgresOutbox } from './postgresOutbox.js';
export { type SqliteOutboxOptions, sqliteOutbox } from './sqliteOutbox.js';

// Relay: sends what waits.

export { type RelayOptions, type RelayProgress, relay } from './relay.js';
