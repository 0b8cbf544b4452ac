import * as v from 'valibot';
import type { AccountEvent } from '../../account/events/accountEvent.js';
import { PatronFeesError } from '../../errors.js';
import { type ErasingStoreAdapter, openStore, type StreamAdapter } from '../../history/checkedStore.js';
import { accountEvents, type EventCodec } from '../../history/codec.js';
import {
  type Appended,
  type IdField,
  type ReadAppendStore,
  type StreamId,
  type StreamKey,
  type StreamSlice,
  streamKey,
} from '../../history/eventStore.js';
import type { WatchableEventStore } from '../../history/follow.js';
import {
  type ErasingEventStore,
  type RedactingEventStore,
  redactedEvents,
  type Swept,
} from '../../history/redaction.js';
import type { CheckedRead, CheckedRedact } from '../../history/storeArguments.js';
import { checkedArgument } from '../../input/checkedArgument.js';
import {
  type AppendCall,
  appendCalls,
  batchesOf,
  batchQueue,
  CALLS_MAX,
  type GatheredStreams,
  type OnBatch,
  onBatchField,
} from '../batchQueue.js';
import { inlineField, partNames } from '../parts.js';
import {
  type Appending,
  appendTo,
  applyInline,
  type PostgresProjection,
  purgeIn,
  storedEventsOf,
  VERSION_MAX,
} from './appendTo.js';
import { watchAppends } from './dedicatedConnection.js';
import { listAccounts, readLog, readStream, sliceFrom } from './readEvents.js';
import {
  beginsTransactions,
  callersSession,
  errorCodeOf,
  isPool,
  needsPool,
  ownSession,
  type PostgresRow,
  type Queryable,
  type Session,
} from './session.js';
import {
  appendBatchStatement,
  READ_ALL,
  READ_ALL_MARKED,
  READ_BATCH,
  READ_LAG,
  READ_REMAINS,
  READ_TIMEOUTS,
  REWRITE,
  streamOf,
} from './statements.js';

