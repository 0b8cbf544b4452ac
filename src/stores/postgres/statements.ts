// Every statement is one round trip and can be its own transaction, so that it runs on any connection of a pool.
import type { StreamId } from '../../history/eventStore.js';
import type { PostgresRow } from './session.js';

const TIME = `to_char(recorded_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as recorded_at`;

/** The same time as JSON, for {@link timeOf}: writing it takes the server half as long, and no setting changes it. */
const JSON_TIME = `to_json(recorded_at at time zone 'UTC')::text as recorded_at`;

/** Reads the time of a row. Its JSON has no zone, and only as many decimals as the time has. */
export function timeOf({ recorded_at }: PostgresRow): string {
  const json = String(recorded_at);
  const seconds = '"2026-03-02T09:00:00'.length;
  return `${json.slice(1, seconds)}.${json.slice(seconds + 1, -1).padEnd(6, '0')}Z`;
}

/**
 * Reads the events of a stream from a version ($3) on, that version included: the last row has the version of the
 * stream, unless there is no row.
 */
export const READ_FROM = `
  select version, ${JSON_TIME}, event from patron_fees_event
  where institution = $1 and patron_id = $2 and version >= $3 order by version`;

/** Reads the version and a part of a stream, in one snapshot: a row for each event, or one without an event. */
export const READ_STREAM = `
  with head as (
    select coalesce(max(version), 0) as head from patron_fees_event where institution = $1 and patron_id = $2
  ), part as (
    select version, ${TIME}, event from patron_fees_event
    where institution = $1 and patron_id = $2 and version > $3
    order by version limit $4
  )
  select head, version, recorded_at, event from head left join part on true order by version`;

/**
 * Reads the events of several streams ($1, a JSON list with their place, ids and version), each from its version on,
 * that version included. The inner order keeps the planner from joining the whole table.
 */
export const READ_BATCH = `
  select given.place, part.version, part.recorded_at, part.event
  from json_to_recordset($1::json) as given (place integer, institution text, patron_id text, after integer)
  cross join lateral (
    select version, ${JSON_TIME}, event from patron_fees_event
    where institution = given.institution and patron_id = given.patron_id and version >= given.after order by version
  ) part
  order by given.place, part.version`;

/** Reads the version of a stream, and what the database notes of its parts. */
export const READ_HEAD = `
  select coalesce(max(version), 0) as version, (select part_names from patron_fees_schema) as part_names
  from patron_fees_event where institution = $1 and patron_id = $2`;

/** What an append returns and does besides storing the events. */
export type AppendFeatures = {
  /** Whether the rows have the recording time. */
  readonly returnsTime: boolean;
  /** Whether the server notifies those who listen on {@link CHANNEL}. */
  readonly notifies: boolean;
};

/** The channel of notifications. */
export const CHANNEL = 'patron_fees_event';

/**
 * Returns the statement that appends texts ($4, a JSON list) if the stream is at the expected version ($3; null for
 * any) and the database notes the parts that the store has ($6), at a time ($5; null for the server's). If two writers saw the same version, the primary key accepts one of
 * them.
 *
 * An event has the number of its transaction, for {@link SETTLED}; never a lower one than the event before it in its
 * stream, so that the order of all events keeps that of each stream, for any transactions of the caller.
 */
export function appendStatement({ returnsTime, notifies }: AppendFeatures): string {
  return `
  with last as materialized (
    select version, recorded_at, transaction from patron_fees_event
    where institution = $1 and patron_id = $2 order by version desc limit 1
  ), head as materialized (
    select coalesce((select version from last), 0) as version,
      greatest(coalesce($5::timestamptz, clock_timestamp()), (select recorded_at from last)) as recorded_at,
      greatest(
        pg_current_xact_id()::text::bigint + (select transaction_offset from patron_fees_schema),
        (select transaction from last)
      ) as transaction
  )
  insert into patron_fees_event (transaction, institution, patron_id, version, recorded_at, event)
  select head.transaction, $1, $2, head.version + given.place, head.recorded_at, given.event
  from head, json_array_elements_text($4::json) with ordinality as given (event, place)
  where ($3::integer is null or head.version = $3) and (select part_names from patron_fees_schema) = $6
  order by given.place
  ${returning({ returnsTime, notifies })}`;
}

/**
 * Returns the statement that appends one text ($4) as {@link appendStatement} does. Nearly every append has one event,
 * and without a list the server spends a third less on it.
 */
