// The stores in which pairs of features are played: how a process opens one with its features, and what is read afterwards.
import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import type pg from 'pg';
import {
  type ErasingEventStore,
  type EventStore,
  execute,
  type FollowedProjection,
  type ReadAppendStore,
  type StreamId,
} from '../../src/history/index.js';
import { type Command, definePolicy } from '../../src/index.js';
import { postgresOutbox, sqliteOutbox } from '../../src/stores/feed/index.js';
import { keyedEventStore, postgresKeys, sqliteKeys } from '../../src/stores/keys/index.js';
import { natsEventStore } from '../../src/stores/nats/index.js';
import * as postgres from '../../src/stores/postgres/index.js';
import * as sqlite from '../../src/stores/sqlite/index.js';
import { type AccountTables, postgresTables, sqliteTables } from '../support/accountTables.js';
import type { Feature, StoreName } from '../support/featurePairs.js';
import type { PGlite } from '../support/pglite.js';
import { newPool } from '../support/postgresServer.js';
import { type OpenDatabase, sqliteDrivers } from '../support/sqliteDrivers.js';

/** Where the events of a cell are. */
export type PairPlace = {
  readonly features: readonly Feature[];
  readonly store: StoreName;
  /** The folder of SQLite's files; each cell has one, for what its follower writes. */
  readonly folder: string;
  /** The driver of SQLite. */
  readonly driver: string;
  /** The connection to PostgreSQL, and the beginning of the names of the schemas. */
  readonly postgres?: { readonly connection: pg.PoolConfig; readonly schema: string };
  /** The address of NATS, and the stream. */
  readonly nats?: { readonly address: string; readonly stream: string };
};

/** A store of a process. */
export type PairStore = {
  /** Creates the tables. */
  readonly prepare: () => Promise<void>;
  /** Opens the store, with its projections, batches and keys. */
  readonly open: () => Promise<EventStore & Partial<ErasingEventStore>>;
  /** Executes a command, and inserts a row of the caller in the same transaction. */
  readonly withRow: (how: 'transaction' | 'within', row: RowAndCommand) => Promise<void>;
  /** Returns the projection of the followed table. */
  readonly follow: (read: ReadAppendStore) => FollowedProjection;
  readonly rebuild: () => Promise<unknown>;
  /** Returns whether an error says that the server was away. */
  readonly isOutage: (error: unknown) => boolean;
  readonly found: () => Promise<FoundInStore>;
  readonly end: () => Promise<void>;
};

export type RowAndCommand = {
  readonly store: EventStore;
  readonly id: string;
  readonly stream: StreamId;
  readonly command: Command;
};

/** What a store has after all processes have ended. */
export type FoundInStore = {
  /** The store without its keys. */
  readonly plain: EventStore;
  readonly own: readonly string[];
  readonly messages: readonly string[];
  readonly inline: AccountTables | undefined;
  readonly followed: AccountTables | undefined;
};

export const policy = definePolicy({ currency: 'USD' });

const OWN = 'create table if not exists own (id text primary key)';

/** Opens the place of a cell; `lite` makes the databases of PGlite, which only one process has. */
export async function pairStore(place: PairPlace, lite?: (part: string) => PGlite): Promise<PairStore> {
  if (place.store === 'SQLite') return inSqlite(place);
  if (place.store === 'NATS') return inNats(place);
  return inPostgres(place, lite);
}

/** Opens a file of SQLite. */
export function openFile(
  { folder, driver }: Pick<PairPlace, 'folder' | 'driver'>,
  name: string,
): OpenDatabase {
  const chosen = sqliteDrivers.find((one) => one.name === driver);
  if (chosen === undefined) throw new Error(`no driver ${driver}`);
  const database = chosen.open(`${folder}/${name}.db`);
  database.exec('pragma busy_timeout = 60000');
  return database;
}

function inSqlite({ features, folder, driver }: PairPlace): PairStore {
  const has = (feature: Feature) => features.includes(feature);
  const files: OpenDatabase[] = [];
  const file = (name: string) => {
    const database = openFile({ folder, driver }, name);
    files.push(database);
    return database;
  };
  const [database, mine, table] = [file('events'), file('events'), file('table')];
  const plain = (): sqlite.SqliteEventStore =>
    sqlite.sqliteEventStore(database, {
      synchronous: 'normal',
      busyTimeoutMs: 60_000,
      inline: [
        ...(has('inlineTable') ? [sqlite.inlineAccounts] : []),
        ...(has('outbox') ? [sqliteOutbox(file('events'), { source: '/fees' })] : []),
      ],
      gather: has('batches'),
    });
  const rows = (text: string) => database.prepare(text).all() as Readonly<Record<string, string>>[];
  return {
    prepare: async () => {
      for (const each of [database, table]) sqlite.migrate(each);
      database.exec(OWN);
    },
    open: async () => (has('keys') ? keyedEventStore(plain(), { keys: sqliteKeys(file('keys')) }) : plain()),
    withRow: async (how, { store, id, stream, command }) => {
      const { transaction, within } = store as sqlite.SqliteEventStore;
      if (how === 'transaction') {
        await transaction([stream], (transaction) => {
          database.prepare('insert into own values (?)').run(id);
          transaction.execute(policy, stream, command);
        });
        return;
      }
      mine.exec('begin immediate');
      try {
        mine.prepare('insert into own values (?)').run(id);
        await execute(within(mine), policy, stream, command);
        mine.exec('commit');
      } catch (error) {
        mine.exec('rollback');
        throw error;
      }
    },
    follow: (read) => sqlite.accountsProjection(table, read),
    rebuild: () => sqlite.rebuildAccounts(database),
    isOutage: () => false,
    found: async () => ({
      plain: sqlite.sqliteEventStore(database),
      own: rows('select id from own').map(({ id }) => String(id)),
      messages: has('outbox')
        ? rows('select message from patron_fees_outbox').map(({ message }) => String(message))
        : [],
      inline: has('inlineTable') || has('rebuild') ? sqliteTables(database) : undefined,
      followed: has('followedTable') ? sqliteTables(table) : undefined,
    }),
    end: async () => {
      for (const each of files) each.close();
    },
  };
}

