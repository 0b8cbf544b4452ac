import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { migrate, postgresEventStore } from '../../../src/stores/postgres/index.js';
import { newPool, type PostgresServer, postgresServer } from '../../support/postgresServer.js';

const at = '2026-03-02T09:00:00Z';
const secret = 'was-in-hospital-with-a-broken-leg';
const patrons = Array.from({ length: 50 }, (_, index) => ({ institution: 'north', patronId: `p${index}` }));

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

/** Returns whether the secret is in a file of the server under a folder. */
function isIn(folder: string): boolean {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  return files.some(({ parentPath, name }) =>
    readFileSync(join(parentPath, name), 'latin1').includes(secret),
  );
}

// Checks the statements of docs/concepts/personal-data.md on PostgreSQL on the bytes of its files.
it('leaves erased text in the table files until VACUUM FULL, and in the log even then', async () => {
  const { rows } = await pool.query('show data_directory');
  const [tables, log] = ['base', 'pg_wal'].map((name) => join(rows[0].data_directory, name)) as [
    string,
    string,
  ];
  const store = postgresEventStore(pool);
  const data = { feeId: 'f1', feeType: 'OTHER', amount: '2.50', currency: 'USD', owner: 'MAIN', at };
  for (const [index, stream] of patrons.entries()) {
    const comment = `${'x'.repeat(7 * index)} ${secret} ${'x'.repeat(3 * index)}`;
    await store.append(stream, [{ type: 'FeeAssessed', data: { ...data, comment } }], { expectedVersion: 0 });
  }

  for (const stream of patrons)
    expect(await store.redact(stream)).toEqual({ events: 1, remaining: 'vacuum' });
  await pool.query('checkpoint');
  expect([isIn(tables), isIn(log)]).toEqual([true, true]);

  await pool.query('vacuum patron_fees_event');
  await pool.query('checkpoint');
  expect([isIn(tables), isIn(log)]).toEqual([true, true]);

  await pool.query('vacuum full patron_fees_event');
  await pool.query('checkpoint');
  expect([isIn(tables), isIn(log)]).toEqual([false, true]);
});
