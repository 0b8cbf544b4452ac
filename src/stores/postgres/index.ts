/**
 * Keeps events in PostgreSQL: over a `Pool` or `Client` of pg, or in PGlite.
 *
 * @module postgres
 */

export { migrate } from './migrate.js';
export type { PostgresRow, Queryable } from './queryable.js';
export { postgresEventStore } from './postgresEventStore.js';
