import type { PGlite } from '@electric-sql/pglite';
import type BetterSqlite3 from 'better-sqlite3';
import type Libsql from 'libsql';
import type pg from 'pg';
import { expectTypeOf, it } from 'vitest';
import type { StreamId } from '../../src/history/index.js';
import type { Queryable } from '../../src/stores/postgres/index.js';
import type { SqliteDatabase, SqliteEventStore } from '../../src/stores/sqlite/index.js';

it('accepts the database types of every supported driver', () => {
  expectTypeOf<Libsql.Database>().toExtend<SqliteDatabase>();
  expectTypeOf<BetterSqlite3.Database>().toExtend<SqliteDatabase>();
  expectTypeOf<pg.Pool>().toExtend<Queryable>();
  expectTypeOf<pg.Client>().toExtend<Queryable>();
  expectTypeOf<PGlite>().toExtend<Queryable>();
});

it('refuses a transaction of SQLite with a task that returns a promise', () => {
  const use = (store: SqliteEventStore, accounts: readonly StreamId[], unknown: never) => {
    expectTypeOf(store.transaction(accounts, (transaction) => transaction.load)).resolves.toBeFunction();
    expectTypeOf(store.transaction(accounts, () => undefined)).resolves.toBeUndefined();
    expectTypeOf(store.transaction(accounts, () => unknown)).resolves.toBeNever();
    // @ts-expect-error a task that awaits
    void store.transaction(accounts, async () => 1);
  };
  expectTypeOf(use).toBeFunction();
});
