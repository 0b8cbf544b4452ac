import type { AccountEvent } from '../../account/events/accountEvent.js';
import { type ErasingStoreAdapter, openStore } from '../../history/checkedStore.js';
import {
  accountEvents,
  type EventCodec,
  recordedEventOf,
  type StoreRow,
  storedTextOf,
} from '../../history/codec.js';
import {
  type EventPage,
  type IdField,
  type ReadAppendStore,
  type StreamId,
  type StreamKey,
  versionConflict,
} from '../../history/eventStore.js';
import { checkedTransaction } from '../../history/execute.js';
import { laterInstant } from '../../history/instants.js';
import { type ErasingEventStore, type RedactingEventStore, redactedEvents } from '../../history/redaction.js';
import type { CheckedPage, CheckedPurge, CheckedRedact } from '../../history/storeArguments.js';
import { type Clock, timeOf } from '../../input/clock.js';
import type { OnBatch } from '../batchQueue.js';
import { partNames } from '../parts.js';
import {
  assertDatabase,
  inSavepoint,
  inTransaction,
  overwriteDeleted,
  withNamedErrors as run,
  type SqliteDatabase,
  sweep,
} from './sqliteDatabase.js';
import {
  ALL,
  assertNotBeyondEnd,
  gatheredStreams,
  lastToAppend,
  listAccounts,
  positionOf,
  prepareAll,
  type Store,
  streamsIn,
} from './sqliteStreams.js';
import {
  applyInline,
  assertNoTask,
  checkedSqliteOptions,
  inTaskTransaction,
  type SqliteProjection,
  type TransactionTask,
} from './sqliteTransaction.js';

/** How {@link sqliteEventStore} sets up its connection and appends. */
export type SqliteEventStoreOptions = {
  /**
   * When an append is complete. `full`, if left out: when the events are on the disk, and survive a power failure.
   * `normal`: several times as fast; events survive a killed process, but a power failure may lose the latest events.
   */
  readonly synchronous?: 'full' | 'normal';
  /** The time to wait for other writing processes, in milliseconds; 5,000 if left out. */
  readonly busyTimeoutMs?: number;
  /**
   * Returns the time that events are recorded at, a `Date` or ISO 8601 with a zone; the machine's clock if left out.
   */
  readonly now?: Clock;
  /**
   * The projections to apply in the transaction of each append. Every process that appends must have the same ones.
   *
   * @defaultValue none
   */
  readonly inline?: readonly SqliteProjection[];
  /**
   * Whether concurrent appends share a transaction, and so a flush to the disk: those that are called in one turn of
   * the event loop are stored at its end. Each succeeds or fails on its own. Without it an append is stored when its
   * call returns its promise; with it when the promise resolves.
   *
   * @defaultValue true
   */
  readonly gather?: boolean;
  /**
   * Called with each batch of concurrent calls, for measurements.
   *
   * @defaultValue nothing is called
   */
  readonly onBatch?: OnBatch;
};

/** An event store in SQLite. */
export type SqliteEventStore = ErasingEventStore & {
  /**
   * Runs a task in a transaction on the store's own connection: the events that it appends and the rows that it writes on
   * this connection are stored together, or neither if it throws. The task gets the functions of the transaction, which
   * return at once. It must not return a promise, so no other request of the program runs from the begin to the commit,
   * and none can write into the transaction. What the program must wait for, such as a payment provider, comes before it
   * or after it.
   *
   * Appends to the accounts that were called before are stored first. Rejects with the error that the task throws; with
   * `INVALID_ARGUMENT` for an account that is not among `accounts`, a returned promise, and a call of the store itself in
   * the task; with `SQLITE_ABORT_ROLLBACK` if SQLite rolled back by itself and the task caught its error.
   *
   * @param accounts - every account that the task reads or changes
   * @param task - reads, appends, executes commands, and writes your own rows; neither commits nor rolls back
   * @returns what the task returned
   */
  readonly transaction: <Result>(
    accounts: readonly StreamId[],
    task: TransactionTask<Result>,
  ) => Promise<Result>;
  /**
   * Returns the store in your own transaction: events are stored when you commit, together with your own rows, and
   * are gone if you roll back. Then also drop the accounts that you opened within it: they still have those events. Only
   * for a connection that one task at a time uses, as in a script: whatever else uses it meanwhile is in the transaction
   * too. Everywhere else, use `transaction`.
   *
   * A conflict rejects with `VERSION_CONFLICT` as usual, and the transaction remains usable: every append is a
   * savepoint in it. Begin the transaction with `begin immediate`: it then has the write lock from its start, so no
   * other connection can append. An append on a connection without an open transaction rejects with `INVALID_ARGUMENT`.
   *
   * @param database - the connection of the transaction: that of the store, or another one to the same file
   */
  readonly within: (database: SqliteDatabase) => ReadAppendStore;
};

