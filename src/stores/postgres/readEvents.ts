import type { AccountEvent } from '../../account/events/accountEvent.js';
import { type EventCodec, recordedEventOf } from '../../history/codec.js';
import {
  type AccountPage,
  cursorUnknown,
  type EventPage,
  type StreamId,
  type StreamSlice,
} from '../../history/eventStore.js';
import { type CheckedPage, type CheckedRead, cursorInvalid } from '../../history/storeArguments.js';
import { accountPage, SCAN_SIZE, type Scanned } from '../accountList.js';
import { VERSION_MAX } from './appendTo.js';
import type { PostgresRow, Session } from './session.js';
import {
  HAS_PLACE,
  LIST_ACCOUNTS,
  LIST_ACCOUNTS_OF,
  NAMES,
  READ_ALL_MARKED,
  READ_FROM,
  READ_STREAM,
  streamOf,
  timeOf,
} from './statements.js';

// Reads of the store, each one statement.

/** Reads a part of a stream. */
export async function readStream(
  { rows: rowsOf }: Session,
  { institution, patronId }: StreamId,
  { after, limit }: CheckedRead,
  codec: EventCodec<AccountEvent>,
): Promise<StreamSlice> {
  if (limit === undefined) {
    const rows = await rowsOf(READ_FROM, [institution, patronId, Math.min(after, VERSION_MAX)]);
    const slice = sliceFrom(rows, after, codec);
    if (slice !== undefined) return slice;
  }
  // Versions are PostgreSQL integers; no stream is longer.
  const values = [institution, patronId, Math.min(after, VERSION_MAX), limit ?? null];
  const rows = await rowsOf(READ_STREAM, values);
  const events = rows.filter(({ version }) => version !== null).map((row) => recordedEventOf(row, codec));
  return { version: Number(rows[0]?.head), events };
}

/**
 * Returns the events after a version from the rows of a stream, from that version on; undefined if the rows do not show
 * the stream's version.
 */
export function sliceFrom(
  rows: readonly PostgresRow[],
  after: number,
  { decode }: Pick<EventCodec<AccountEvent>, 'decode'>,
): StreamSlice | undefined {
  if (rows.length === 0 && after > 0) return undefined;
  const added = Number(rows[0]?.version) === after ? rows.slice(1) : rows;
  return {
    version: Number(rows.at(-1)?.version ?? 0),
    events: added.map((row) => ({
      version: Number(row.version),
      recordedAt: timeOf(row),
      event: decode(String(row.event)),
    })),
  };
}

/**
 * Reads a page. There must be an event at its cursor, as at each cursor but the first, unless a purge removed it: it is
 * read too, since asking for it alone would take another round trip.
 */
export async function readLog(
  session: Session,
  { after, limit }: CheckedPage,
  statement: string,
): Promise<EventPage<string>> {
  const start = placeOf(after);
  const isContinued = !isBeginning(start);
  const most = limit === undefined ? null : limit + (isContinued ? 1 : 0);
  const rows = await session.rows(statement, [...start, most]);
  // None at all: events may be hidden until earlier transactions have ended.
  if (isContinued && rows.length === 0) await knownPlaceOf(session, after);
  const isThere = rows[0] !== undefined && cursorOf(rows[0]) === after;
  if (isContinued && rows.length > 0 && !isThere) await knownPlaceOf(session, after);
  const page = isContinued && isThere ? rows.slice(1) : rows.slice(0, limit);
  const last = page.at(-1);
  const mark = statement === READ_ALL_MARKED ? 1 : 0;
  const events = page.map((row) => ({
    institution: String(row.institution).slice(mark),
    patronId: String(row.patron_id).slice(mark),
    version: Number(row.version),
    recordedAt: timeOf(row),
    event: String(row.event),
  }));
  return { events, cursor: last === undefined ? start.join('-') : cursorOf(last) };
}

/** Lists a page of the accounts. */
export function listAccounts(session: Session, page: CheckedPage): Promise<AccountPage> {
  const { institution } = page;
  return accountPage(page, {
    begun: (after, limit) => listBegun(session, { ...page, after, limit }),
    scan: (after) => scanAccounts(session, institution, after),
  });
}

