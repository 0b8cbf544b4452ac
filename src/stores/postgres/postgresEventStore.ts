import * as v from 'valibot';
import type { AccountEvent } from '../../account/events/accountEvent.js';
import { PatronFeesError } from '../../errors.js';
import { type ErasingStoreAdapter, openStore } from '../../history/checkedStore.js';
import { accountEvents, type EventCodec } from '../../history/codec.js';
import type { IdField, ReadAppendStore, StreamId, StreamKey } from '../../history/eventStore.js';
import type { WatchableEventStore } from '../../history/follow.js';
import {
  type ErasingEventStore,
  type RedactingEventStore,
  redactedEvents,
  type Swept,
} from '../../history/redaction.js';
import type { CheckedRead, CheckedRedact } from '../../history/storeArguments.js';
import { checkedArgument } from '../../input/checkedArgument.js';
import { type OnBatch, onBatchField } from '../batchQueue.js';
import { inlineField, partNames } from '../parts.js';
import { appendTo, type PostgresProjection, purgeIn } from './appendTo.js';
import { gatheredStreams } from './batches.js';
import { watchAppends } from './dedicatedConnection.js';
import type { Queryable } from './queryable.js';
import { listAccounts, readLog, readStream } from './readEvents.js';
import {
  beginsTransactions,
  callersSession,
  isPool,
  needsPool,
  ownSession,
  type Session,
} from './session.js';
import { READ_ALL, READ_ALL_MARKED, READ_LAG, READ_REMAINS, READ_TIMEOUTS, REWRITE } from './statements.js';

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
