/**
 * Keeps events in an SQLite database: libsql, better-sqlite3 or Node's own.
 *
 * @stability stable
 * @module sqlite
 */

// Set up: create the tables.

export { migrate } from './migrate.js';

// Driver: the part of a database that the store uses.

export type { SqliteDatabase, SqliteStatement } from './sqliteDatabase.js';

// Event store

export type { SqliteEventStore, SqliteEventStoreOptions } from './sqliteEventStore.js';
export type { TransactionTask } from './sqliteTransaction.js';
export type { SqliteProjection } from './sqliteProjection.js';
export type { OnBatch, StoreBatch } from '../batchQueue.js';
export { sqliteEventStore } from './sqliteEventStore.js';

// Parts: what a database notes as its own.

export { forgetPart, partsOf } from './parts.js';

// Table of accounts: find who owes what, by one indexed query.

export type {
  AccountOrder,
  FindAccountsForm,
  FoundAccounts,
} from '../readModels/findAccountsForm.js';
export type { FoundAccount } from '../readModels/accountColumns.js';
export { accountOrders } from '../readModels/findAccountsForm.js';
export type {
  AccountsProjectionOptions,
  RebuildAccountsOptions,
  RebuiltAccounts,
} from '../readModels/buildBeside.js';
export { findAccounts, inlineAccounts } from './accountsTable.js';
export { accountsProjection, rebuildAccounts } from './tableBuilds.js';
export { tillIndex } from './tillIndex.js';

// Locks: one runner of a projection, or one relay, at a time.

export { sqliteLock } from './sqliteLock.js';