/**
 * Creates a store for events of another kind, such as those of tills and receipts, in a database file of their own.
 *
 * @param database - an open database without events of patron accounts
 * @param options - durability, timeout, clock, and the codec of the events
 * @returns the store
 */
export function sqliteEventStore<Event, Field extends IdField>(
  database: SqliteDatabase,
  options: Omit<SqliteEventStoreOptions, 'inline'> & {
    /** Encodes and checks the events, and names their streams, e.g. `officeEvents`. */
    readonly codec: EventCodec<Event, Field>;
  },
): RedactingEventStore<Event, StreamKey<Field>>;
/**
 * Creates a store that keeps events in an SQLite database, in one local file. Several processes on one machine may use
 * the same file. Call {@link migrate} first.
 *
 * The connection is set to write-ahead logging. The caller keeps it: closing the store does not close it. Errors of the
 * driver, such as a full disk, are passed on, and nothing of the append is stored. Errors of `node:sqlite` are the
 * `cause` of an error with the same `code` as those of the other drivers, such as `SQLITE_FULL`.
 *
 * @param database - an open database of libsql, better-sqlite3 or `node:sqlite`
 * @param options - durability, timeout, clock, projections to apply with each append
 * @returns the store
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` if the options are invalid
 *
 * @example
 * ```ts
 * import Database from 'libsql';
 * import { definePolicy } from 'patron-fees';
 * import { execute, loadAccount } from 'patron-fees/history';
 * import { summary } from 'patron-fees/views';
 * import { migrate, sqliteEventStore } from 'patron-fees/sqlite';
 *
 * const database = new Database(':memory:');
 * migrate(database);
 * const store = sqliteEventStore(database);
 *
 * const policy = definePolicy({ currency: 'USD' });
 * const stream = { institution: 'north', patronId: 'p1' };
 * const at = '2026-03-02T09:00:00Z';
 * const fee = { type: 'AssessFee', id: 'f1', feeType: 'OTHER', amount: '2.50', owner: 'MAIN', at } as const;
 * await execute(store, policy, stream, fee);
 * const { account } = await loadAccount(store, stream);
 * summary(account, policy).payable; //=> '2.50'
 *
 * database.exec('create table loan (id text primary key)');
 * const { version } = await store.transaction([stream], (transaction) => {
 *   database.prepare('insert into loan values (?)').run('l1');
 *   return transaction.execute(policy, stream, { ...fee, id: 'f2' });
 * });
 * version; //=> 2
 * ```
 */
