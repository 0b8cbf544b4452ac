// What a pool of few connections is enough for. A function that takes a second connection while it has one would wait for ever.
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type EventStore,
  execute,
  type FollowedProjection,
  follow,
  followShards,
  loadAccount,
  memoryEventStore,
  parked,
  retryParked,
} from '../../../src/history/index.js';
import { definePolicy } from '../../../src/index.js';
import { officeEvents } from '../../../src/office/index.js';
import { postgresOutbox, relay } from '../../../src/stores/feed/index.js';
import { keyedEventStore, postgresKeys, renewKeys } from '../../../src/stores/keys/index.js';
import * as postgres from '../../../src/stores/postgres/index.js';
import { jobNames, made } from '../../support/everyJob.js';
import { newPool, type PostgresServer, postgresServer } from '../../support/postgresServer.js';

const at = '2026-03-02T09:00:00Z';
const policy = definePolicy({ currency: 'USD' });
const patron = (n: number) => ({ institution: 'north', patronId: `p${n}` });
const fee = (id: string) =>
  ({ type: 'AssessFee', id, feeType: 'OTHER', amount: '2.50', owner: 'MAIN', at, comment: 'Torn' }) as const;

let server: PostgresServer;
let schemas: pg.Pool;
const pools: pg.Pool[] = [];

beforeAll(async () => {
  server = await postgresServer();
  schemas = newPool(server.connection);
});

afterAll(async () => {
  for (const pool of [...pools, schemas]) await pool.end();
  await server.remove();
});

/** Returns a pool of at most so many connections, on a schema of its own. */
async function poolOf(max: number): Promise<pg.Pool> {
  const schema = `small_${pools.length}`;
  await schemas.query(`create schema ${schema}`);
  const pool = newPool({ ...server.connection, max, options: `-c search_path=${schema}` });
  pools.push(pool);
  await postgres.migrate(pool);
  return pool;
}

const fill = (store: EventStore, patrons = 20) =>
  Promise.all(
    Array.from({ length: patrons }, (_, n) => execute(store, policy, patron(n % 15), fee(`f${n}`))),
  );

describe('a pool of one connection is enough for', () => {
  it.each<[string, postgres.PostgresEventStoreOptions]>([
    ['as it is', {}],
    ['with notifications', { notify: true }],
    ['with named statements', { namedStatements: true }],
    ['with an inline table', { inline: [postgres.inlineAccounts] }],
    ['with an inline table, call by call', { inline: [postgres.inlineAccounts], gather: false }],
  ])('a store %s, its table, and a transaction of the caller', async (_, how) => {
    const pool = await poolOf(1);
    const store = postgres.postgresEventStore(pool, how);
    await fill(store);
    await Promise.all([
      store.readAll(),
      store.accounts(),
      store.lag(),
      store.redact(patron(2)),
      store.sweep(),
    ]);
    const { version: events } = await store.read(patron(3));
    const data = { purgeId: 'x', events, currency: 'USD', totals: [], at };
    await store.purge(patron(3), { type: 'AccountPurged', data });

    const client = await pool.connect();
    await client.query('begin');
    const within = store.within(client);
    await execute(within, policy, patron(50), fee('f1'));
    await execute(within, policy, patron(0), fee('f1'));
    expect((await loadAccount(within, patron(50))).version).toBe(1);
    await client.query('commit');
    client.release();

    await Promise.all([postgres.rebuildAccounts(pool), fill(store, 30)]);
    const form = { institution: 'north', currency: 'USD', patronId: 'p50' };
    expect((await postgres.findAccounts(pool, form)).accounts).toHaveLength(1);
    const office = memoryEventStore({ now: () => at, codec: officeEvents });
    const options = { till: postgres.tillIndex(pool) };
    await made('runPaymentsReport', { accounts: store, office }, { options });
  });

  it('every job', async () => {
    const accounts = postgres.postgresEventStore(await poolOf(1));
    const office = postgres.postgresEventStore(await poolOf(1), { codec: officeEvents });
    await fill(accounts);
    for (const name of jobNames) await made(name, { accounts, office });
  });

  it('a table that is kept by following, without its lock', async () => {
    const pool = await poolOf(1);
    const store = postgres.postgresEventStore(pool);
    await fill(store);
    const { lock: _, ...projection } = postgres.accountsProjection(pool, store);
    await untilCurrent((options) => follow(store, projection, options));
    expect(await parked(projection.checkpoint)).toEqual([]);
    await retryParked(store, projection, projection.checkpoint);
  });

  it('an outbox that is only written, and keys', async () => {
    const pool = await poolOf(1);
    const outbox = await postgresOutbox(pool, { source: '/fees' });
    const keys = await postgresKeys(pool);
    const store = keyedEventStore(postgres.postgresEventStore(pool, { inline: [outbox] }), { keys });
    await fill(store);
    await Promise.all([store.readAll(), store.redact(patron(1)), renewKeys({ keys, renew: 'accounts' })]);
    expect(await outbox.waiting(100)).toHaveLength(20);
  });
});

