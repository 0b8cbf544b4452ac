import type { AccountEvent } from '../../account/events/accountEvent.js';
import { PatronFeesError } from '../../errors.js';
import { checkedStore, type StoreAdapter } from '../../history/checkedStore.js';
import {
  accountEvents,
  decodeEvent,
  type EventCodec,
  encodeEvent,
  recordedEventOf,
} from '../../history/codec.js';
import {
  type AccountPage,
  type Appended,
  cursorUnknown,
  type EventPage,
  type EventStore,
  type StreamId,
  type StreamSlice,
  versionConflict,
} from '../../history/eventStore.js';
import { type ErasingEventStore, type Redacted, redactEvent } from '../../history/redaction.js';
import type { CheckedAppend, CheckedPage, CheckedRead } from '../../history/storeArguments.js';
import { errorCodeOf, type PostgresRow, type Queryable, rowsOf } from './queryable.js';
import {
  APPEND,
  HAS_PLACE,
  LIST_ACCOUNTS,
  LIST_ACCOUNTS_OF,
  READ_ALL,
  READ_STREAM,
  READ_VERSION,
  REWRITE,
} from './statements.js';

/**
 * Creates a store for events of another kind, such as those of tills and receipts, in a schema of their own.
 *
 * @param database - a connection whose search path begins with a schema that has no events of patron accounts
 * @param options - the codec of the events
 * @returns the store
 */
export function postgresEventStore<Event>(
  database: Queryable,
  options: { readonly codec: EventCodec<Event> },
): EventStore<Event>;
/**
 * Creates a store that keeps events in PostgreSQL. Call {@link migrate} first.
 *
 * Every append is one statement: all of its events are stored or none, and of two appends that expect the same version
 * the primary key accepts one. Recording times come from the server's clock. The caller keeps the connection: closing
 * the store does not close it. Errors of the driver are passed on unchanged. If a connection breaks, it is unknown
 * whether the append was stored; executing the same command again is safe in either case.
 *
 * @param database - a `Pool` or `Client` of pg, PGlite, or anything else with their `query`
 * @returns the store
 *
 * @example
 * ```ts
 * import { PGlite } from '@electric-sql/pglite';
 * import { definePolicy } from 'patron-fees';
 * import { execute, loadAccount } from 'patron-fees/history';
 * import { summary } from 'patron-fees/views';
 * import { migrate, postgresEventStore } from 'patron-fees/postgres';
 *
 * const database = new PGlite(); // in memory, to try it out; else a Pool of pg
 * await migrate(database);
 * const store = postgresEventStore(database);
 *
 * const policy = definePolicy({ currency: 'USD' });
 * const stream = { institution: 'north', patronId: 'p1' };
 * const at = '2026-03-02T09:00:00Z';
 * const fee = { type: 'AssessFee', id: 'f1', feeType: 'OTHER', amount: '2.50', owner: 'MAIN', at } as const;
 * await execute(store, policy, stream, fee);
 * const { account } = await loadAccount(store, stream);
 * summary(account, policy).payable; //=> '2.50'
 * await database.close();
 * ```
 */
export function postgresEventStore(database: Queryable): ErasingEventStore;
export function postgresEventStore(
  database: Queryable,
  { codec }: { readonly codec?: EventCodec<AccountEvent> } = {},
): EventStore {
  const known = codec ?? accountEvents;
  const adapter: StoreAdapter = {
    read: (stream, part) => readStream(database, stream, part, known),
    append: (stream, texts, how) => appendTo(database, stream, texts, how),
    readAll: (page) => readLog(database, page, known),
    accounts: (page) => listAccounts(database, page),
  };
  if (codec !== undefined) return checkedStore(adapter, codec);
  return checkedStore({ ...adapter, redact: (stream) => redactStream(database, stream) });
}

async function readStream(
  database: Queryable,
  { institution, patronId }: StreamId,
  { after, limit }: CheckedRead,
  codec: EventCodec<AccountEvent>,
): Promise<StreamSlice> {
  // Versions are PostgreSQL integers; no stream is longer.
  const values = [institution, patronId, Math.min(after, VERSION_MAX), limit ?? null];
  const rows = await rowsOf(database, READ_STREAM, values);
  const events = rows.filter(({ version }) => version !== null).map((row) => recordedEventOf(row, codec));
  return { version: Number(rows[0]?.head), events };
}

const VERSION_MAX = 2 ** 31 - 1;

