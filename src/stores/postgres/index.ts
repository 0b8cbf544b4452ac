/**
 * Keeps events in PostgreSQL: over a `Pool` or `Client` of pg, or in PGlite.
 *
 * @stability stable
 * @module postgres
 */

// Set up: create the tables.

export { migrate } from './migrate.js';

// Driver: the part of a client that the store uses.

export type { Queryable } from './queryable.js';

// Event store

export type { PostgresProjection } from './appendTo.js';
export type { PostgresEventStore, PostgresEventStoreOptions, PostgresLag } from './postgresEventStore.js';
export type { OnBatch, StoreBatch } from '../batchQueue.js';
export { postgresEventStore } from './postgresEventStore.js';

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

// Locks: one runner of a projection at a time.

export { advisoryLock } from './dedicatedConnection.js';
