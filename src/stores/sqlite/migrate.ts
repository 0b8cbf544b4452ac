import { PatronFeesError } from '../../errors.js';
import type { StoreRow } from '../../history/codec.js';
import { namesIn, partsToNote, withoutPart } from '../parts.js';
import { columnNames, createTables, tableNames } from '../readModels/accountColumns.js';
import {
  assertDatabase,
  inTransaction,
  keptStatement,
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

// What a database notes of its parts, in SQLite.

const READ = 'select part_names from patron_fees_schema';

function notedIn(database: SqliteDatabase): unknown {
  return (keptStatement(database, READ).get() as StoreRow | undefined)?.part_names;
}

function note(database: SqliteDatabase, names: string): void {
  database.prepare('update patron_fees_schema set part_names = ?').run(names);
}

/**
 * Notes the parts of a store, within the transaction of its append.
 *
 * @param noted - what the database notes
 * @throws {@link index.PatronFeesError | PatronFeesError} `STORE_INCOMPLETE` if the store lacks one
 */
export function assertParts(database: SqliteDatabase, own: string, noted: unknown): void {
  const added = partsToNote(noted, own);
  if (added !== undefined) note(database, added);
}

/**
 * Returns what a database notes as its own: the names of the inline projections of its stores, such as `accounts` and
 * `outbox`, and `keys` if its texts are under keys. A store without one of them cannot append.
 *
 * @param database - an open database, after {@link migrate}
 * @returns the names, in order
 *
 * @example
 * ```ts
 * import Database from 'libsql';
 * import { inlineAccounts, migrate, partsOf, sqliteEventStore } from 'patron-fees/sqlite';
 *
 * const database = new Database(':memory:');
 * migrate(database);
 * const store = sqliteEventStore(database, { inline: [inlineAccounts] });
 * const data = { disputeId: 'd1', feeId: 'f1', at: '2026-03-02T09:00:00Z' };
 * const event = { type: 'FeeDisputed', data } as const;
 * const stream = { institution: 'north', patronId: 'p1' };
 * await store.append(stream, [event], { expectedVersion: 0 });
 * partsOf(database); //=> ['accounts']
 *
 * await sqliteEventStore(database).append(stream, [event], { expectedVersion: 1 }); //=> throws STORE_INCOMPLETE
 * ```
 */
export function partsOf(database: SqliteDatabase): readonly string[] {
  assertDatabase(database);
  return withNamedErrors(() => namesIn(notedIn(database)));
}

/**
 * Makes a database forget a part, so that stores without it can append. Call this once no program has the projection
 * in `inline` any more, or a {@link keys.keyedEventStore | keyedEventStore} over this database. A program that still
 * has it notes it again.
 *
 * @param database - an open database, after {@link migrate}
 * @param name - the name, as {@link partsOf} returns it
 * @returns whether the database had noted it
 *
 * @example
 * ```ts
 * import Database from 'libsql';
 * import { forgetPart, migrate } from 'patron-fees/sqlite';
 *
 * const database = new Database(':memory:');
 * migrate(database);
 * forgetPart(database, 'outbox'); //=> false
 * ```
 */
export function forgetPart(database: SqliteDatabase, name: string): boolean {
  assertDatabase(database);
  return withNamedErrors(() =>
    inTransaction(database, () => {
      const left = withoutPart(notedIn(database), name);
      if (left !== undefined) note(database, left);
      return left !== undefined;
    }),
  );
}