export function sqliteEventStore(
  database: SqliteDatabase,
  options?: SqliteEventStoreOptions,
): SqliteEventStore;
export function sqliteEventStore(
  database: SqliteDatabase,
  options: SqliteEventStoreOptions & { readonly codec?: EventCodec<AccountEvent> } = {},
): SqliteEventStore {
  assertDatabase(database);
  const { synchronous, busyTimeoutMs, inline, gather, onBatch } = checkedSqliteOptions(options);
  const { now: clock = () => new Date(), codec = accountEvents } = options;
  const now = () => timeOf(clock);
  const store = run((): Store => {
    database.exec(`pragma busy_timeout = ${busyTimeoutMs}`);
    database.exec('pragma journal_mode = wal');
    database.exec(`pragma synchronous = ${synchronous}`);
    overwriteDeleted(database);
    return {
      database,
      statements: prepareAll(database),
      now,
      codec,
      inline,
      parts: partNames(inline),
      atomically: inTransaction,
    };
  });
  const gathered = gather
    ? gatheredStreams(store, onBatch)
    : { ...streamsIn(store), settle: async () => undefined, waitsFor: () => false };
  const afterAppends = async <Result>(task: () => Result) => {
    await gathered.settle();
    return run(task);
  };
  const adapter: ErasingStoreAdapter = {
    ...gathered,
    readAll: (page) => afterAppends(() => readLog(store, page)),
    accounts: async (page) => {
      await gathered.settle();
      return listAccounts(store.statements, page);
    },
    redact: async (stream, which) => ({
      events: await afterAppends(() => redactStream(store, stream, which)),
      ...(which.sweep && (await sweep(database))),
    }),
    purge: async (stream, left) => ({
      version: await afterAppends(() => purgeStream(store, stream, left)),
      ...(left.sweep && (await sweep(database))),
    }),
    sweep: () => sweep(database),
  };
  const opened = openStore(adapter, codec);
  const prepared = new WeakMap<SqliteDatabase, ReadAppendStore>();
  const within = (connection: SqliteDatabase): ReadAppendStore => {
    const known = prepared.get(connection);
    if (known !== undefined) return known;
    assertDatabase(connection, 'connection');
    const statements = run(() => {
      overwriteDeleted(connection);
      return prepareAll(connection);
    });
    const streams = opened.streams(
      streamsIn({
        ...store,
        database: connection,
        statements,
        atomically: (_, task) => {
          assertNoTask(connection);
          return inSavepoint(connection, task);
        },
      }),
    );
    prepared.set(connection, streams);
    return streams;
  };
  const streamsNow = opened.streamsNow(streamsIn({ ...store, atomically: inSavepoint }));
  const transaction: SqliteEventStore['transaction'] = async (accounts, task) => {
    opened.assertOpen();
    const named = checkedTransaction(accounts, task);
    if (named.some(gathered.waitsFor)) await gathered.settle();
    return run(() => inTaskTransaction(database, named, streamsNow, task));
  };
  return { ...opened.store, within, transaction };
}

/** Reads a page of all events. Positions are in commit order, since SQLite has one writer at a time. */
function readLog({ statements }: Store, { after, limit = ALL }: CheckedPage): EventPage<string> {
  const start = positionOf(after);
  const rows = statements.all.all(start, limit) as StoreRow[];
  if (rows.length === 0) assertNotBeyondEnd(statements, start);
  const events = rows.map(storedTextOf);
  return { events, cursor: String(rows.at(-1)?.position ?? start) };
}

/** Returns the number of changed events. */
function redactStream({ database, statements, codec }: Store, stream: StreamId, { versions }: CheckedRedact) {
  const { institution, patronId } = stream;
  return inTransaction(database, () => {
    const rows = statements.stream.all(institution, patronId, 0, ALL) as StoreRow[];
    const recorded = rows.map((row) => recordedEventOf(row, codec));
    const changed = redactedEvents(recorded, versions, codec);
    for (const { version, event } of changed) statements.rewrite.run(event, institution, patronId, version);
    return changed.length;
  });
}

/** Returns the version of the event that is left. */
function purgeStream(store: Store, stream: StreamId, left: CheckedPurge): number {
  const { text, events, recordedAt } = left;
  const { database, statements } = store;
  const { institution, patronId } = stream;
  const version = events + 1;
  return inTransaction(database, () => {
    const last = lastToAppend(store, stream, left);
    if (last.version > events) throw versionConflict(stream, events, last.version);
    const time = laterInstant(last.recordedAt, recordedAt ?? store.now());
    statements.remove.run(institution, patronId);
    statements.leave.run(institution, patronId, version, time, text);
    applyInline(store, stream, { after: events, recordedAt: time, texts: [text] });
    return version;
  });
}
