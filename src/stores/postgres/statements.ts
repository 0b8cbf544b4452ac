// Every statement is one round trip and one transaction of its own, so that any connection of a pool can take it.

const TIME = `to_char(recorded_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as recorded_at`;

/** The head and a part of a stream, in one snapshot: a row for each event, or one without an event. */
export const READ_STREAM = `
  with head as (
    select coalesce(max(version), 0) as head from patron_fees_event where institution = $1 and patron_id = $2
  ), part as (
    select version, ${TIME}, event from patron_fees_event
    where institution = $1 and patron_id = $2 and version > $3
    order by version limit $4
  )
  select head, version, recorded_at, event from head left join part on true order by version`;

/** Where a stream ends. */
export const READ_VERSION = `
  select coalesce(max(version), 0) as version from patron_fees_event where institution = $1 and patron_id = $2`;

/**
 * Appends texts ($4, a JSON list) if the stream is at the expected version ($3; null for any), at a time ($5; null for
 * the server's). Where two writers saw the same version, the primary key lets one of them in.
 *
 * An event carries the number of its transaction, for {@link SETTLED}; never a lower one than the event before it in
 * its stream, so that the order of all events keeps that of each stream whatever transactions the caller began.
 */
export const APPEND = `
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
  where $3::integer is null or head.version = $3
  order by given.place
  returning version`;

/**
 * Which events readers of all streams may see: those whose transactions have no earlier one still under way. Else a
 * transaction that began earlier and commits later would put its events before a cursor that was given out.
 */
const SETTLED = `transaction < (
    select pg_snapshot_xmin(pg_current_snapshot())::text::bigint + transaction_offset from patron_fees_schema
  )`;

/** Behind a mark, for PGlite takes a byte order mark away that a text begins with, and a name may. */
const NAMES = `'=' || institution as institution, '=' || patron_id as patron_id`;

const PLACE = 'transaction::text as transaction, position::text as position';

/** The events of all streams after a place ($1, $2), so many ($3) at most. */
export const READ_ALL = `
  select ${PLACE}, ${NAMES}, version, ${TIME}, event from patron_fees_event
  where (transaction, position) > ($1::bigint, $2::bigint) and ${SETTLED}
  order by patron_fees_event.transaction, patron_fees_event.position limit $3`;

/** Whether there is an event at a place ($1, $2). */
export const HAS_PLACE = `
  select 1 from patron_fees_event where transaction = $1::bigint and position = $2::bigint`;

/** The accounts after a place ($1, $2), so many ($3) at most. */
export const LIST_ACCOUNTS = `
  select ${PLACE}, ${NAMES} from patron_fees_event
  where version = 1 and (transaction, position) > ($1::bigint, $2::bigint) and ${SETTLED}
  order by patron_fees_event.transaction, patron_fees_event.position limit $3`;

/** The same for one institution ($4). */
export const LIST_ACCOUNTS_OF = LIST_ACCOUNTS.replace(
  'version = 1',
  'version = 1 and patron_fees_event.institution = $4',
);

/** Puts other texts ($3, a JSON list of version and text) in the place of events. */
export const REWRITE = `
  update patron_fees_event set event = given.event
  from json_to_recordset($3::json) as given (version integer, event text)
  where institution = $1 and patron_id = $2 and patron_fees_event.version = given.version`;
