/**
 * Keeps events in PostgreSQL: over a `Pool` or `Client` of pg, or in PGlite.
 *
 * @module postgres
 */

// Set up: the tables.

export { migrate } from './migrate.js';

// Driver: what the store needs of a client.

export type { PostgresRow, Queryable } from './queryable.js';

// Event store

export { postgresEventStore } from './postgresEventStore.js';
