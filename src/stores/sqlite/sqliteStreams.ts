// Reads and appends of single streams.
import type { AccountEvent } from '../../account/events/accountEvent.js';
import type { StreamAdapterNow } from '../../history/checkedStore.js';
import { type EventCodec, recordedEventOf, type StoreRow } from '../../history/codec.js';
import {
  type Appended,
  type StreamId,
  type StreamSlice,
  streamKey,
  versionConflict,
} from '../../history/eventStore.js';
import { laterInstant } from '../../history/instants.js';
import type { CheckedAppend, CheckedRead } from '../../history/storeArguments.js';
import { type AppendCall, appendCalls, type GatheredStreams } from '../appendCalls.js';
import { batchesOf, batchQueue, CALLS_MAX, type OnBatch } from '../batchQueue.js';
import type { PartNames } from '../parts.js';
import { assertParts } from './parts.js';
import { isRolledBack, type SqliteDatabase, withNamedErrors } from './sqliteDatabase.js';
import { applyInline, type SqliteProjection } from './sqliteProjection.js';
import { assertNoTask } from './sqliteTransaction.js';
import type { Statements } from './statements.js';

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
export type AppendsBefore = { readonly waitsFor: (stream: StreamId) => boolean };

/** No limit, in SQLite. */
export const ALL = -1;

/** Returns the version of a stream and the time of its last event. */
export function lastOf({ statements }: Store, { institution, patronId }: StreamId) {
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
