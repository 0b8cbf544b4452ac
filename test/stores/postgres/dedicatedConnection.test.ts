import { setTimeout as pause } from 'node:timers/promises';
import { PGlite } from '@electric-sql/pglite';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { advisoryLock, watchAppends } from '../../../src/stores/postgres/dedicatedConnection.js';
import { migrate, postgresEventStore } from '../../../src/stores/postgres/index.js';
import { newPool, type PostgresServer, postgresServer } from '../../support/postgresServer.js';
import { until } from '../../support/until.js';

const stream = { institution: 'north', patronId: 'p1' };
const at = '2026-03-02T09:00:00Z';
const data = { feeId: 'f1', feeType: 'OTHER', amount: '2.50', currency: 'USD', owner: 'MAIN', at };

let server: PostgresServer;
let pool: pg.Pool;
const inProcess = new PGlite();

beforeAll(async () => {
  server = await postgresServer();
  pool = newPool(server.connection);
  await migrate(pool);
});

afterAll(async () => {
  await inProcess.close();
  await pool.end();
  await server.remove();
});

/** Ends all other connections, and waits until the server has released their locks: a client hears of its end before. */
const cutConnections = () =>
  pool.query(
    'select pg_terminate_backend(pid, 60000) from pg_stat_activity where pid <> pg_backend_pid() and datname is not null',
  );

it('one program holds an advisory lock, until it releases it or its connection is lost', async () => {
  const lock = advisoryLock(pool, 'totals');
  const held = await lock.tryAcquire();
  expect(held?.isHeld()).toBe(true);
  expect(await lock.tryAcquire()).toBeUndefined();
  const other = await advisoryLock(pool, 'other').tryAcquire();
  expect(other).toBeDefined();
  await other?.release();
  await held?.release();
  const again = await lock.tryAcquire();
  await cutConnections();
  await until(() => again?.isHeld() === false);
  await again?.release().catch(() => undefined);
  const next = await lock.tryAcquire();
  expect(next?.isHeld()).toBe(true);
  await next?.release();
});

it('needs a pool for a lock; PGlite has one process and needs no lock', async () => {
  const client = new pg.Client(server.connection);
  await expect(advisoryLock(client, 'totals').tryAcquire()).rejects.toMatchObject({
    code: 'INVALID_ARGUMENT',
  });
  const held = await advisoryLock(inProcess, 'totals').tryAcquire();
  expect(held?.isHeld()).toBe(true);
  await held?.release();
});

it('calls at every append of any process, reconnects after a lost connection, and stops', async () => {
  const store = postgresEventStore(pool, { notify: true });
  let calls = 0;
  const stop = await watchAppends(pool)(() => {
    calls += 1;
  });
  const append = async () => {
    const before = calls;
    await store.append(stream, [{ type: 'FeeAssessed', data }], { expectedVersion: 'any' });
    await until(() => calls > before);
  };
  await append();
  await append();
  const before = calls;
  await cutConnections();
  // One call for what was missed when it broke, and one when it listens again.
  await until(() => calls >= before + 2);
  await append();
  await stop();
  const end = calls;
  await store.append(stream, [{ type: 'FeeAssessed', data }], { expectedVersion: 'any' });
  await pause(50);
  expect(calls).toBe(end);
});

it('listens in PGlite too', async () => {
  await migrate(inProcess);
  const store = postgresEventStore(inProcess, { notify: true });
  let calls = 0;
  const stop = await store.watch?.(() => {
    calls += 1;
  });
  await store.append(stream, [{ type: 'FeeAssessed', data }], { expectedVersion: 0 });
  await until(() => calls > 0);
  await stop?.();
  expect(postgresEventStore(inProcess).watch).toBeUndefined();
});
