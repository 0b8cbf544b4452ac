import type { AccountEvent } from '../../account/events/accountEvent.js';
import type { StreamAdapterNow } from '../../history/checkedStore.js';
import { type EventCodec, recordedEventOf, type StoreRow, streamOf } from '../../history/codec.js';
import {
  type AccountPage,
  type Appended,
  cursorUnknown,
  type StreamId,
  type StreamSlice,
  streamKey,
  versionConflict,
} from '../../history/eventStore.js';
import { laterInstant } from '../../history/instants.js';
import {
  type CheckedAppend,
  type CheckedPage,
  type CheckedRead,
  cursorInvalid,
} from '../../history/storeArguments.js';
import { accountPage, SCAN_SIZE, type Scanned } from '../accountList.js';
import {
  type AppendCall,
  appendCalls,
  batchesOf,
  batchQueue,
  CALLS_MAX,
  type GatheredStreams,
  type OnBatch,
} from '../batchQueue.js';
import type { PartNames } from '../parts.js';
import { assertParts } from './migrate.js';
import {
  isRolledBack,
  type SqliteDatabase,
  type SqliteStatement,
  withNamedErrors,
} from './sqliteDatabase.js';
import { applyInline, assertNoTask, type SqliteProjection } from './sqliteTransaction.js';

// Reads and appends of single streams.

/** An open database, and how the store uses it. */
export type Store = {
  readonly database: SqliteDatabase;
  readonly statements: Statements;
  readonly now: () => string;
  readonly codec: EventCodec<AccountEvent>;
  readonly inline: readonly SqliteProjection[];
  /** The names of its parts. */
  readonly parts: PartNames;
  /** Runs a task in a transaction of its own, or in a savepoint of the caller's. */
  readonly atomically: <Result>(database: SqliteDatabase, task: () => Result) => Result;
};

/** Returns the operations on single streams, each by itself. */
export function streamsIn(store: Store): StreamAdapterNow {
  return {
    read: (stream, which) => withNamedErrors(() => readStream(store, stream, which)),
    append: (stream, texts, how) => withNamedErrors(() => appendTo(store, stream, texts, how)),
  };
}

/** Returns the operations on single streams for concurrent callers, whose appends share transactions. */
export function gatheredStreams(store: Store, onBatch?: OnBatch): GatheredStreams & AppendsBefore {
  const { read, append } = streamsIn(store);
  const { run, has, settle } = batchQueue<AppendCall, Appended>({
    ...appendCalls,
    ...batchesOf('append', onBatch),
    one: ({ stream, texts, how }) => append(stream, texts, how),
    many: (calls) => withNamedErrors(() => appendMany(store, calls)),
    overlaps: false,
  });
  const settled = () => {
    assertNoTask(store.database);
    return settle();
  };
  const waitsFor = (stream: StreamId) => has(streamKey(stream));
  return {
    append: (stream, texts, how) => {
      assertNoTask(store.database);
      return run({ stream, texts, how });
    },
    read: async (stream, which) => {
      if (waitsFor(stream)) await settled();
      return read(stream, which);
    },
    concurrency: CALLS_MAX,
    settle: settled,
    waitsFor,
  };
}

/** Whether appends to a stream were called before, and have not ended. */
type AppendsBefore = { readonly waitsFor: (stream: StreamId) => boolean };

/** No limit, in SQLite. */
export const ALL = -1;

/** Returns the version of a stream and the time of its last event. */
function lastOf({ statements }: Store, { institution, patronId }: StreamId) {
  return lastIn(statements.last.get(institution, patronId) as StoreRow | undefined);
}

/** Returns what {@link lastOf} does, for the first append of a transaction; throws if the store lacks a part. */
export function lastToAppend(
  { statements, database, parts }: Store,
  { institution, patronId }: StreamId,
  how: Pick<CheckedAppend, 'underKeys'>,
) {
  const own = parts(how);
  const row = statements.lastNoting.get(institution, patronId, own) as StoreRow | undefined;
  if (row !== undefined) assertParts(database, own, row.part_names);
  return lastIn(row);
}

function lastIn(row: StoreRow | undefined) {
  const version = Number(row?.version ?? 0);
  return { version, recordedAt: version === 0 ? undefined : String(row?.recorded_at) };
}