async function appendTo(
  database: Queryable,
  stream: StreamId,
  texts: readonly string[],
  { expectedVersion, recordedAt }: CheckedAppend,
): Promise<Appended> {
  if (texts.length === 0) return { version: await versionOf(database, stream) };
  const { institution, patronId } = stream;
  const at = expectedVersion === 'any' ? null : Math.min(expectedVersion, VERSION_MAX);
  const values = [institution, patronId, at, JSON.stringify(texts), recordedAt ?? null];
  for (;;) {
    const rows = await emptyIfTaken(rowsOf(database, APPEND, values));
    const versions = rows.map(({ version }) => Number(version));
    if (versions.length > 0) return { version: Math.max(...versions) };
    if (expectedVersion !== 'any')
      throw versionConflict(stream, expectedVersion, await versionOf(database, stream));
  }
}

/** Returns no rows if another writer took the version between the read and the write of the statement. */
async function emptyIfTaken(rows: Promise<readonly PostgresRow[]>): Promise<readonly PostgresRow[]> {
  try {
    return await rows;
  } catch (error) {
    if (errorCodeOf(error) === UNIQUE_VIOLATION) return [];
    throw error;
  }
}

const UNIQUE_VIOLATION = '23505';

async function versionOf(database: Queryable, { institution, patronId }: StreamId): Promise<number> {
  const [row] = await rowsOf(database, READ_VERSION, [institution, patronId]);
  return Number(row?.version);
}

async function readLog(
  database: Queryable,
  { after, limit }: CheckedPage,
  codec: EventCodec<AccountEvent>,
): Promise<EventPage> {
  const start = await knownPlaceOf(database, after);
  const rows = await rowsOf(database, READ_ALL, [...start, limit ?? null]);
  const events = rows.map((row) => ({ ...streamOf(row), ...recordedEventOf(row, codec) }));
  return { events, cursor: cursorAfter(start, rows) };
}

async function listAccounts(database: Queryable, page: CheckedPage): Promise<AccountPage> {
  const { after, limit, institution } = page;
  const start = await knownPlaceOf(database, after);
  const values = [...start, limit ?? null];
  const rows =
    institution === undefined
      ? await rowsOf(database, LIST_ACCOUNTS, values)
      : await rowsOf(database, LIST_ACCOUNTS_OF, [...values, institution]);
  return { accounts: rows.map(streamOf), cursor: cursorAfter(start, rows) };
}

async function redactStream(database: Queryable, stream: StreamId): Promise<Redacted> {
  const { institution, patronId } = stream;
  const rows = await rowsOf(database, READ_STREAM, [institution, patronId, 0, null]);
  const changed = rows.flatMap(({ version, event }) => {
    if (version === null) return [];
    const before = decodeEvent(String(event));
    const after = redactEvent(before);
    return after === before ? [] : [{ version: Number(version), event: encodeEvent(after) }];
  });
  if (changed.length === 0) return { events: 0 };
  await rowsOf(database, REWRITE, [institution, patronId, JSON.stringify(changed)]);
  return { events: changed.length, remaining: 'vacuum' };
}

/** The cursor before all events. */
const BEGINNING = '0-0';

/** Returns a position in the order of all events: the number of a transaction, and a position among its events. */
function placeOf(cursor = BEGINNING): [string, string] {
  const [, transaction, position] = /^(\d{1,18})-(\d{1,18})$/.exec(cursor) ?? [];
  if (transaction !== undefined && position !== undefined) return [transaction, position];
  throw new PatronFeesError('INVALID_ARGUMENT', 'options.after: expected a cursor of this store', {
    found: cursor,
  });
}

/** Returns the position of a cursor. There must be an event at it, as at each cursor but the first. */
async function knownPlaceOf(database: Queryable, cursor: string | undefined): Promise<[string, string]> {
  const place = placeOf(cursor);
  if (cursor === undefined || place.join('-') === BEGINNING) return place;
  if ((await rowsOf(database, HAS_PLACE, place)).length === 0) throw cursorUnknown(cursor);
  return place;
}

function cursorAfter(start: [string, string], rows: readonly PostgresRow[]): string {
  const last = rows.at(-1);
  return last === undefined ? start.join('-') : `${last.transaction}-${last.position}`;
}

/** Removes the mark before the ids, see the statements. */
function streamOf({ institution, patron_id }: PostgresRow): StreamId {
  return { institution: String(institution).slice(1), patronId: String(patron_id).slice(1) };
}
