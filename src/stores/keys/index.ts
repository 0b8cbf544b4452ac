/**
 * Encrypts the texts of events under a key for each account, so that deleting the key erases them everywhere.
 *
 * @stability may change
 * @module keys
 */

// Store: an event store whose texts are encrypted.

export { keyedEventStore } from './keyedEventStore.js';

// Keys: the port of key stores, and its adapters.

export { type KeyOptions, type KeyStore, type MasterKey, memoryKeys } from './keyStore.js';
export { postgresKeys } from './postgresKeys.js';
export { sqliteKeys } from './sqliteKeys.js';

// Rotation: new keys for new events, a new master key.

export { type RenewOptions, renewKeys } from './renewKeys.js';