function readStream(store: Store, stream: StreamId, { after, limit = ALL }: CheckedRead): StreamSlice {
  const { institution, patronId } = stream;
  const rows = store.statements.stream.all(institution, patronId, after, limit) as StoreRow[];
  const last = rows.at(-1);
  // A statement reads one state of the stream. What ends before the limit ends with the stream's last event.
  const isToEnd = last === undefined ? after === 0 : limit === ALL || rows.length < limit;
  const version = isToEnd ? Number(last?.version ?? 0) : lastOf(store, stream).version;
  // Another process has appended between the two statements.
  if (last === undefined && version > after) return readStream(store, stream, { after, limit });
  return { version, events: rows.map((row) => recordedEventOf(row, store.codec)) };
}

function appendTo(store: Store, stream: StreamId, texts: readonly string[], how: CheckedAppend): Appended {
  if (texts.length === 0) return { version: lastOf(store, stream).version };
  return store.atomically(store.database, () => {
    const { appended, actual } = insertEvents(
      store,
      { stream, texts, how },
      lastToAppend(store, stream, how),
    );
    if (appended !== undefined) return appended;
    throw versionConflict(stream, Number(how.expectedVersion), actual);
  });
}

/**
 * Appends to several streams, once each, in one transaction. Those that it does not store are to be run by themselves:
 * one with another version than expected, and all of them if an error has rolled the transaction back.
 */
function appendMany(store: Store, calls: readonly AppendCall[]): readonly (Appended | undefined)[] {
  let hasBegun = false;
  try {
    return store.atomically(store.database, () => {
      hasBegun = true;
      const [first] = calls;
      return calls.map((call) => {
        if (call !== first && call.how.underKeys !== first?.how.underKeys) return undefined;
        const last = call === first ? lastToAppend(store, call.stream, call.how) : lastOf(store, call.stream);
        return insertEvents(store, call, last).appended;
      });
    });
  } catch (error) {
    // The file is locked, or the caller has a transaction open: the same would happen to each of them. And what ran
    // after SQLite had rolled back by itself is stored, so running it again would store it twice.
    if (!hasBegun || isRolledBack(error)) throw error;
    return calls.map(() => undefined);
  }
}

/** Inserts the events of an append, unless the stream is at another version than expected. */
function insertEvents(
  store: Store,
  { stream, texts, how: { expectedVersion, recordedAt } }: AppendCall,
  last: ReturnType<typeof lastOf>,
): { readonly appended?: Appended; readonly actual: number } {
  const { institution, patronId } = stream;
  if (expectedVersion !== 'any' && expectedVersion !== last.version) return { actual: last.version };
  const time = laterInstant(last.recordedAt, recordedAt ?? store.now());
  let { version } = last;
  for (const text of texts) {
    version += 1;
    store.statements.insert.run(institution, patronId, version, time, text);
  }
  applyInline(store, stream, { after: last.version, recordedAt: time, texts });
  return { appended: { version }, actual: version };
}

/** The prepared statements. */
type Statements = { readonly [Name in keyof typeof texts]: SqliteStatement } & {
  /**
   * Reads what `last` reads, and what the database notes of its parts; without events version 0, and no row if it notes
   * the given ones. Prepared by the first append.
   */
  readonly lastNoting: SqliteStatement;
};

/** Prepares all statements. */
export function prepareAll(database: SqliteDatabase): Statements {
  const prepared = Object.entries(texts).map(([name, sql]) => [name, database.prepare(sql)] as const);
  let lastNoting: SqliteStatement | undefined;
  return {
    ...(Object.fromEntries(prepared) as Omit<Statements, 'lastNoting'>),
    // A database that an earlier release has migrated can still be read.
    get lastNoting() {
      const { last } = texts;
      const noted = '(select part_names from patron_fees_schema) as part_names';
      // The first row is read, so the second part runs only for a stream without events.
      lastNoting ??= database.prepare(
        `select * from (${last.replace('recorded_at', `recorded_at, ${noted}`)})
         union all select 0, null, part_names from patron_fees_schema where part_names <> ?`,
      );
      return lastNoting;
    },
  };
}

