/**
 * Keeps events in PostgreSQL: over a `Pool` or `Client` of pg, or in PGlite.
 *
 * @stability stable
 * @module postgres
 */

// Set up: create the tables.

export { migrate } from './migrate.js';

// Driver: the part of a client that the store uses.

export type { Queryable } from './session.js';

// Event store

export type { PostgresProjection } from './appendTo.js';
export {
  type PostgresEventStore,
  postgresEventStore,
  type PostgresEventStoreOptions,
  type PostgresLag,
} from './postgresEventStore.js';
export type { OnBatch, StoreBatch } from '../batchQueue.js';

// Parts: what a database notes as its own.

export { forgetPart, partsOf } from './parts.js';

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
export { findAccounts, inlineAccounts, tillIndex } from './accountsTable.js';
export { accountsProjection, rebuildAccounts } from './tableBuilds.js';

// Locks: one runner of a projection at a time.

export { advisoryLock } from './dedicatedConnection.js';