export function appendOneStatement(features: AppendFeatures): string {
  return `
  insert into patron_fees_event (transaction, institution, patron_id, version, recorded_at, event)
  select
    greatest(pg_current_xact_id()::text::bigint + settings.transaction_offset, last.transaction),
    $1, $2, coalesce(last.version, 0) + 1,
    greatest(coalesce($5::timestamptz, clock_timestamp()), last.recorded_at), $4
  from patron_fees_schema settings left join lateral (
    select version, recorded_at, transaction from patron_fees_event
    where institution = $1 and patron_id = $2 order by version desc limit 1
  ) last on true
  where ($3::integer is null or coalesce(last.version, 0) = $3) and settings.part_names = $6
  ${returning(features)}`;
}

/**
 * Returns the statement that appends one text ($3) to a stream without events, at a time ($4; null for the server's), if
 * the database notes the parts of the store ($5).
 * If the stream has events, the primary key refuses it; of a purged stream none has version 1, and nothing is inserted.
 * It takes the server half as long as {@link appendOneStatement}.
 */
export function appendFirstStatement(features: AppendFeatures): string {
  return `
  insert into patron_fees_event (transaction, institution, patron_id, version, recorded_at, event)
  select pg_current_xact_id()::text::bigint + transaction_offset, $1, $2, 1,
    coalesce($4::timestamptz, clock_timestamp()), $3
  from patron_fees_schema
  where part_names = $5 and not exists (
    select from patron_fees_event where institution = $1 and patron_id = $2 and version > 1
  )
  ${returning(features)}`;
}

/**
 * The longest wait for the lock of another transaction, in milliseconds. Then the batch is rolled back, and each of its
 * appends waits by itself. Shorter than the server's default `deadlock_timeout`.
 */
export const LOCK_TIMEOUT_MS = 100;

/**
 * Returns the statement that appends to several streams, once each ($1, a JSON list with the ids, expected version,
 * time and text of each event, and its number in its append), if the database notes the parts of the store ($2). Returns the ids and the version of each stored event. If
 * another writer takes a version meanwhile, the primary key refuses the whole batch.
 *
 * Rows are inserted in the order of the ids, so that two batches never wait for each other. The lock timeout ends with
 * the transaction. The settings are a subquery of one row: joined to them, the statement would seem costly enough to be
 * compiled.
 */
export function appendBatchStatement({ returnsTime, notifies }: AppendFeatures): string {
  return `
  insert into patron_fees_event (transaction, institution, patron_id, version, recorded_at, event)
  select
    greatest(
      pg_current_xact_id()::text::bigint + (select transaction_offset from patron_fees_schema limit 1),
      last.transaction
    ),
    given.institution, given.patron_id, coalesce(last.version, 0) + given.number,
    greatest(coalesce(given.time, (select clock_timestamp())), last.recorded_at), given.event
  from json_to_recordset($1::json) as given (
    institution text, patron_id text, expected integer, time timestamptz, number integer, event text
  ) left join lateral (
    select version, recorded_at, transaction from patron_fees_event
    where institution = given.institution and patron_id = given.patron_id order by version desc limit 1
  ) last on true
  where (given.expected is null or coalesce(last.version, 0) = given.expected)
    and (select part_names from patron_fees_schema limit 1) = $2
    and (select set_config('lock_timeout', '${LOCK_TIMEOUT_MS}', true)) is not null
  order by given.institution collate "C", given.patron_id collate "C", given.number
  ${returning({ returnsTime, notifies })}, ${NAMES}`;
}

/** Reads how long a statement may wait for a lock, in milliseconds; 0 for any time. */
export const READ_TIMEOUTS = `
  select setting as ms from pg_settings where name in ('lock_timeout', 'statement_timeout')`;

function returning({ returnsTime, notifies }: AppendFeatures): string {
  const results = [
    'version',
    ...(returnsTime ? [TIME] : []),
    // A subquery: it runs once, not for each row.
    ...(notifies ? [`(select pg_notify('${CHANNEL}', ''))`] : []),
  ];
  return `returning ${results.join(', ')}`;
}

/** Reads the lowest number of a transaction with events that nobody may see yet. */
export const HORIZON = `
  select pg_snapshot_xmin(pg_current_snapshot())::text::bigint + transaction_offset as horizon from patron_fees_schema`;

/**
 * Selects the events that readers of all streams may see: those without an earlier transaction in progress. Otherwise a
 * transaction that began earlier and commits later would add its events before a cursor that was returned.
 */
const SETTLED = `transaction < (${HORIZON})`;

/** Reads how many stored events the readers of all streams cannot see yet, and the age of the oldest. */
export const READ_LAG = `
  select count(*)::text as events,
    coalesce(extract(epoch from clock_timestamp() - min(recorded_at)) * 1000, 0)::text as age
  from patron_fees_event where not (${SETTLED})`;

