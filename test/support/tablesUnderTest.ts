import { PGlite } from '@electric-sql/pglite';
import { afterAll, beforeAll } from 'vitest';
import type { EventStore, FollowedProjection } from '../../src/history/index.js';
import * as postgres from '../../src/stores/postgres/index.js';
import * as sqlite from '../../src/stores/sqlite/index.js';
import { type AccountTables, postgresTables, sqliteTables } from './accountTables.js';
import { libsql, type OpenDatabase } from './sqliteDrivers.js';

/** An earlier release appends without the table, and does not look at what the database notes. */
const ofEarlierRelease = { name: 'accounts', apply: () => undefined };

/** A database whose tables of accounts can be kept inline or by following. */
export type TablesUnderTest<Release> = {
  /** A store with its events; `inline` if it keeps the tables, `plain` as one of an earlier release that does not. */
  readonly store: (how: 'inline' | 'plain') => EventStore;
  readonly projection: (store: EventStore, options?: sqlite.AccountsProjectionOptions) => FollowedProjection;
  readonly find: (form: sqlite.FindAccountsForm) => Promise<sqlite.FoundAccounts>;
  readonly rebuild: (options?: sqlite.RebuildAccountsOptions) => Promise<sqlite.RebuiltAccounts>;
  readonly migrate: () => void | Promise<void>;
  readonly sql: (text: string) => Promise<unknown>;
  readonly tables: () => Promise<AccountTables>;
  /** The same database, as another release sees it. */
  readonly as: (release: Release) => TablesUnderTest<Release>;
};

type Sqlite = typeof sqlite;
type Postgres = typeof postgres;

/** Returns a function that opens a new database in SQLite. */
export function sqliteTablesUnderTest(): () => Promise<TablesUnderTest<Sqlite>> {
  const databases: OpenDatabase[] = [];
  afterAll(() => {
    for (const database of databases) database.close();
  });
  const inDatabase = (database: OpenDatabase, release: Sqlite): TablesUnderTest<Sqlite> => ({
    store: (how) =>
      release.sqliteEventStore(database, {
        inline: [how === 'inline' ? release.inlineAccounts : ofEarlierRelease],
      }),
    projection: (store, options) => release.accountsProjection(database, store, options),
    find: (form) => release.findAccounts(database, form),
    rebuild: (options) => release.rebuildAccounts(database, options),
    migrate: () => release.migrate(database),
    sql: async (text) => database.exec(text),
    tables: async () => sqliteTables(database),
    as: (other) => inDatabase(database, other),
  });
  return async () => {
    const database = libsql.open(':memory:');
    databases.push(database);
    sqlite.migrate(database);
    return inDatabase(database, sqlite);
  };
}

/** Returns a function that empties a database in PostgreSQL, as `migrate` leaves it. */
export function postgresTablesUnderTest(): () => Promise<TablesUnderTest<Postgres>> {
  const database = new PGlite();
  beforeAll(() => postgres.migrate(database));
  afterAll(() => database.close());
  const as = (release: Postgres): TablesUnderTest<Postgres> => ({
    store: (how) =>
      release.postgresEventStore(database, {
        inline: [how === 'inline' ? release.inlineAccounts : ofEarlierRelease],
      }),
    projection: (store, options) => release.accountsProjection(database, store, options),
    find: (form) => release.findAccounts(database, form),
    rebuild: (options) => release.rebuildAccounts(database, options),
    migrate: () => release.migrate(database),
    sql: (text) => database.exec(text),
    tables: () => postgresTables(database),
    as,
  });
  return async () => {
    for (const table of ['event', 'accounts_all', 'owed_all', 'till_all', 'read_model'])
      await database.query(`truncate patron_fees_${table}`);
    return as(postgres);
  };
}
