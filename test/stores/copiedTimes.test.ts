import fc from 'fast-check';
import { accountAsOf, copyEvents, type EventStore, memoryEventStore } from 'patron-fees/history';
import { natsEventStore } from 'patron-fees/nats';
import { postgresEventStore, migrate as preparePostgres } from 'patron-fees/postgres';
import { migrate as prepareSqlite, sqliteEventStore } from 'patron-fees/sqlite';
import type pg from 'pg';
import { afterAll, beforeAll, expect } from 'vitest';
import { assessedFee } from '../support/assessedFee.js';
import { type NatsServers, prefixOf, startNatsServers } from '../support/natsServers.js';
import { type PostgresServer, postgresServer, resilientPool } from '../support/postgresServer.js';
import { itWith, programPath } from '../support/programs.js';
import { libsql, type OpenDatabase } from '../support/sqliteDrivers.js';

const stream = { institution: 'north', patronId: 'p1' };
const EVENTS = 20;

let servers: NatsServers | undefined;
let server: PostgresServer;
let pool: pg.Pool;
const databases: OpenDatabase[] = [];
const closes: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  if (programPath('nats-server')) servers = await startNatsServers(1);
  server = await postgresServer();
  pool = resilientPool(server.connection);
}, 90_000);

afterAll(async () => {
  for (const close of closes) await close();
  for (const database of databases) database.close();
  await pool.end();
  await servers?.stop();
  await server.remove();
}, 60_000);

/** A clock with nanoseconds, as on some machines, that advances by fractions of a microsecond. */
function nanoseconds(): () => string {
  let time = 123_456_300;
  return () => {
    time += 350;
    return `2026-03-02T09:00:00.${time}Z`;
  };
}

const opens: Readonly<Record<string, () => EventStore | Promise<EventStore>>> = {
  memory: () => memoryEventStore({ now: nanoseconds() }),
  SQLite: () => {
    const database = libsql.open(':memory:');
    databases.push(database);
    prepareSqlite(database);
    return sqliteEventStore(database, { now: nanoseconds() });
  },
  PostgreSQL: async () => {
    const schema = `copy_${closes.length}`;
    await pool.query(`create schema ${schema}`);
    const own = resilientPool({ ...server.connection, options: `-c search_path=${schema}` });
    closes.push(() => own.end());
    await preparePostgres(own);
    return postgresEventStore(own);
  },
  NATS: async () => {
    if (servers === undefined) throw new Error('no NATS server was started');
    const name = await servers.newStream();
    const client = await servers.connect();
    closes.push(() => client.connection.close());
    return natsEventStore({ ...client, stream: name, prefix: prefixOf(name) });
  },
};

const pairs = Object.keys(opens).flatMap((from) =>
  Object.keys(opens).map((to) => [from, to] as [string, string]),
);

for (const [fromName, toName] of pairs) {
  const programs = fromName === 'NATS' || toName === 'NATS' ? (['nats-server'] as const) : [];
  itWith(
    programs,
    `a copy from ${fromName} to ${toName} has the same account as the original at every moment`,
    async () => {
      const [from, to] = [await opens[fromName]?.(), await opens[toName]?.()] as [EventStore, EventStore];
      for (let version = 0; version < EVENTS; version++)
        await from.append(stream, [assessedFee(`f${version}`)], { expectedVersion: version });
      await copyEvents(from, to);
      const [original, copy] = [(await from.read(stream)).events, (await to.read(stream)).events];
      expect(copy).toHaveLength(EVENTS);
      // The times of the events, and times slightly before and after them.
      const moment = fc
        .tuple(fc.nat({ max: EVENTS - 1 }), fc.constantFrom('', '1', '999'), fc.nat({ max: 9 }))
        .map(([index, more, digit]) => {
          const { recordedAt = '' } = original[index] ?? {};
          if (more === '') return recordedAt;
          const [whole = '', fraction = ''] = recordedAt.replace('Z', '').split('.');
          return `${whole}.${fraction.padEnd(6, '0').slice(0, 5)}${digit}${more}Z`;
        });
      fc.assert(
        fc.property(moment, (recordedAt) => {
          const known = accountAsOf(original, { recordedAt }).eventCount;
          expect(accountAsOf(copy, { recordedAt }).eventCount).toBe(known);
        }),
      );
    },
  );
}
