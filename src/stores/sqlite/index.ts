/**
 * Keeps events in an SQLite database: libsql, better-sqlite3 or Node's own.
 *
 * @module sqlite
 */

export { migrate } from './migrate.js';
export type { SqliteDatabase, SqliteStatement } from './sqliteDatabase.js';
export type { SqliteEventStoreOptions } from './sqliteEventStore.js';
export { sqliteEventStore } from './sqliteEventStore.js';
