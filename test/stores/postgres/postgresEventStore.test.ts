import { PGlite } from '@electric-sql/pglite';
import fc from 'fast-check';
import type pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { execute, type StreamId } from '../../../src/history/index.js';
import {
  migrate,
  type PostgresProjection,
  postgresEventStore,
  type Queryable,
} from '../../../src/stores/postgres/index.js';
import { appendBatchStatement, READ_BATCH } from '../../../src/stores/postgres/statements.js';
import { storeConformance } from '../../../src/testing/index.js';
import { assess, policy } from '../../support/account.js';
import { assessedFee } from '../../support/assessedFee.js';
import { inlineLogTable, postgresLog, readPostgresLog } from '../../support/inlineLog.js';
import { faultsOfInterleaving, interleavings } from '../../support/interleavedAppends.js';
import { newPool, type PostgresServer, postgresServer } from '../../support/postgresServer.js';
import { tried } from '../../support/seeded.js';

describe('postgresEventStore', () => {
  let server: PostgresServer;
  let pool: pg.Pool;
  let second: pg.Pool;

  beforeAll(async () => {
    server = await postgresServer();
    pool = newPool(server.connection);
    second = newPool(server.connection);
  });

  afterAll(async () => {
    await Promise.all([pool.end(), second.end()]);
    await server.remove();
  });

  /** Deletes an event as an administrator can. */
  const deleteFrom =
    (database: Queryable) =>
    async ({ institution, patronId }: StreamId, version: number) => {
      const text =
        'delete from patron_fees_event where institution = $1 and patron_id = $2 and version = $3 returning version';
      expect((await database.query(text, [institution, patronId, version])).rows.length).toBe(1);
    };

  /** Replaces the text of an event by one that this release cannot read. */
  const damageIn =
    (database: Queryable) =>
    async ({ institution, patronId }: StreamId, version: number) => {
      const text = `update patron_fees_event set event = '{"type":"FeeForgotten","data":{}}'
      where institution = $1 and patron_id = $2 and version = $3 returning version`;
      expect((await database.query(text, [institution, patronId, version])).rows.length).toBe(1);
    };

  describe('a store in PostgreSQL, with a second pool of connections', () => {
    const cases = storeConformance(
      async () => {
        await migrate(pool);
        await pool.query('truncate patron_fees_event');
        return {
          store: postgresEventStore(pool),
          second: postgresEventStore(second),
          deleteEvent: deleteFrom(pool),
          damageEvent: damageIn(pool),
        };
      },
      { erasing: true, deletions: true, damages: true },
    );
    for (const { title, run } of cases) it(title, run);
  });

  describe('a store in PostgreSQL with an inline projection, named statements and notifications', () => {
    const cases = storeConformance(
      async () => {
        await migrate(pool);
        await pool.query(inlineLogTable);
        await pool.query('truncate patron_fees_event, inline_log');
        const options = { inline: [postgresLog], namedStatements: true, notify: true };
        const store = postgresEventStore(pool, options);
        return {
          store,
          second: postgresEventStore(second, options),
          inline: () => readPostgresLog(pool),
        };
      },
      { inline: true, erasing: true, modelRuns: 10 },
    );
    for (const { title, run } of cases) it(title, run);
  });

  describe('a store in PGlite', () => {
    let database: PGlite;

    beforeAll(async () => {
      database = new PGlite();
      await migrate(database);
      await database.query(inlineLogTable);
    });

    afterAll(() => database.close());

    const cases = storeConformance(
      async () => {
        await database.query('truncate patron_fees_event, inline_log');
        const store = postgresEventStore(database, { inline: [postgresLog] });
        return {
          store,
          transaction: (work) => database.transaction((connection) => work(store.within(connection))),
          inline: () => readPostgresLog(database),
          deleteEvent: deleteFrom(database),
          damageEvent: damageIn(database),
        };
      },
      { transactions: true, inline: true, erasing: true, deletions: true, damages: true },
    );
    for (const { title, run } of cases) it(title, run);
  });
});

