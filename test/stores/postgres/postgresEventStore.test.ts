import { PGlite } from '@electric-sql/pglite';
import type pg from 'pg';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { migrate, postgresEventStore } from '../../../src/stores/postgres/index.js';
import { storeConformance } from '../../../src/testing/index.js';
import { type PostgresServer, postgresServer, resilientPool } from '../../support/postgresServer.js';

let server: PostgresServer;
let pool: pg.Pool;
let second: pg.Pool;

beforeAll(async () => {
  server = await postgresServer();
  pool = resilientPool(server.connection);
  second = resilientPool(server.connection);
}, 60_000);

afterAll(async () => {
  await Promise.all([pool.end(), second.end()]);
  await server.remove();
}, 60_000);

describe('a store in PostgreSQL, with a second pool of connections', () => {
  const cases = storeConformance(async () => {
    await migrate(pool);
    await pool.query('truncate patron_fees_event');
    return { store: postgresEventStore(pool), second: postgresEventStore(second) };
  });
  for (const { title, run } of cases) it(title, run, 30_000);
});

describe('a store in PGlite', () => {
  let database: PGlite;

  beforeAll(async () => {
    database = new PGlite();
    await migrate(database);
  }, 60_000);

  afterAll(() => database.close());

  const cases = storeConformance(async () => {
    await database.query('truncate patron_fees_event');
    return { store: postgresEventStore(database) };
  });
  for (const { title, run } of cases) it(title, run, 60_000);
});