/** How {@link postgresEventStore} appends. */
export type PostgresEventStoreOptions = {
  /**
   * The projections to apply in the transaction of each append. It is then no longer one statement but a transaction of
   * several, so an append takes several round trips to the server, which concurrent appends share. Every process that
   * appends must have the same ones.
   *
   * @defaultValue none
   */
  readonly inline?: readonly PostgresProjection[];
  /**
   * Whether an append notifies the programs that {@link history.follow | follow} the store when it commits, so that
   * they need not poll. Every process that appends must have this option. PostgreSQL lets transactions that notify
   * commit one after the other.
   *
   * @defaultValue false
   */
  readonly notify?: boolean;
  /**
   * Whether statements are prepared under a name, once for each connection, which saves the server planning them each
   * time. For a `Pool` or `Client` of pg.
   *
   * Statements without names are safe behind every pooler. Named ones are safe behind PgBouncer 1.21 and later with
   * `max_prepared_statements` above 0, and behind poolers that give each client its own server connection (session
   * mode). Behind a pooler that mixes up statements, the store detects it at the first failure, and sends this
   * statement again and all later ones without a name. In your own transaction no statement has a name.
   *
   * @defaultValue false
   */
  readonly namedStatements?: boolean;
  /**
   * Whether concurrent calls share round trips and commits: appends to different accounts are stored by one
   * transaction, and reads of different accounts are one statement. Each append succeeds or fails on its own. For a
   * `Pool` of pg or PGlite; a `Client` may be in a transaction of yours.
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

/** How far `readAll` lags behind the appends. */
export type PostgresLag = {
  /** The number of committed events that `readAll` does not return yet. */
  readonly events: number;
  /** The age of the oldest of them, in milliseconds; 0 without such events. */
  readonly ageMs: number;
};

/** An event store in PostgreSQL. */
export type PostgresEventStore = ErasingEventStore & {
  /**
   * Returns the store in your own transaction: events are stored when you commit, together with your own rows, and
   * are gone if you roll back. Then also drop the accounts that you opened within it: they still have those events.
   *
   * A conflict rejects with `VERSION_CONFLICT` as usual, and the transaction remains usable: every append is a
   * savepoint in it. Under REPEATABLE READ and SERIALIZABLE the transaction never sees what others commit meanwhile, so
   * a conflict is final: roll back and run the transaction again. An append on a connection without an open transaction
   * rejects with `INVALID_ARGUMENT`.
   *
   * @param connection - the connection of the transaction: a `Client` of pg, or an adapter of a query builder
   */
  readonly within: (connection: Queryable) => ReadAppendStore;
  /**
   * Returns how far `readAll` lags behind. It returns an event once no earlier transaction is in
   * progress, in any database of the server, so the lag is at most as long as the longest of them.
   */
  readonly lag: () => Promise<PostgresLag>;
  /**
   * Reports appends; only with the option `notify`. Keeps a connection of the pool, which must reach the server
   * directly or through a pooler in session mode. Rejects with `INVALID_ARGUMENT` for a single client, or if the pool
   * would have no other connection left: `max` must be at least 2, and one more for a lock.
   */
  readonly watch?: WatchableEventStore['watch'];
};

/**
 * Creates a store for events of another kind, such as those of tills and receipts, in a schema of their own.
 *
 * @param database - a connection whose search path begins with a schema that has no events of patron accounts
 * @param options - the codec of the events
 * @returns the store
 */
export function postgresEventStore<Event, Field extends IdField>(
  database: Queryable,
  options: {
    /** Encodes and checks the events, and names their streams, e.g. `officeEvents`. */
    readonly codec: EventCodec<Event, Field>;
  },
): RedactingEventStore<Event, StreamKey<Field>>;
/**
 * Creates a store that keeps events in PostgreSQL. Call {@link migrate} first.
 *
 * Every append is part of one statement: all of its events are stored or none, and of two appends that expect the same
 * version the primary key accepts one. Concurrent appends share a statement ({@link PostgresEventStoreOptions.gather}).
 * Recording times come from the server's clock. The caller keeps the connection: closing the store does not close it.
 * Errors of the driver are passed on unchanged. If a connection breaks, it is unknown whether the append was stored;
 * executing the same command again is safe in either case.
 *
 * @param database - a `Pool` or `Client` of pg, PGlite, or anything else with their `query`
 * @param options - projections to apply with each append, notifications, named statements, shared statements
 * @returns the store
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` if the options are invalid, or if there
 * are inline projections and the database is neither a `Pool` nor PGlite
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
 *
 * await database.transaction(async (transaction) => {
 *   await execute(store.within(transaction), policy, stream, { ...fee, id: 'f2' });
 *   await transaction.rollback();
 * });
 * (await store.read(stream)).version; //=> 1
 * await database.close();
 * ```
 */
export function postgresEventStore(
  database: Queryable,
  options?: PostgresEventStoreOptions,
): PostgresEventStore;
export function postgresEventStore(
  database: Queryable,
  {
    codec = accountEvents,
    ...options
  }: PostgresEventStoreOptions & { readonly codec?: EventCodec<AccountEvent> } = {},
): PostgresEventStore {
  const { namedStatements, gather, onBatch, ...given } = checkedPostgresOptions(database, options);
  const appending = { ...given, parts: partNames(given.inline) };
  const own = ownSession(database, { namedStatements });
  const streamsOf = (session: Session) => ({
    read: (stream: StreamId, part: CheckedRead) => readStream(session, stream, part, codec),
    append: appendTo(session, appending),
  });
  const purge = purgeIn(own, appending);
  const sweep = async (): Promise<Swept> =>
    (await own.rows(READ_REMAINS)).length > 0 ? { remaining: 'vacuum' } : {};
  const adapter: ErasingStoreAdapter = {
    ...(gather && beginsTransactions(database)
      ? gatheredStreams(
          streamsOf(own),
          ownSession(database, { namedStatements, retries: false }),
          appending,
          codec,
          longestWaitOf(own, database),
          onBatch,
        )
      : streamsOf(own)),
    readAll: (page) => readLog(own, page, isPool(database) ? READ_ALL : READ_ALL_MARKED),
    accounts: (page) => listAccounts(own, page),
    redact: async (stream, which) => ({
      events: await redactStream(own, stream, which, codec),
      ...(which.sweep && (await sweep())),
    }),
    purge: async (stream, left) => ({ ...(await purge(stream, left)), ...(left.sweep && (await sweep())) }),
    sweep,
  };
  const { store, assertOpen, streams } = openStore(adapter, codec);
  return {
    ...store,
    ...(appending.notify && { watch: watchAppends(database) }),
    within: (connection) => streams(streamsOf(callersSession(connection))),
    lag: async () => {
      assertOpen();
      const [row] = await own.rows(READ_LAG);
      return { events: Number(row?.events), ageMs: Math.round(Number(row?.age)) };
    },
  };
}

/** Returns the function that reads how long an append may wait for a lock: what the server or the pool ends first. */
function longestWaitOf({ rows }: Session, database: Queryable): () => Promise<number> {
  const inPool = isPool(database) ? (database.options?.query_timeout ?? 0) : 0;
  return async () => {
    const settings = await rows(READ_TIMEOUTS);
    const limits = [inPool, ...settings.map(({ ms }) => Number(ms))].filter((ms) => ms > 0);
    return Math.min(...limits, Number.POSITIVE_INFINITY);
  };
}

const optionsSchema = v.strictObject({
  inline: inlineField<PostgresProjection>(),
  notify: v.optional(v.boolean(), false),
  namedStatements: v.optional(v.boolean(), false),
  gather: v.optional(v.boolean(), true),
  onBatch: onBatchField,
});

function checkedPostgresOptions(database: Queryable, options: PostgresEventStoreOptions) {
  const checked = checkedArgument(optionsSchema, options, 'options');
  if (checked.inline.length > 0 && !beginsTransactions(database)) {
    throw new PatronFeesError('INVALID_ARGUMENT', `options.inline: ${needsPool}`);
  }
  return checked;
}

async function redactStream(
  session: Session,
  stream: StreamId,
  { versions }: CheckedRedact,
  codec: EventCodec<AccountEvent>,
): Promise<number> {
  if (versions?.size === 0) return 0;
  const { events } = await readStream(session, stream, { after: 0 }, codec);
  const changed = redactedEvents(events, versions, codec);
  if (changed.length === 0) return 0;
  const { institution, patronId } = stream;
  await session.rows(REWRITE, [institution, patronId, JSON.stringify(changed)]);
  return changed.length;
}

// Several appends, or reads of streams, in one statement: the concurrent calls of a store share a round trip and a
// commit.

/** A read that waits for its batch: of a whole stream, or of the events after a version. */
type ReadCall = {
  readonly stream: StreamId;
  readonly after: number;
};

/**
 * Returns the operations on single streams for concurrent callers, whose calls share statements.
 *
 * @param single - runs a call by itself
 * @param session - runs batches; it does not retry them, because their parts are then run by themselves
 * @param longestMs - returns how long the user lets an append wait for a lock, in milliseconds
 */
function gatheredStreams(
  single: StreamAdapter,
  session: Session,
  appending: Appending,
  codec: EventCodec<AccountEvent>,
  longestMs: () => Promise<number>,
  onBatch?: OnBatch,
): GatheredStreams {
  const one = async ({ stream, texts, how }: AppendCall) => single.append(stream, texts, how);
  const { many, lockOf } = appendManyIn(session, appending);
  const appends = batchQueue({
    ...appendCalls,
    ...batchesOf('append', onBatch),
    one,
    many,
    again: whileLocked({ one, many, lockOf, longestMs }),
    overlaps: true,
  });
  const reads = batchQueue<ReadCall, StreamSlice>({
    ...batchesOf('read', onBatch),
    one: ({ stream, after }) => single.read(stream, { after }),
    many: readManyIn(session, codec),
    overlaps: true,
  });
  return {
    append: (stream, texts, how) => appends.run({ stream, texts, how }),
    read: (stream, { after, limit }) =>
      limit === undefined ? reads.run({ stream, after }) : single.read(stream, { after, limit }),
    concurrency: CALLS_MAX,
    settle: async () => {
      await Promise.all([appends.settle(), reads.settle()]);
    },
  };
}

/**
 * Returns what appends to several streams, once each, in one transaction. An append that it did not store
 * is to be run by itself: another writer has appended to the stream, or is about to, or the transaction was rolled
 * back.
 */
function appendManyIn(session: Session, { inline, parts, notify }: Appending) {
  const statement = appendBatchStatement({ returnsTime: inline.length > 0, notifies: notify });
  /** The errors of calls in batches that met a lock. */
  const locks = new WeakMap<AppendCall, unknown>();
  const many = async (calls: readonly AppendCall[]): Promise<readonly (Appended | undefined)[]> => {
    const own = parts(calls[0]?.how ?? {});
    const values = [JSON.stringify(calls.filter(({ how }) => parts(how) === own).flatMap(givenEvents)), own];
    const places = new Map(calls.map(({ stream }, place) => [streamKey(stream), place]));
    let isOfProjection = false;
    const append = async () => {
      if (inline.length === 0) return session.rows(statement, values);
      return session.atomically(async ({ database, rows: rowsOf }) => {
        const rows = await rowsOf(statement, values);
        const last = new Map(rows.map((row) => [streamKey(streamOf(row)), row]));
        const appends = [...last].map(([key, row]) => {
          const { stream, texts } = calls[Number(places.get(key))] as AppendCall;
          return storedEventsOf(stream, texts, [row]);
        });
        try {
          await applyInline(inline, appends, database);
        } catch (error) {
          isOfProjection = true;
          throw error;
        }
        return rows;
      });
    };
    const results: (Appended | undefined)[] = calls.map(() => undefined);
    try {
      for (const row of await append())
        results[Number(places.get(streamKey(streamOf(row))))] = { version: Number(row.version) };
    } catch (error) {
      if (!isOfProjection && !isRolledBack(error)) throw error;
      if (errorCodeOf(error) === LOCK_NOT_AVAILABLE) for (const call of calls) locks.set(call, error);
    }
    return results;
  };
  return {
    many,
    /** Returns the error of the lock that a call met, once. */
    lockOf: (call: AppendCall) => {
      const error = locks.get(call);
      locks.delete(call);
      return error;
    },
  };
}

const LOCK_NOT_AVAILABLE = '55P03';

/** The shortest and the longest pause before an append is tried again that met a lock, in milliseconds. */
const PAUSE_MS = [150, 250] as const;

/**
 * Returns the function that runs a call which its batch left out. If the batch met a lock, the call is tried again and again
 * with the short timeout of a batch: waiting on its connection, as many held accounts as the pool has connections would
 * stop all others.
 */
function whileLocked({
  one,
  many,
  lockOf,
  longestMs,
}: Pick<ReturnType<typeof appendManyIn>, 'many' | 'lockOf'> & {
  readonly one: (call: AppendCall) => Promise<Appended>;
  readonly longestMs: () => Promise<number>;
}): (call: AppendCall) => Promise<Appended> {
  return async (call) => {
    if (lockOf(call) === undefined) return one(call);
    const startedAt = performance.now();
    for (let limitMs: number | undefined; ; ) {
      const [appended] = await many([call]);
      if (appended !== undefined) return appended;
      const lock = lockOf(call);
      if (lock === undefined) return one(call);
      limitMs ??= await longestMs();
      if (performance.now() - startedAt >= limitMs) throw lock;
      const [least, most] = PAUSE_MS;
      const ms = least + Math.random() * (most - least);
      await new Promise((resolve) => setTimeout(resolve, ms));
    }
  };
}

/** Returns the events of an append, as the statement takes them. */
function givenEvents({ stream: { institution, patronId }, texts, how }: AppendCall) {
  const { expectedVersion, recordedAt } = how;
  const expected = expectedVersion === 'any' ? undefined : Math.min(expectedVersion, VERSION_MAX);
  return texts.map((event, index) => ({
    institution,
    patron_id: patronId,
    expected,
    time: recordedAt,
    number: index + 1,
    event,
  }));
}

/**
 * Connection exception, insufficient resources, operator intervention, internal error: after them, as after errors of
 * the network, it is unknown whether the transaction was committed, or nothing else would succeed either. `57014` is a
 * statement that was cancelled.
 */
const UNKNOWN = /^(08|53|57P|XX)/;

/** Returns whether the server answered that it rolled the transaction back, so that its parts can be tried again. */
function isRolledBack(error: unknown): boolean {
  const code = errorCodeOf(error);
  // Errors of the network have codes like EPIPE.
  return typeof code === 'string' && /^(?=.*\d)[0-9A-Z]{5}$/.test(code) && !UNKNOWN.test(code);
}

/**
 * Returns the function that reads several streams in one statement. Some reads must be repeated alone: one that finds
 * no event from its version on, because it does not learn the stream's version; one with an event that cannot be
 * decoded; and all of them after an error of the server.
 */
function readManyIn({ rows: rowsOf }: Session, { decode }: EventCodec<AccountEvent>) {
  return async (calls: readonly ReadCall[]): Promise<readonly (StreamSlice | undefined)[]> => {
    const given = calls.map(({ stream: { institution, patronId }, after }, place) => ({
      place,
      institution,
      patron_id: patronId,
      after: Math.min(after, VERSION_MAX),
    }));
    const found: PostgresRow[][] = calls.map(() => []);
    try {
      for (const row of await rowsOf(READ_BATCH, [JSON.stringify(given)]))
        found[Number(row.place)]?.push(row);
    } catch (error) {
      if (!isRolledBack(error)) throw error;
      return calls.map(() => undefined);
    }
    return calls.map(({ after }, place) => {
      try {
        return sliceFrom(found[place] ?? [], after, { decode });
      } catch {
        return undefined;
      }
    });
  };
}
