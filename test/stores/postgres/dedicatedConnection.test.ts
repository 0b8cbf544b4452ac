import { EventEmitter } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { PGlite } from '@electric-sql/pglite';
import pg from 'pg';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
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

it('stores in two schemas of a database have locks of their own', async () => {
  await pool.query('create schema north');
  await pool.query('create schema south');
  const [north, alsoNorth, south] = ['north', 'north', 'south'].map((schema) =>
    newPool({ ...server.connection, options: `-c search_path=${schema}` }),
  ) as [pg.Pool, pg.Pool, pg.Pool];
  const held = await advisoryLock(north, 'totals').tryAcquire();
  expect(held?.isHeld()).toBe(true);
  expect(await advisoryLock(alsoNorth, 'totals').tryAcquire()).toBeUndefined();
  const other = await advisoryLock(south, 'totals').tryAcquire();
  expect(other?.isHeld()).toBe(true);
  await held?.release();
  const next = await advisoryLock(alsoNorth, 'totals').tryAcquire();
  expect(next?.isHeld()).toBe(true);
  await next?.release();
  await other?.release();
  await Promise.all([north, alsoNorth, south].map((each) => each.end()));
});

it('one connection of a pool holds all of its locks, and is given back with the last one', async () => {
  const small = newPool({ ...server.connection, application_name: 'locks', max: 2 });
  const names = Array.from({ length: 64 }, (_, index) => `totals ${index}/64`);
  const held = await Promise.all(names.map((name) => advisoryLock(small, name).tryAcquire()));
  expect(held.every((lock) => lock?.isHeld())).toBe(true);
  expect(await advisoryLock(small, 'totals 3/64').tryAcquire()).toBeUndefined();
  expect(await advisoryLock(pool, 'totals 3/64').tryAcquire()).toBeUndefined();
  const connections =
    "select count(*)::integer as count from pg_stat_activity where application_name = 'locks'";
  expect((await pool.query(connections)).rows).toEqual([{ count: 1 }]);
  await held[3]?.release();
  const other = await advisoryLock(pool, 'totals 3/64').tryAcquire();
  expect(other?.isHeld()).toBe(true);
  await other?.release();
  await cutConnections();
  await until(() => held[5]?.isHeld() === false);
  await Promise.all(
    held.filter((_, index) => index !== 3).map((lock) => lock?.release().catch(() => undefined)),
  );
  const next = await advisoryLock(small, 'totals 5/64').tryAcquire();
  expect(next?.isHeld()).toBe(true);
  await next?.release();
  expect(small.totalCount).toBe(0);
  await small.end();
});

it('needs a pool for a lock, or PGlite, where it is held within the process', async () => {
  const client = new pg.Client(server.connection);
  await expect(advisoryLock(client, 'totals').tryAcquire()).rejects.toMatchObject({
    code: 'INVALID_ARGUMENT',
  });
  const held = await advisoryLock(inProcess, 'totals').tryAcquire();
  expect(held?.isHeld()).toBe(true);
  expect(await advisoryLock(inProcess, 'totals').tryAcquire()).toBeUndefined();
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

it('stops for good if the connection is lost while it begins to listen', async () => {
  let connections = 0;
  const losing = {
    query: async () => ({ rows: [] }),
    connect: (done: (error: undefined, client: unknown) => void) => {
      connections += 1;
      const client = Object.assign(new EventEmitter(), {
        query: async () => {
          client.emit('error', new Error('lost'));
          throw new Error('lost');
        },
        release: () => undefined,
      });
      done(undefined, client);
    },
    totalCount: 0,
  };
  vi.useFakeTimers();
  try {
    await expect(watchAppends(losing)?.(() => undefined)).rejects.toThrow('lost');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(connections).toBe(1);
  } finally {
    vi.useRealTimers();
  }
});
