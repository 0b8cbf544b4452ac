import type pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { migrate } from '../../../src/stores/postgres/index.js';
import {
  LIST_ACCOUNTS,
  LIST_ACCOUNTS_OF,
  READ_ALL,
  READ_ALL_MARKED,
  READ_FROM,
  READ_HEAD,
  READ_STREAM,
} from '../../../src/stores/postgres/statements.js';
import { newPool, type PostgresServer, postgresServer } from '../../support/postgresServer.js';

let server: PostgresServer;
let pool: pg.Pool;

beforeAll(async () => {
  server = await postgresServer();
  pool = newPool(server.connection);
  await migrate(pool);
});

afterAll(async () => {
  await pool.end();
  await server.remove();
});

it.each([
  ['READ_STREAM', READ_STREAM, ['north', 'p1', 0, 10]],
  ['READ_FROM', READ_FROM, ['north', 'p1', 0]],
  ['READ_HEAD', READ_HEAD, ['north', 'p1']],
  ['READ_ALL', READ_ALL, ['0', '0', 10]],
  ['READ_ALL_MARKED', READ_ALL_MARKED, ['0', '0', 10]],
  ['LIST_ACCOUNTS', LIST_ACCOUNTS, ['0', '0', 10]],
  ['LIST_ACCOUNTS_OF', LIST_ACCOUNTS_OF, ['0', '0', 10, 'north']],
] as const)('%s uses an index', async (_, text, values) => {
  const client = await pool.connect();
  await client.query('begin');
  await client.query('set local enable_seqscan = off');
  const { rows } = await client.query(`explain ${text}`, [...values]);
  await client.query('rollback');
  client.release();
  const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
  expect(plan).toMatch(/Index.* Scan/);
  expect(plan).not.toMatch(/Seq Scan on patron_fees_event/);
});