/** A database of PostgreSQL: a pool, or PGlite. */
type AnyPostgres = pg.Pool | PGlite;

function inPostgres(place: PairPlace, lite?: (part: string) => PGlite): PairStore {
  const has = (feature: Feature) => place.features.includes(feature);
  const open = new Map<string, AnyPostgres>();
  const part = (name: 'events' | 'table' | 'keys'): AnyPostgres => {
    const known = open.get(name) ?? lite?.(name) ?? poolOf(place, name);
    open.set(name, known);
    return known;
  };
  const events = part('events');
  const queried = async (database: postgres.Queryable, text: string) =>
    (await database.query(text)).rows as Readonly<Record<string, unknown>>[];
  const rows = (text: string) => queried(events, text);
  const inTransaction = async (task: (connection: postgres.Queryable) => Promise<unknown>) => {
    if (!('connect' in events)) {
      await events.transaction((connection) => task(connection));
      return;
    }
    const connection = await events.connect();
    let failed: unknown;
    try {
      await connection.query('begin');
      await task(connection);
      await connection.query('commit');
    } catch (error) {
      failed = error;
      await connection.query('rollback').catch(() => undefined);
      throw error;
    } finally {
      connection.release(failed !== undefined);
    }
  };
  return {
    prepare: async () => {
      for (const name of ['events', 'table', 'keys'] as const) {
        if (place.postgres) await queried(part(name), `create schema ${place.postgres.schema}_${name}`);
        if (name !== 'keys') await postgres.migrate(part(name));
      }
      await rows(OWN);
    },
    open: async () => {
      const plain = postgres.postgresEventStore(events, {
        inline: [
          ...(has('inlineTable') ? [postgres.inlineAccounts] : []),
          ...(has('outbox') ? [await postgresOutbox(events, { source: '/fees' })] : []),
        ],
        gather: has('batches'),
        notify: has('notify'),
      });
      return has('keys') ? keyedEventStore(plain, { keys: await postgresKeys(part('keys')) }) : plain;
    },
    withRow: (_how, { store, id, stream, command }) =>
      inTransaction(async (connection) => {
        await connection.query('insert into own values ($1) on conflict do nothing', [id]);
        await execute((store as postgres.PostgresEventStore).within(connection), policy, stream, command);
      }),
    follow: (read) => postgres.accountsProjection(part('table'), read),
    rebuild: () => postgres.rebuildAccounts(events),
    isOutage: (error) =>
      place.store === 'PostgreSQL' && /terminat|ECONN|EPIPE|not queryable|was closed/i.test(reasonOf(error)),
    found: async () => ({
      plain: postgres.postgresEventStore(events),
      own: (await rows('select id from own')).map(({ id }) => String(id)),
      messages: has('outbox')
        ? (await rows('select message from patron_fees_outbox')).map(({ message }) => String(message))
        : [],
      inline: has('inlineTable') || has('rebuild') ? await postgresTables(events) : undefined,
      followed: has('followedTable') ? await postgresTables(part('table')) : undefined,
    }),
    end: async () => {
      for (const database of open.values()) await ('connect' in database ? database.end() : database.close());
    },
  };
}

function poolOf({ postgres: where }: PairPlace, part: string): pg.Pool {
  if (where === undefined) throw new Error('the place has no server');
  const { connection, schema } = where;
  const pool = newPool({
    ...connection,
    application_name: schema,
    options: `-c search_path=${schema}_${part}`,
  });
  // As keep-events-in-postgres.md says. A listener that is added when `connect()` has resolved can be too late.
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}

/** Returns the message of an error, with those of its causes. */
function reasonOf(error: unknown): string {
  const { cause } = Object(error) as { readonly cause?: unknown };
  return `${String(error)} ${cause === undefined ? '' : reasonOf(cause)}`;
}

async function inNats(place: PairPlace): Promise<PairStore> {
  const { nats } = place;
  if (nats === undefined) throw new Error('the place has no server');
  const retry = { waitOnFirstConnect: true, maxReconnectAttempts: -1, reconnectTimeWait: 50 };
  const connection = await connect({ servers: nats.address, ...retry });
  const manager = await jetstreamManager(connection, { timeout: 60_000, checkAPI: false });
  const timeouts = { readMs: 500, publishMs: 500, totalMs: 600_000 };
  // What the follower and the keys write is beside the events, in files.
  const { follow, end, prepare } = inSqlite(place);
  const keys = () => sqliteKeys(openFile(place, 'keys'));
  const plain = () => natsEventStore({ connection, manager, stream: nats.stream, timeouts });
  const never = async () => {
    throw new Error('NATS has neither transactions nor inline tables');
  };
  return {
    prepare,
    open: async () =>
      place.features.includes('keys') ? keyedEventStore(plain(), { keys: keys() }) : plain(),
    withRow: never,
    follow,
    rebuild: never,
    isOutage: () => false,
    found: async () => {
      const table = inSqlite(place);
      const { followed } = await table.found();
      await table.end();
      return { plain: plain(), own: [], messages: [], inline: undefined, followed };
    },
    end: async () => {
      await end();
      await connection.close();
    },
  };
}