/** Ids after a mark, since PGlite removes a leading byte order mark, and an id may begin with one. */
export const NAMES = `'=' || institution as institution, '=' || patron_id as patron_id`;

/** Removes the mark before the ids, see {@link NAMES}. */
export function streamOf({ institution, patron_id }: PostgresRow): StreamId {
  return { institution: String(institution).slice(1), patronId: String(patron_id).slice(1) };
}

const PLACE = `transaction::text || '-' || position::text as place`;

/** Reads at most $3 events of all streams from a position on ($1, $2): an event at the position is the first one. */
export const READ_ALL = readAllStatement('institution, patron_id');

/** {@link READ_ALL} with ids after a mark, for PGlite. */
export const READ_ALL_MARKED = readAllStatement(NAMES);

function readAllStatement(names: string): string {
  return `
  select transaction, position, ${names}, version, ${JSON_TIME}, event from patron_fees_event
  where (transaction, position) >= ($1::bigint, $2::bigint) and ${SETTLED}
  order by transaction, position limit $3`;
}

/**
 * Returns a row if there is an event at a position ($1, $2), or if a purge may have removed it: the event that a purge
 * leaves has a higher position than those that it removes. An event that a restore has lost was not purged.
 */
export const HAS_PLACE = `
  (select 1 from patron_fees_event where transaction = $1::bigint and position = $2::bigint)
  union all
  (select 1 from patron_fees_event
   where is_left_by_purge and transaction >= $1::bigint and (transaction, position) > ($1::bigint, $2::bigint)
     and not exists (select from patron_fees_schema cross join unnest(lost) as numbers where numbers @> $1::bigint)
   limit 1)`;

/**
 * Notes in which file of the table something was erased: the old text stays in it, and `VACUUM FULL` writes a new one.
 * Only the first erasure in a file changes the row, which every append reads.
 */
const ERASED = `
  update patron_fees_schema set erased_in = pg_relation_filenode('patron_fees_event')
  where erased_in is distinct from pg_relation_filenode('patron_fees_event')`;

/** Returns a row if something was erased in the present file of the table. */
export const READ_REMAINS = `
  select 1 from patron_fees_schema where erased_in = pg_relation_filenode('patron_fees_event')`;

/**
 * Removes the events of a stream and leaves one ($4) after version $3, recorded at a time ($5; null for the server's),
 * if the stream has none after it, and the database notes the parts of the store ($6). Another writer of that version fails, or makes this one fail, by the primary key.
 */
export function purgeStatement(features: AppendFeatures): string {
  return `
  with last as materialized (
    select max(version) as version, max(recorded_at) as recorded_at, max(transaction) as transaction
    from patron_fees_event where institution = $1 and patron_id = $2
  ), allowed as materialized (
    select * from last where coalesce(version, 0) <= $3::integer and (select part_names from patron_fees_schema) = $6
  ), erased as (
    ${ERASED} and exists (select from allowed)
  ), removed as (
    delete from patron_fees_event
    where institution = $1 and patron_id = $2 and version <= $3::integer and exists (select from allowed)
  )
  insert into patron_fees_event (transaction, institution, patron_id, version, recorded_at, event, is_left_by_purge)
  select
    greatest(pg_current_xact_id()::text::bigint + settings.transaction_offset, allowed.transaction),
    $1, $2, $3::integer + 1,
    greatest(coalesce($5::timestamptz, clock_timestamp()), allowed.recorded_at), $4, true
  from patron_fees_schema settings, allowed
  ${returning(features)}`;
}

/** Lists at most $3 accounts after a position ($1, $2). */
export const LIST_ACCOUNTS = `
  select ${PLACE}, ${NAMES} from patron_fees_event
  where (version = 1 or is_left_by_purge) and (transaction, position) > ($1::bigint, $2::bigint) and ${SETTLED}
  order by patron_fees_event.transaction, patron_fees_event.position limit $3`;

/** {@link LIST_ACCOUNTS} for one institution ($4). */
export const LIST_ACCOUNTS_OF = LIST_ACCOUNTS.replace(
  '(version = 1 or is_left_by_purge)',
  '(version = 1 or is_left_by_purge) and patron_fees_event.institution = $4',
);

/** Replaces the texts of events ($3, a JSON list of version and text). */
export const REWRITE = `
  with erased as (${ERASED})
  update patron_fees_event set event = given.event
  from json_to_recordset($3::json) as given (version integer, event text)
  where institution = $1 and patron_id = $2 and patron_fees_event.version = given.version`;
