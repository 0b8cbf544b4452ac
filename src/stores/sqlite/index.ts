/**
 * Keeps events in an SQLite database: libsql, better-sqlite3 or Node's own.
 *
 * @stability stable
 * @module sqlite
 */

// Set up: create the tables.

export { forgetPart, migrate, partsOf } from './migrate.js';

// Driver: the part of a database that the store uses.

export { type SqliteDatabase, sqliteLock, type SqliteStatement } from './sqliteDatabase.js';

// Event store

export { type SqliteEventStore, sqliteEventStore, type SqliteEventStoreOptions } from './sqliteEventStore.js';
export type { SqliteProjection, TransactionTask } from './sqliteTransaction.js';
export type { OnBatch, StoreBatch } from '../batchQueue.js';

// Parts: what a database notes as its own.

// Table of accounts: find who owes what, by one indexed query.

export {
  type AccountOrder,
  accountOrders,
  type FindAccountsForm,
  type FoundAccounts,
} from '../readModels/findAccountsForm.js';
export type { FoundAccount } from '../readModels/accountColumns.js';
export type {
  AccountsProjectionOptions,
  RebuildAccountsOptions,
  RebuiltAccounts,
} from '../readModels/buildBeside.js';
export {
  accountsProjection,
  findAccounts,
  inlineAccounts,
  rebuildAccounts,
  tillIndex,
} from './accountsTable.js';

// Locks: one runner of a projection, or one relay, at a time.
