// A store that was restored from a dump, or a copy of its database: later events are lost, and cursors after them.
import type pg from 'pg';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { migrate, postgresEventStore } from '../../../src/stores/postgres/index.js';
import { assessedFee } from '../../support/assessedFee.js';
import { newPool, type PostgresServer, postgresServer } from '../../support/postgresServer.js';
import { until } from '../../support/until.js';

let server: PostgresServer;
let admin: pg.Pool;
const pools: pg.Pool[] = [];

function open(more: pg.PoolConfig = {}): pg.Pool {
  const pool = newPool({ ...server.connection, ...more });
  pools.push(pool);
  return pool;
}

/** Opens a pool on a new schema. */
async function openSchema(name: string, options = ''): Promise<pg.Pool> {
  await admin.query(`create schema ${name}`);
  return open({ options: `-c search_path=${name} ${options}` });
}

beforeAll(async () => {
  server = await postgresServer();
  admin = open();
});

afterAll(async () => {
  for (const pool of pools) if (!pool.ended) await pool.end();
  await server.remove();
});

const patron = (patronId: string) => ({ institution: 'north', patronId });

/** Appends an event, and returns the cursor after it. */
async function append(pool: pg.Pool, patronId: string, version = 0): Promise<string> {
  const store = postgresEventStore(pool);
  await store.append(patron(patronId), [assessedFee(`f${version}`)], { expectedVersion: version });
  return (await store.readAll()).cursor;
}

async function purge(pool: pg.Pool, patronId: string): Promise<void> {
  const store = postgresEventStore(pool);
  const { version: events } = await store.read(patron(patronId));
  const data = { purgeId: patronId, events, currency: 'USD', totals: [], at: '2026-03-02T09:00:00Z' };
  await store.purge(patron(patronId), { type: 'AccountPurged', data });
}

const numberIn = (cursor: string) => Number(cursor.split('-')[0]);

async function offsetOf(pool: pg.Pool): Promise<number> {
  return Number(
    (await pool.query('select transaction_offset from patron_fees_schema')).rows[0].transaction_offset,
  );
}

/** A store that goes on after it was dumped, and what its dump is restored to. */
type Dumped = { readonly lost: pg.Pool; readonly restored: () => Promise<pg.Pool> };

const dumps: Readonly<
  Record<string, { open: () => Promise<pg.Pool>; dump: (pool: pg.Pool) => Promise<Dumped> }>
> = {
  'a dump on the same server': {
    open: () => openSchema('dumped'),
    // New tables with the rows of the old ones.
    dump: async (lost) => {
      const restored = await openSchema('restored');
      for (const table of ['event', 'schema', 'read_model'])
        await admin.query(`
          create table restored.patron_fees_${table} (like dumped.patron_fees_${table} including all);
          insert into restored.patron_fees_${table} overriding system value
          select * from dumped.patron_fees_${table}`);
      await admin.query(`
        select setval(pg_get_serial_sequence('restored.patron_fees_event', 'position'), max(position))
        from restored.patron_fees_event`);
      return { lost, restored: async () => restored };
    },
  },
  'a dump on another server, where the tables have the same numbers by chance': {
    open: () => openSchema('elsewhere'),
    dump: async (lost) => ({
      lost,
      restored: async () => {
        await lost.query("delete from patron_fees_event where patron_id = 'lost'");
        await lost.query("update patron_fees_schema set server = '7000000000000000001'");
        return lost;
      },
    }),
  },
  'a copy of the database': {
    open: async () => {
      await admin.query('create database original');
      return open({ database: 'original' });
    },
    dump: async (pool) => {
      await pool.end();
      await admin.query('create database copied template original');
      return { lost: open({ database: 'original' }), restored: async () => open({ database: 'copied' }) };
    },
  },
};

it.each(Object.keys(dumps))(
  '%s: cursors of lost events are refused, also after purges, and others go on',
  async (name) => {
    const { open: opened, dump } = dumps[name] as (typeof dumps)[string];
    const original = await opened();
    await migrate(original);
    for (const patronId of ['a', 'b', 'c']) await append(original, patronId);
    const kept = await append(original, 'b', 1);
    const { lost, restored: restore } = await dump(original);
    const lostCursor = await append(lost, 'lost');

    const restored = await restore();
    await migrate(restored);
    const offset = await offsetOf(restored);
    const store = postgresEventStore(restored);
    const refused = { code: 'CURSOR_UNKNOWN' };
    await expect(store.readAll({ after: lostCursor })).rejects.toMatchObject(refused);
    const later = await append(restored, 'later');
    expect(numberIn(later)).toBeGreaterThan(numberIn(lostCursor) + 2 ** 39);
    for (const patronId of ['a', 'b', 'c']) {
      await purge(restored, patronId);
      await expect(store.readAll({ after: lostCursor })).rejects.toMatchObject(refused);
    }
    for (const after of [kept, later])
      expect((await store.readAll({ after })).events.at(-1)?.event.type).toBe('AccountPurged');
    await migrate(restored);
    expect(await offsetOf(restored)).toBe(offset);
  },
);

it('a rewritten table, or a role that may not read the identifier of the server, does not count as a restore', async () => {
  await admin.query(`create role keeper login; grant create on database postgres to keeper;
    revoke execute on function pg_control_system() from public`);
  const unknown = open({ user: 'keeper', options: '-c search_path=kept' });
  await unknown.query('create schema kept');
  const known = open({ options: '-c search_path=kept' });
  await migrate(unknown);
  const cursor = await append(unknown, 'a');
  for (const pool of [known, unknown, known]) {
    await migrate(pool);
    await pool.query('vacuum full patron_fees_event');
  }
  expect(await offsetOf(known)).toBe(0);
  expect((await known.query('select server from patron_fees_schema')).rows).toEqual([
    { server: expect.stringMatching(/^\d+$/) },
  ]);
  expect(numberIn(await append(unknown, 'b'))).toBeLessThan(numberIn(cursor) + 2 ** 39);
});

it('waits for appends that have begun, so that readers have not passed their positions', async () => {
  const pool = await openSchema('used');
  await migrate(pool);
  await append(pool, 'a');
  await pool.query("update patron_fees_schema set server = '7000000000000000001'");
  const client = await pool.connect();
  onTestFinished(() => client.release());
  await client.query('begin');
  const within = postgresEventStore(pool).within(client);
  await within.append(patron('slow'), [assessedFee('f1')], { expectedVersion: 0 });
  const waiting = (count: number) =>
    until(async () => {
      const text = "select from pg_stat_activity where wait_event_type = 'Lock'";
      return (await pool.query(text)).rows.length === count;
    }).then(() => 'waits');
  const migrating = migrate(pool).then(() => 'migrated');
  expect(await Promise.race([migrating, waiting(1)])).toBe('waits');
  const appending = append(pool, 'fast');
  expect(await Promise.race([appending, waiting(2)])).toBe('waits');
  await client.query('commit');
  await migrating;
  expect(numberIn(await appending)).toBeGreaterThan(2 ** 40);
  const { events } = await postgresEventStore(pool).readAll();
  expect(events.map(({ patronId }) => patronId)).toEqual(['a', 'slow', 'fast']);
});
