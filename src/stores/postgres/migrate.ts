import { PatronFeesError } from '../../errors.js';
import { again, errorCodeOf, type Queryable, rowsOf } from './queryable.js';

/** Each takes the schema one version further. What was released is never changed: append another. */
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
];

/** Any number will do, as long as no other program takes the same lock. */
const LOCK = 7_283_662_337;

/**
 * One statement, and so one transaction, on whichever connection of a pool it comes. Numbers of transactions begin
 * anew when a dump is restored on another server: then ours must go on above the ones that are stored.
 */
const migration = `do $migration$ begin
  perform pg_advisory_xact_lock(${LOCK});
  create table if not exists patron_fees_schema (version integer not null, transaction_offset bigint not null);
  if not exists (select from patron_fees_schema) then insert into patron_fees_schema values (0, 0); end if;
  ${steps
    .map(
      (step, index) =>
        `if (select version from patron_fees_schema) = ${index} then ${step}
         update patron_fees_schema set version = ${index + 1}; end if;`,
    )
    .join('\n')}
  if (select version from patron_fees_schema) = ${steps.length} then
    update patron_fees_schema
    set transaction_offset = (select max(transaction) from patron_fees_event)
    where transaction_offset + pg_current_xact_id()::text::bigint
      < (select max(transaction) from patron_fees_event);
  end if;
end $migration$`;

/**
 * Under REPEATABLE READ and SERIALIZABLE the statement sees the tables as they were before it waited for the lock, and
 * fails at what another program has made meanwhile: `serialization_failure`, `duplicate_table`, `duplicate_object`,
 * `duplicate_column`, `unique_violation`. Then nothing of it was done, and the next time it sees what there is.
 */
const RACES: ReadonlySet<unknown> = new Set(['40001', '42P07', '42710', '42701', '23505']);

/**
 * Creates the tables that {@link postgresEventStore} needs, or brings those of an earlier release up to date. Does
 * nothing where they are; several processes may do it at once. Call it whenever your program starts, and after a dump
 * was restored, before anything is appended.
 *
 * @param database - where the tables are to be: in the first schema of the connection's search path
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` when a later release has written the tables
 */
export async function migrate(database: Queryable): Promise<void> {
  await again(
    () => database.query(migration),
    (error) => RACES.has(errorCodeOf(error)),
  );
  const [row] = await rowsOf(database, 'select version from patron_fees_schema');
  const version = Number(row?.version);
  if (version > steps.length) {
    throw new PatronFeesError(
      'INVALID_ARGUMENT',
      `the tables have version ${version}, written by a later release than this, which knows ${steps.length}`,
      { version, known: steps.length },
    );
  }
}