// A limit of -1 means no limit. SQLite plans a statement again each time that a bare limit is bound, which takes longer than
// to read an account; it does not look into an expression.
const texts = {
  last: `select version, recorded_at from patron_fees_event
         where institution = ? and patron_id = ? order by version desc limit 1`,
  stream: `select version, recorded_at, event from patron_fees_event
           where institution = ? and patron_id = ? and version > ? order by version limit ? + 0`,
  insert: `insert into patron_fees_event (institution, patron_id, version, recorded_at, event)
           values (?, ?, ?, ?, ?)`,
  all: `select position, institution, patron_id, version, recorded_at, event from patron_fees_event
        where position > ? order by position limit ? + 0`,
  end: 'select max(position) as position from patron_fees_event',
  accounts: `select position, institution, patron_id from patron_fees_event
             where (version = 1 or is_left_by_purge = 1) and position > ? order by position limit ? + 0`,
  accountsOf: `select position, institution, patron_id from patron_fees_event
               where (version = 1 or is_left_by_purge = 1) and position > ? and institution = ?
               order by position limit ? + 0`,
  scan: `with recursive stream (patron_id, place) as (
           select (select patron_id from patron_fees_event where institution = ? and patron_id > ?
                   order by patron_id limit 1), 1
           union all
           select (select patron_id from patron_fees_event where institution = ? and patron_id > stream.patron_id
                   order by patron_id limit 1), place + 1
           from stream where patron_id is not null and place < ${SCAN_SIZE}
         )
         select patron_id, place,
           (select version = 1 or is_left_by_purge = 1 from patron_fees_event as first
            where first.institution = ? and first.patron_id = stream.patron_id order by version limit 1) as begins
         from stream where patron_id is not null and (begins = 0 or place = ${SCAN_SIZE})`,
  institution: 'select institution from patron_fees_event where institution > ? order by institution limit 1',
  remove: 'delete from patron_fees_event where institution = ? and patron_id = ?',
  leave: `insert into patron_fees_event (institution, patron_id, version, recorded_at, event, is_left_by_purge)
          values (?, ?, ?, ?, ?, 1)`,
  rewrite: 'update patron_fees_event set event = ? where institution = ? and patron_id = ? and version = ?',
};

/** Lists a page of the accounts. */
export function listAccounts(statements: Statements, page: CheckedPage): Promise<AccountPage> {
  return accountPage(page, {
    begun: (after, limit) => withNamedErrors(() => listBegun(statements, { ...page, after, limit })),
    scan: (after) => withNamedErrors(() => scanAccounts(statements, page.institution, after)),
  });
}

function listBegun(statements: Statements, { after, limit = -1, institution }: CheckedPage): AccountPage {
  const start = positionOf(after);
  const rows =
    institution === undefined
      ? statements.accounts.all(start, limit)
      : statements.accountsOf.all(start, institution, limit);
  if (rows.length === 0) assertNotBeyondEnd(statements, start);
  const cursor = String((rows.at(-1) as StoreRow | undefined)?.position ?? start);
  return { accounts: (rows as StoreRow[]).map(streamOf), cursor };
}

/** Throws if a position is beyond the end. Called only if no rows follow it. */
export function assertNotBeyondEnd(statements: Statements, position: number): void {
  const { position: end } = statements.end.get() as StoreRow;
  if (position > Number(end)) throw cursorUnknown(String(position));
}

/** Returns the position of a cursor. */
export function positionOf(cursor: string | undefined): number {
  if (cursor === undefined) return 0;
  if (/^\d{1,15}$/.test(cursor)) return Number(cursor);
  throw cursorInvalid(cursor);
}

/** Looks at the next accounts of one institution for those without their first event. */
export function scanAccounts(
  statements: Statements,
  only: string | undefined,
  after: StreamId | undefined,
): Scanned {
  const institutionAfter = (name: string) => {
    const row = only === undefined ? statements.institution.get(name) : undefined;
    return (row as StoreRow | undefined)?.institution as string | undefined;
  };
  const institution = after?.institution ?? only ?? institutionAfter('');
  if (institution === undefined) return { headless: [], last: undefined };
  const rows = statements.scan.all(
    institution,
    after?.patronId ?? '',
    institution,
    institution,
  ) as StoreRow[];
  const found = rows.map(({ patron_id, place, begins }) => ({
    stream: { institution, patronId: String(patron_id) },
    isLast: Number(place) === SCAN_SIZE,
    isHeadless: Number(begins) === 0,
  }));
  const headless = found.filter(({ isHeadless }) => isHeadless).map(({ stream }) => stream);
  const last = found.find(({ isLast }) => isLast)?.stream;
  if (last !== undefined) return { headless, last };
  const next = institutionAfter(institution);
  return { headless, last: next === undefined ? undefined : { institution: next, patronId: '' } };
}
