import type { PGlite } from '@electric-sql/pglite';
import type BetterSqlite3 from 'better-sqlite3';
import type Libsql from 'libsql';
import type pg from 'pg';
import { expectTypeOf, it } from 'vitest';
import type { Queryable } from '../../src/stores/postgres/index.js';
import type { SqliteDatabase } from '../../src/stores/sqlite/index.js';

it('accepts the database types of every supported driver', () => {
  expectTypeOf<Libsql.Database>().toExtend<SqliteDatabase>();
  expectTypeOf<BetterSqlite3.Database>().toExtend<SqliteDatabase>();
  expectTypeOf<pg.Pool>().toExtend<Queryable>();
  expectTypeOf<pg.Client>().toExtend<Queryable>();
  expectTypeOf<PGlite>().toExtend<Queryable>();
});
