import { PatronFeesError } from '../../errors.js';
import type { StoreRow } from '../../history/codec.js';
import { columnNames, createTables, tableNames } from '../readModels/accountTables.js';
import {
  assertDatabase,
  inTransaction,
  overwriteDeleted,
  type SqliteDatabase,
  withNamedErrors,
} from './sqliteDatabase.js';

/**
 * Each step migrates the schema by one version. Never change a released step: append another. The tables of accounts
 * are in no step: they are made of their columns, and new columns are added.
 */
const steps: readonly string[] = [
  `create table patron_fees_event (
     position     integer primary key autoincrement,
     institution  text not null,
     patron_id    text not null,
     version      integer not null,
     recorded_at  text not null,
     event        text not null,
     unique (institution, patron_id, version)
   );
   create index patron_fees_account on patron_fees_event (position) where version = 1;
   create index patron_fees_account_of on patron_fees_event (institution, position) where version = 1;`,
  `create table patron_fees_read_model (
     name text primary key, layout integer not null, is_complete integer not null, cursor text
   );`,
  `alter table patron_fees_event add column is_left_by_purge integer not null default 0;
   drop index patron_fees_account;
   drop index patron_fees_account_of;
   create index patron_fees_account on patron_fees_event (position) where version = 1 or is_left_by_purge = 1;
   create index patron_fees_account_of on patron_fees_event (institution, position)
     where version = 1 or is_left_by_purge = 1;`,
  `alter table patron_fees_read_model add column generation integer not null default 0;
   delete from patron_fees_read_model;
   drop table if exists patron_fees_accounts;
   drop table if exists patron_fees_owed;
   drop table if exists patron_fees_till;`,
];

/**
 * Creates the tables that {@link sqliteEventStore} needs, or migrates those of an earlier release. Does nothing if they
 * are up to date; several processes may call it at once.
 *
 * @param database - an open database, which may have tables of your own
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` if a later release has migrated the tables
 *
 * @example
 * ```ts
 * import Database from 'libsql';
 * import { migrate } from 'patron-fees/sqlite';
 *
 * const database = new Database(':memory:');
 * migrate(database);
 * migrate(database);
 * ```
 */
export function migrate(database: SqliteDatabase): void {
  assertDatabase(database);
  withNamedErrors(() => migrateTables(database));
}

function migrateTables(database: SqliteDatabase): void {
  // No store has set the timeout of this connection yet.
  database.exec('pragma busy_timeout = 5000');
  overwriteDeleted(database);
  inTransaction(database, () => {
    database.exec('create table if not exists patron_fees_schema (version integer not null)');
    const found = database.prepare('select version from patron_fees_schema').get();
    const version = found === undefined ? 0 : Number((found as { version: unknown }).version);
    if (version > steps.length) {
      throw new PatronFeesError(
        'INVALID_ARGUMENT',
        `the tables have version ${version} of a later release; this release supports up to version ${steps.length}`,
        { version, known: steps.length },
      );
    }
    if (found === undefined) database.exec('insert into patron_fees_schema (version) values (0)');
    for (const step of steps.slice(version)) database.exec(step);
    database.exec(`update patron_fees_schema set version = ${steps.length}`);
    const columnsOf = (table: string) =>
      (database.prepare('select name from pragma_table_info(?)').all(table) as StoreRow[]).map(({ name }) =>
        String(name),
      );
    // In no step: stores of earlier releases, which do not know it, go on.
    if (!columnsOf('patron_fees_schema').includes('part_names'))
      database.exec("alter table patron_fees_schema add column part_names text not null default ''");
    const hasColumns = tableNames.every((table) => {
      const known = columnsOf(`patron_fees_${table}`);
      return columnNames(table).every((name) => known.includes(name));
    });
    if (!hasColumns) database.exec(createTables('sqlite', columnsOf));
  });
}
