/**
 * Keeps events in PostgreSQL: over a `Pool` or `Client` of pg, or in PGlite.
 *
 * @module postgres
 */

// Set up: create the tables.

export { migrate } from './migrate.js';

// Driver: the part of a client that the store uses.

export type { PostgresRow, Queryable } from './queryable.js';

// Event store

export type { PostgresProjection } from './appendTo.js';
export type { PostgresEventStore, PostgresEventStoreOptions, PostgresLag } from './postgresEventStore.js';
export { postgresEventStore } from './postgresEventStore.js';