async function listBegun(session: Session, page: CheckedPage): Promise<AccountPage> {
  const { after, limit, institution } = page;
  const start = await knownPlaceOf(session, after);
  const values = [...start, limit ?? null];
  const rows =
    institution === undefined
      ? await session.rows(LIST_ACCOUNTS, values)
      : await session.rows(LIST_ACCOUNTS_OF, [...values, institution]);
  return { accounts: rows.map(streamOf), cursor: cursorAfter(start, rows) };
}

/** Returns the position of a cursor. There must be an event at it, or a purge may have removed it. */
async function knownPlaceOf({ rows }: Session, cursor: string | undefined): Promise<[string, string]> {
  const place = placeOf(cursor);
  if (cursor === undefined || isBeginning(place)) return place;
  if ((await rows(HAS_PLACE, place)).length === 0) throw cursorUnknown(cursor);
  return place;
}

function cursorOf({ transaction, position }: PostgresRow): string {
  return `${transaction}-${position}`;
}

function cursorAfter(start: [string, string], rows: readonly PostgresRow[]): string {
  const last = rows.at(-1);
  return last === undefined ? start.join('-') : String(last.place);
}

/** The cursor before all events. */
const BEGINNING = '0-0';

/** Returns a position in the order of all events: the number of a transaction, and a position among its events. */
function placeOf(cursor = BEGINNING): [string, string] {
  const [, transaction, position] = /^(\d{1,18})-(\d{1,18})$/.exec(cursor) ?? [];
  if (transaction !== undefined && position !== undefined) return [transaction, position];
  throw cursorInvalid(cursor);
}

/** Returns whether a position is before all events. */
function isBeginning(place: readonly [string, string]): boolean {
  return place.join('-') === BEGINNING;
}

/** Looks at the next accounts, of one institution or of all, for those without their first event. */
export async function scanAccounts(
  { rows: rowsOf }: Session,
  institution: string | undefined,
  after: StreamId = { institution: institution ?? '', patronId: '' },
): Promise<Scanned> {
  const values = [after.institution, after.patronId];
  const rows =
    institution === undefined
      ? await rowsOf(SCAN_ACCOUNTS, values)
      : await rowsOf(SCAN_ACCOUNTS_OF, [...values, institution]);
  const last = rows.at(-1);
  return {
    headless: rows.filter((row) => row.is_headless === true).map(streamOf),
    last: last?.is_last === true ? streamOf(last) : undefined,
  };
}

function scanStatement(condition: string): string {
  const next = (institution: string, patron: string) => `
    select institution, patron_id from patron_fees_event
    where ${condition} (institution, patron_id) > (${institution}, ${patron})
    order by institution, patron_id limit 1`;
  return `
  with recursive stream (institution, patron_id, place) as (
    select first.*, 1 from (${next('$1', '$2')}) as first
    union all
    select following.*, stream.place + 1
    from stream cross join lateral (${next('stream.institution', 'stream.patron_id')}) as following
    where stream.place < ${SCAN_SIZE}
  ), looked as (
    select stream.*, first.version <> 1 and not (
      select is_left_by_purge from patron_fees_event as event
      where event.institution = stream.institution and event.patron_id = stream.patron_id
        and event.version = first.version
    ) as is_headless
    from stream cross join lateral (
      select version from patron_fees_event as event
      where event.institution = stream.institution and event.patron_id = stream.patron_id
      order by version limit 1
    ) as first
  )
  select ${NAMES}, is_headless, place = ${SCAN_SIZE} as is_last from looked
  where is_headless or place = ${SCAN_SIZE} order by place`;
}

/**
 * Looks at the accounts after one ($1, $2), in the order of their ids, for those without their first event. Also
 * returns the account at which it stops.
 */
const SCAN_ACCOUNTS = scanStatement('');

/** {@link SCAN_ACCOUNTS} of one institution ($3). */
const SCAN_ACCOUNTS_OF = scanStatement('institution = $3 and');