/** Runs until the state is current. */
async function untilCurrent(
  run: (options: {
    readonly signal: AbortSignal;
    readonly onProgress: (progress: { readonly state: string }) => void;
  }) => Promise<unknown>,
): Promise<void> {
  const ending = new AbortController();
  await run({ signal: ending.signal, onProgress: ({ state }) => state === 'current' && ending.abort() });
}

describe('a runner, with what its locks and watches keep', () => {
  const counting = (pool: pg.Pool, locks: boolean): ((n: number) => FollowedProjection) => {
    const saved = new Map<number, string>();
    return (n) => ({
      reset: () => undefined,
      apply: (_, cursor) => void saved.set(n, cursor),
      checkpoint: { load: async () => saved.get(n), save: async () => undefined },
      ...(locks && { lock: postgres.advisoryLock(pool, `counting ${n}`) }),
    });
  };

  const runners: Readonly<Record<string, (pool: pg.Pool) => Promise<unknown>>> = {
    'follow with a lock': (pool) => {
      const store = postgres.postgresEventStore(pool);
      const projection = postgres.accountsProjection(pool, store);
      return untilCurrent((options) => follow(store, projection, options));
    },
    'follow with watch': (pool) => {
      const store = postgres.postgresEventStore(pool, { notify: true });
      return untilCurrent((options) => follow(store, counting(pool, false)(0), options));
    },
    'follow with watch and lock': (pool) => {
      const store = postgres.postgresEventStore(pool, { notify: true });
      return untilCurrent((options) => follow(store, counting(pool, true)(0), options));
    },
    'followShards with locks': (pool) => {
      const store = postgres.postgresEventStore(pool);
      const projectionOf = counting(pool, true);
      return untilCurrent((options) => followShards(store, ({ index }) => projectionOf(index), options));
    },
    relay: async (pool) => {
      const outbox = await postgresOutbox(pool, { source: '/fees' });
      return untilCurrent((options) => relay(outbox, () => undefined, options));
    },
    'relay with watch': async (pool) => {
      const outbox = await postgresOutbox(pool, { source: '/fees' });
      const { watch } = postgres.postgresEventStore(pool, { notify: true });
      return untilCurrent((options) =>
        relay(outbox, () => undefined, { ...options, ...(watch && { watch }) }),
      );
    },
  };

  it.each([
    ['follow with a lock', 2],
    ['follow with watch', 2],
    ['follow with watch and lock', 3],
    ['followShards with locks', 2],
    ['relay', 2],
    ['relay with watch', 3],
  ])('%s: works with %i connections, and is refused with fewer', async (name, expected) => {
    const run = runners[name] as (pool: pg.Pool) => Promise<unknown>;
    const enough = await poolOf(expected);
    await fill(postgres.postgresEventStore(enough));
    await run(enough);
    for (let found = 1; found < expected; found++)
      await expect(run(await poolOf(found))).rejects.toMatchObject({
        code: 'INVALID_ARGUMENT',
        message: expect.stringContaining(`expected a Pool with max of at least `),
        details: { expected: found + 1, found },
      });
    // What was kept is given back, and no longer counted.
    await Promise.all([run(enough), enough.query('select 1')]);
  });

  it('is also refused at once while another process works', async () => {
    const working = await poolOf(2);
    const held = await postgres.advisoryLock(working, 'totals').tryAcquire();
    const small = newPool({ ...working.options, max: 1 });
    pools.push(small);
    const refused = postgres.advisoryLock(small, 'totals').tryAcquire();
    await expect(refused).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    expect(small.totalCount).toBe(0);
    await held?.release();
  });

  it('counts each watch, until it ends', async () => {
    const pool = await poolOf(3);
    const { watch } = postgres.postgresEventStore(pool, { notify: true });
    const call = () => undefined;
    const first = await watch?.(call);
    const second = await watch?.(call);
    await expect(watch?.(call)).rejects.toMatchObject({ details: { expected: 4, found: 3 } });
    await expect(postgres.advisoryLock(pool, 'totals').tryAcquire()).rejects.toMatchObject({
      details: { expected: 4, found: 3 },
    });
    await first?.();
    const held = await postgres.advisoryLock(pool, 'totals').tryAcquire();
    await expect(watch?.(call)).rejects.toMatchObject({ details: { expected: 4, found: 3 } });
    await held?.release();
    await (await watch?.(call))?.();
    await second?.();
  });
});
