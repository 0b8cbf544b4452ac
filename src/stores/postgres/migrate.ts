import { PatronFeesError } from '../../errors.js';
import { columnNames, createTables, tableNames } from '../readModels/accountColumns.js';
import { assertQueryable, errorCodeOf, ownSession, type Queryable, retryTransient } from './session.js';

/**
 * Each step migrates the schema by one version. Never change a released step: append another. The tables of accounts
 * are in no step: they are made of their columns, and new columns are added.
 */
const steps: readonly string[] = [
  `create table patron_fees_event (
     position     bigint generated always as identity,
     transaction  bigint not null,
     institution  text collate "C" not null,
     patron_id    text collate "C" not null,
     version      integer not null,
     recorded_at  timestamptz not null,
     event        text not null,
     primary key (institution, patron_id, version)
   );
   create unique index patron_fees_order on patron_fees_event (transaction, position);
   create index patron_fees_account on patron_fees_event (transaction, position) where version = 1;
   create index patron_fees_account_of on patron_fees_event (institution, transaction, position)
     where version = 1;`,
  `create table patron_fees_read_model (
     name text primary key, layout integer not null, is_complete integer not null, cursor text
   );`,
  `alter table patron_fees_event add column is_left_by_purge boolean not null default false;
   drop index patron_fees_account;
   drop index patron_fees_account_of;
   create index patron_fees_account on patron_fees_event (transaction, position) where version = 1 or is_left_by_purge;
   create index patron_fees_account_of on patron_fees_event (institution, transaction, position)
     where version = 1 or is_left_by_purge;
   create index patron_fees_left_by_purge on patron_fees_event (transaction) where is_left_by_purge;`,
  // Whether earlier releases have erased events is not known.
  `alter table patron_fees_schema add column erased_in oid;
   update patron_fees_schema set erased_in = pg_relation_filenode('patron_fees_event')
   where exists (select from patron_fees_event);`,
  `alter table patron_fees_read_model add column generation integer not null default 0;
   delete from patron_fees_read_model;
   ${['accounts', 'owed', 'till'].map((table) => `execute format('drop table if exists %I.patron_fees_${table}', current_schema());`).join(' ')}`,
  'alter table patron_fees_schema add column timeline text;',
  "alter table patron_fees_schema add column lost int8range[] not null default '{}';",
  'alter table patron_fees_schema add column server text, add column event_table text;',
];

/** An arbitrary number that no other program locks. */
const LOCK = 7_283_662_337;

/**
 * Whether a view of the tables of accounts, in the first schema of the search path, lacks columns of this release. The
 * update of the version makes concurrent transactions with an older snapshot fail.
 */
const LACK_COLUMNS = tableNames
  .map(
    (table) =>
      `not array(select attname::text from pg_attribute
        where attrelid = to_regclass(format('%I.patron_fees_${table}', current_schema()))
      ) @> '{${columnNames(table)}}'`,
  )
  .join(' or ');

/**
 * The timeline of the server's log: another one after a server was restored to an earlier moment, or a standby was
 * promoted.
 */
const TIMELINE = 'left(pg_walfile_name(pg_current_wal_lsn()), 8)';

/** The table of events: another one after a dump was restored, also on the same server. Rewriting it does not change it. */
const EVENT_TABLE = `(select oid from pg_database where datname = current_database()) || '/'
  || 'patron_fees_event'::regclass::oid`;

/** How far numbers of transactions are moved for each restore: farther than any server counts. */
const RESTORE_STEP = 2 ** 40;

/**
 * By how many timelines the server is ahead of the stored one: more than one if it was restored again from the same
 * backup; then the numbers of the timelines between were used, too. A dump may come from a server with a higher one.
 */
const TIMELINES = `greatest(1, ${numberOf(TIMELINE)} - ${numberOf('timeline')})`;

function numberOf(timeline: string): string {
  return `('x' || ${timeline})::bit(32)::integer`;
}

/**
 * Whether the events were restored since the last migration: from a base backup, or from a dump. The server is known by an
 * identifier that every new one gets; it is null for a role that may not read it.
 */
const IS_RESTORED = `timeline <> ${TIMELINE} or server <> this_server or event_table <> ${EVENT_TABLE}`;