describe('batches', () => {
  let server: PostgresServer;
  let pool: pg.Pool;

  beforeAll(async () => {
    server = await postgresServer();
    pool = newPool(server.connection);
    await migrate(pool);
    await pool.query(inlineLogTable);
  });

  beforeEach(async () => {
    await pool.query('truncate patron_fees_event, inline_log');
  });

  afterAll(async () => {
    await pool.end();
    await server.remove();
  });

  const account = (patronId: string): StreamId => ({ institution: 'north', patronId });
  const first = { expectedVersion: 0 };

  /** A pool that counts the statements of its store. */
  function counted() {
    const texts: string[] = [];
    const query = ((...given: Parameters<Queryable['query']>) => {
      texts.push(given[0]);
      return pool.query(...given);
    }) as Queryable['query'];
    const database = new Proxy(pool, {
      get: (target, key) => (key === 'query' ? query : Reflect.get(target, key)),
    });
    return { database, texts };
  }

  describe('concurrent calls of a store in PostgreSQL', () => {
    it('share statements: 60 commands on 60 accounts take fewer than 60, or 2 each if run one after the other', async () => {
      const { database, texts } = counted();
      const store = postgresEventStore(database);
      const ids = Array.from({ length: 60 }, (_, n) => `p${n}`);
      await Promise.all(ids.map((id) => execute(store, policy, account(id), assess('f1', '2.50'))));
      // Usually 8: the first one of each kind goes alone, and many are halved. A slow answer may divide a batch.
      expect(texts.length).toBeLessThan(60);
      expect((await store.accounts()).accounts).toHaveLength(60);
      texts.length = 0;
      const alone = postgresEventStore(database, { gather: false });
      await Promise.all(ids.map((id) => execute(alone, policy, account(id), assess('f2', '2.50'))));
      expect(texts).toHaveLength(120);
    });

    it('succeed and fail each on its own, and leave no part of an append that failed', async () => {
      const store = postgresEventStore(pool, { inline: [postgresLog] });
      await store.append(account('taken'), [assessedFee('f1'), assessedFee('f2')], first);
      const append = (id: string, fees: readonly string[], expectedVersion: number | 'any') =>
        store.append(
          account(id),
          fees.map((fee) => assessedFee(fee)),
          { expectedVersion },
        );
      const outcomes = await Promise.allSettled([
        append('one', ['f1'], 0),
        append('two', ['f1', 'f2'], 0),
        append('taken', ['f3', 'f4'], 0),
        append('refused', ['f1', 'refuse this'], 0),
        append('many', ['f1', 'f2', 'f3'], 'any'),
        append('ahead', ['f1'], 3),
      ]);
      expect(
        outcomes.map((outcome) =>
          outcome.status === 'fulfilled'
            ? outcome.value.version
            : (outcome.reason.code ?? outcome.reason.message),
        ),
      ).toEqual([1, 2, 'VERSION_CONFLICT', 'refused by the projection', 3, 'VERSION_CONFLICT']);
      const kept = (await store.readAll()).events.map(({ patronId, version }) => `${patronId} ${version}`);
      expect(kept.sort()).toEqual(
        ['many 1', 'many 2', 'many 3', 'one 1', 'taken 1', 'taken 2', 'two 1', 'two 2'].sort(),
      );
      const projected = (await readPostgresLog(pool)).map(
        ({ patronId, version }) => `${patronId} ${version}`,
      );
      expect(projected.sort()).toEqual(kept);
    });

    it('give the same result as some sequence of single appends, through two stores and any interleaving', async () => {
      const stores = [
        postgresEventStore(pool, { namedStatements: true }),
        postgresEventStore(pool, { inline: [postgresLog] }),
      ];
      let run = 0;
      await fc.assert(
        fc.asyncProperty(interleavings, async (plans) => {
          run += 1;
          expect(await faultsOfInterleaving(stores, plans, `run ${run}`)).toEqual([]);
        }),
        tried(25),
      );
    });

    it('reject only their own account if an event cannot be read', async () => {
      const store = postgresEventStore(pool);
      for (const id of ['p1', 'p2', 'p3']) await store.append(account(id), [assessedFee('f1')], first);
      await pool.query("update patron_fees_event set event = '{}' where patron_id = 'p2'");
      const reads = await Promise.allSettled(['p1', 'p2', 'p3'].map((id) => store.read(account(id))));
      expect(reads.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
      expect(reads[1]).toMatchObject({ reason: { code: 'INVALID_EVENT' } });
    });

    it('read the version of a stream that has no newer events', async () => {
      const store = postgresEventStore(pool);
      await store.append(account('p1'), [assessedFee('f1'), assessedFee('f2')], first);
      const reads = [0, 1, 2, 3, 2 ** 40].map((after) => store.read(account('p1'), { after }));
      const slices = await Promise.all([
        ...reads,
        store.read(account('none')),
        store.read(account('none'), { after: 1 }),
      ]);
      expect(slices.map(({ version, events }) => [version, events.length])).toEqual([
        [2, 2],
        [2, 1],
        [2, 0],
        [2, 0],
        [2, 0],
        [0, 0],
        [0, 0],
      ]);
    });

    it('continue while a transaction of the caller holds accounts, and conflict with it when it commits', async () => {
      const store = postgresEventStore(pool);
      const holder = await pool.connect();
      await holder.query('begin');
      for (const id of ['held1', 'held2', 'held3'])
        await store.within(holder).append(account(id), [assessedFee('theirs')], first);
      let ended = 0;
      const append = (id: string) => store.append(account(id), [assessedFee('ours')], first);
      const waiting = Promise.allSettled(
        ['held1', 'held2', 'held3'].map((id) =>
          append(id).finally(() => {
            ended += 1;
          }),
        ),
      );
      // In the same batch, and in later ones; each ends while the transaction is still open.
      for (let round = 0; round < 5; round++)
        await Promise.all(['a', 'b', 'c', 'd'].map((id) => append(`${id}${round}`)));
      expect(ended).toBe(0);
      await holder.query('commit');
      holder.release();
      for (const conflict of await waiting)
        expect(conflict).toMatchObject({ reason: { code: 'VERSION_CONFLICT', details: { actual: 1 } } });
    });

    it('continue while as many accounts are held as the pool has connections', async () => {
      const holder = await pool.connect();
      await holder.query('begin');
      const held = ['held1', 'held2', 'held3', 'held4'];
      for (const id of held)
        await postgresEventStore(pool)
          .within(holder)
          .append(account(id), [assessedFee('theirs')], first);
      const small = newPool({ ...server.connection, max: held.length });
      const store = postgresEventStore(small);
      const append = (id: string) => store.append(account(id), [assessedFee('ours')], first);
      const waiting = Promise.allSettled([...held, 'free'].map(append));
      // Without the others a call would be alone, and wait on its connection.
      for (let round = 0; round < 20; round++)
        await Promise.all(['a', 'b', 'c'].map((id) => append(`${id}${round}`)));
      await holder.query('commit');
      holder.release();
      const outcomes = await waiting;
      for (const conflict of outcomes.slice(0, held.length))
        expect(conflict).toMatchObject({ reason: { code: 'VERSION_CONFLICT', details: { actual: 1 } } });
      expect(outcomes.at(-1)).toMatchObject({ value: { version: 1 } });
      await small.end();
    });

    it('end with the error of the lock after the timeouts of the user', async () => {
      const holder = await pool.connect();
      await holder.query('begin');
      await postgresEventStore(pool)
        .within(holder)
        .append(account('held'), [assessedFee('theirs')], first);
      const outcomes: PromiseSettledResult<unknown>[] = [];
      for (const limits of [
        { options: '-c lock_timeout=300' },
        { options: '-c statement_timeout=300' },
        { query_timeout: 300 },
      ]) {
        const impatient = newPool({ ...server.connection, ...limits });
        const store = postgresEventStore(impatient);
        // The first call is alone, and the others are a batch.
        const calls = ['x', 'held', 'y'].map((id) =>
          store.append(account(id), [assessedFee('ours')], { expectedVersion: 'any' }),
        );
        outcomes.push(...(await Promise.allSettled(calls)));
        await impatient.end();
      }
      await holder.query('rollback');
      holder.release();
      for (const [place, outcome] of outcomes.entries())
        expect(outcome).toMatchObject(
          place % 3 === 1 ? { status: 'rejected', reason: { code: '55P03' } } : { status: 'fulfilled' },
        );
    });

    it('never wait for each other in a circle if two stores take accounts in opposite orders', async () => {
      const other = newPool(server.connection);
      const stores = [postgresEventStore(pool), postgresEventStore(other)];
      const ids = Array.from({ length: 40 }, (_, n) => `p${n}`);
      for (let round = 0; round < 10; round++) {
        const orders = [ids, [...ids].reverse()];
        await Promise.all(
          stores.flatMap((store, index) =>
            (orders[index] ?? []).map((id) =>
              store.append(account(id), [assessedFee(`${round}-${index}`)], { expectedVersion: 'any' }),
            ),
          ),
        );
      }
      const { events } = await (stores[0] as (typeof stores)[0]).readAll();
      expect(events).toHaveLength(2 * 40 * 10);
      await other.end();
      const { rows } = await pool.query('select sum(deadlocks)::integer as deadlocks from pg_stat_database');
      expect(rows).toEqual([{ deadlocks: 0 }]);
    });

    it('are refused after close, which waits for those before it', async () => {
      const store = postgresEventStore(pool);
      const appends = Array.from({ length: 200 }, (_, n) =>
        store.append(account(`p${n % 7}`), [assessedFee(`f${n}`)], { expectedVersion: 'any' }),
      );
      let ended = 0;
      for (const append of appends) void append.then(() => (ended += 1));
      const closed = store.close();
      await expect(store.append(account('late'), [assessedFee('f1')], first)).rejects.toMatchObject({
        code: 'STORE_CLOSED',
      });
      await closed;
      expect(ended).toBe(200);
      await store.close();
    });

    it('are projected together, in the order of their ids', async () => {
      const calls: string[] = [];
      const projection: PostgresProjection = {
        apply: (events) => void calls.push(`one ${events[0]?.patronId}`),
        applyMany: (appends) => {
          calls.push(
            `many ${appends.map((events) => `${events[0]?.patronId} ${events.at(-1)?.version}`).join()}`,
          );
        },
      };
      const store = postgresEventStore(pool, { inline: [projection], notify: true });
      await Promise.all(
        ['p9', 'p3', 'p1', 'p2'].map((id) =>
          store.append(account(id), [assessedFee('f1'), assessedFee('f2')], first),
        ),
      );
      expect(calls.sort()).toEqual(['many p1 2,p2 2,p3 2', 'one p9']);
    });

    it('run one by one if a projection refused them together', async () => {
      const failing: PostgresProjection = {
        apply: async (events, transaction) => {
          for (const { institution, patronId, version } of events)
            await transaction.query('insert into inline_log values ($1, $2, $3)', [
              institution,
              patronId,
              version,
            ]);
        },
        applyMany: async (_appends, transaction) => {
          await transaction.query('select 1 / 0');
        },
      };
      const store = postgresEventStore(pool, { inline: [failing] });
      const ids = ['p1', 'p2', 'p3', 'p4'];
      await Promise.all(ids.map((id) => store.append(account(id), [assessedFee('f1')], first)));
      expect((await readPostgresLog(pool)).map(({ patronId }) => patronId).sort()).toEqual(ids);
    });
  });

  describe('a batch', () => {
    it.each([
      [
        'of appends',
        appendBatchStatement({ returnsTime: true, notifies: true }),
        ['text', 'text'],
        "'[]', ''",
      ],
      ['of reads', READ_BATCH, ['text'], "'[]'"],
    ])(
      '%s uses the primary key and is not compiled, with many accounts and no statistics',
      async (_, text, types, values) => {
        const filled = `insert into patron_fees_event (transaction, institution, patron_id, version, recorded_at, event)
      select 1, 'north', 'p' || n, 1, now(), '{}' from generate_series(1, 20000) n`;
        for (const fill of ['select 1', filled]) {
          await pool.query(fill);
          const client = await pool.connect();
          await client.query('set plan_cache_mode = force_generic_plan');
          await client.query(`prepare batch (${types}) as ${text}`);
          const { rows } = await client.query(`explain execute batch (${values})`);
          client.release(true);
          const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
          expect(plan).toMatch(/Index Scan.* using patron_fees_event_pkey/);
          expect(plan).not.toMatch(/Seq Scan on patron_fees_event|JIT/);
        }
      },
    );

    it('leaves no lock timeout on its connection', async () => {
      const single = newPool({ ...server.connection, max: 1 });
      const store = postgresEventStore(single);
      const append = (id: string) => store.append(account(id), [assessedFee('f1')], first);
      await Promise.all(['p1', 'p2', 'p3'].map(append));
      expect((await single.query('show lock_timeout')).rows).toEqual([{ lock_timeout: '0' }]);
      await single.end();
    });
  });
});
