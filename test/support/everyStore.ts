import { type EventStore, memoryEventStore } from 'patron-fees/history';
import { natsEventStore } from 'patron-fees/nats';
import { type OfficeStore, officeEvents } from 'patron-fees/office';
import { postgresEventStore, migrate as preparePostgres } from 'patron-fees/postgres';
import { migrate as prepareSqlite, sqliteEventStore } from 'patron-fees/sqlite';
import type pg from 'pg';
import { afterAll, beforeAll } from 'vitest';
import { type NatsServers, prefixOf, startNatsServers } from './natsServers.js';
import { newPool, type PostgresServer, postgresServer } from './postgresServer.js';
import { programPath } from './programs.js';
import { libsql, type OpenDatabase } from './sqliteDrivers.js';

/** A kind of store, the programs that it needs, and a function that opens an empty one. */
export type StoreKind = {
  readonly name: string;
  readonly programs: readonly 'nats-server'[];
  readonly open: () => Promise<EventStore>;
  /** Opens an empty store of the office. */
  readonly openOffice: () => Promise<OfficeStore>;
};

/** The options of a store of the office. */
const ofOffice = { codec: officeEvents };

/**
 * Starts the servers of all stores before the tests of a file and stops them afterwards.
 *
 * @param clock - returns the clock of one store in this process; the databases have their own
 */
export function everyStore(clock: () => () => string): readonly StoreKind[] {
  let servers: NatsServers | undefined;
  let server: PostgresServer;
  let pool: pg.Pool;
  const databases: OpenDatabase[] = [];
  const closes: (() => Promise<unknown>)[] = [];
  beforeAll(async () => {
    if (programPath('nats-server')) servers = await startNatsServers(1);
    server = await postgresServer();
    pool = newPool(server.connection);
  });
  afterAll(async () => {
    for (const close of closes) await close();
    for (const database of databases) database.close();
    await pool.end();
    await servers?.stop();
    await server.remove();
  });
  const newDatabase = () => {
    const database = libsql.open(':memory:');
    databases.push(database);
    prepareSqlite(database);
    return database;
  };
  const newSchema = async () => {
    const schema = `store_${closes.length}`;
    await pool.query(`create schema ${schema}`);
    const own = newPool({ ...server.connection, options: `-c search_path=${schema}` });
    closes.push(() => own.end());
    await preparePostgres(own);
    return own;
  };
  const newStream = async () => {
    if (servers === undefined) throw new Error('no NATS server was started');
    const name = await servers.newStream();
    const client = await servers.connect();
    closes.push(() => client.connection.close());
    return { ...client, stream: name, prefix: prefixOf(name) };
  };
  return [
    {
      name: 'memory',
      programs: [],
      open: async () => memoryEventStore({ now: clock() }),
      openOffice: async () => memoryEventStore({ now: clock(), ...ofOffice }),
    },
    {
      name: 'SQLite',
      programs: [],
      open: async () => sqliteEventStore(newDatabase(), { now: clock() }),
      openOffice: async () => sqliteEventStore(newDatabase(), { now: clock(), ...ofOffice }),
    },
    {
      name: 'PostgreSQL',
      programs: [],
      open: async () => postgresEventStore(await newSchema()),
      openOffice: async () => postgresEventStore(await newSchema(), ofOffice),
    },
    {
      name: 'NATS',
      programs: ['nats-server'],
      open: async () => natsEventStore(await newStream()),
      openOffice: async () => natsEventStore({ ...(await newStream()), ...ofOffice }),
    },
  ];
}