/**
 * One statement, and so one transaction, on any connection of a pool. Transaction numbers start again when a dump is
 * restored on another server: then the offset keeps new numbers above the stored ones. After a restore it keeps them
 * above those of events that were lost, so that a cursor after a lost event is never that of a new one, and notes which
 * numbers were lost, so that it is not taken for one after an event that was purged. Meanwhile nobody appends: with the offset
 * before, an event could come to a place that readers have passed.
 */
const migration = `do $migration$ declare this_server text; begin
  perform pg_advisory_xact_lock(${LOCK});
  create table if not exists patron_fees_schema (version integer not null, transaction_offset bigint not null);
  if not exists (select from patron_fees_schema) then insert into patron_fees_schema (version, transaction_offset) values (0, 0); end if;
  ${steps
    .map(
      (step, index) =>
        `if (select version from patron_fees_schema) = ${index} then ${step}
         update patron_fees_schema set version = ${index + 1}; end if;`,
    )
    .join('\n')}
  if (select version from patron_fees_schema) = ${steps.length} then
    begin
      this_server := (select system_identifier from pg_control_system());
    exception when insufficient_privilege or undefined_function or feature_not_supported then null;
    end;
    if exists (select from patron_fees_schema where ${IS_RESTORED}) then
      lock table patron_fees_event in share mode;
      update patron_fees_schema set
        transaction_offset = transaction_offset + ${RESTORE_STEP} * ${TIMELINES},
        lost = lost || int8range(
          (select max(transaction) from patron_fees_event),
          transaction_offset + ${RESTORE_STEP} * ${TIMELINES} + pg_current_xact_id()::text::bigint, '()');
    end if;
    update patron_fees_schema
    set timeline = ${TIMELINE}, server = coalesce(this_server, server), event_table = ${EVENT_TABLE}
    where ${IS_RESTORED} or timeline is null or (server is null and this_server is not null) or event_table is null;
    update patron_fees_schema
    set transaction_offset = (select max(transaction) from patron_fees_event)
    where transaction_offset + pg_current_xact_id()::text::bigint
      < (select max(transaction) from patron_fees_event);
    if not exists (select from pg_attribute
      where attrelid = 'patron_fees_schema'::regclass and attname = 'part_names') then
      alter table patron_fees_schema add column part_names text not null default '';
    end if;
    if ${LACK_COLUMNS} then
      ${createTables('postgres')}
      update patron_fees_schema set version = version;
    end if;
  end if;
end $migration$`;

/**
 * Under REPEATABLE READ and SERIALIZABLE the statement sees the tables as they were before it waited for the lock, and
 * fails if another program has created them meanwhile: `serialization_failure`, `duplicate_table`, `duplicate_object`,
 * `duplicate_column`, `unique_violation`. The transaction is then rolled back, and the next attempt sees the tables.
 */
const RACES: ReadonlySet<unknown> = new Set(['40001', '42P07', '42710', '42701', '23505']);

/**
 * Creates the tables that {@link postgresEventStore} needs, or migrates those of an earlier release. Does nothing if
 * they are up to date; several processes may call it at once. Call it whenever your program starts, and after a backup or a
 * dump was restored, before the first append.
 *
 * @param database - the connection; the tables are in the first schema of its search path
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` if a later release has migrated the tables
 *
 * @example
 * ```ts
 * import { PGlite } from '@electric-sql/pglite';
 * import { migrate } from 'patron-fees/postgres';
 *
 * const database = new PGlite();
 * await migrate(database);
 * await migrate(database);
 * ```
 */
export async function migrate(database: Queryable): Promise<void> {
  assertQueryable(database);
  await retryTransient(
    () => database.query(migration),
    (error) => RACES.has(errorCodeOf(error)),
  );
  const { rows } = ownSession(database, { namedStatements: false });
  const [row] = await rows('select version from patron_fees_schema');
  const version = Number(row?.version);
  if (version > steps.length) {
    throw new PatronFeesError(
      'INVALID_ARGUMENT',
      `the tables have version ${version} of a later release; this release supports up to version ${steps.length}`,
      { version, known: steps.length },
    );
  }
}
