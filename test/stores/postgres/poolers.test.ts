// The store behind a real pooler, which gives a client another server connection for each transaction.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { execute, loadAccount } from '../../../src/history/index.js';
import {
  advisoryLock,
  findAccounts,
  forgetPart,
  inlineAccounts,
  migrate,
  postgresEventStore,
  rebuildAccounts,
} from '../../../src/stores/postgres/index.js';
import { storeConformance } from '../../../src/testing/index.js';
import { assess, policy } from '../../support/account.js';
import { inlineLogTable, postgresLog, readPostgresLog } from '../../support/inlineLog.js';
import { type PgBouncer, type PgBouncerSettings, startPgBouncer } from '../../support/pgBouncer.js';
import { newPool, type PostgresServer, postgresServer } from '../../support/postgresServer.js';
import { describeWith } from '../../support/programs.js';

describeWith(['pgbouncer'], 'a store behind PgBouncer', () => {
  let server: PostgresServer;
  let direct: ReturnType<typeof newPool>;

  beforeAll(async () => {
    server = await postgresServer();
    direct = newPool(server.connection);
    await migrate(direct);
    await direct.query(inlineLogTable);
  });

  afterAll(async () => {
    await direct.end();
    await server.remove();
  });

  /** Starts a pooler for the tests of a suite; returns the pool with a number, through it. */
  const pooled = (settings: PgBouncerSettings) => {
    let bouncer: PgBouncer;
    const pools: ReturnType<typeof newPool>[] = [];
    beforeAll(async () => {
      bouncer = await startPgBouncer(server, settings);
    });
    afterAll(async () => {
      await Promise.all(pools.map((pool) => pool.end()));
      await bouncer.stop();
    });
    return (number = 0) => {
      pools[number] ??= newPool({ ...bouncer.connection, max: 8 });
      return pools[number];
    };
  };

  const statements = [
    { title: 'statements without names', namedStatements: false, maxPreparedStatements: 0 },
    { title: 'named statements that PgBouncer keeps', namedStatements: true, maxPreparedStatements: 100 },
    { title: 'named statements that PgBouncer mixes up', namedStatements: true, maxPreparedStatements: 0 },
  ];

  describe.each(statements)('in transaction mode, $title', ({ namedStatements, maxPreparedStatements }) => {
    const pool = pooled({ mode: 'transaction', maxPreparedStatements, servers: 3 });

    const cases = storeConformance(
      async () => {
        await direct.query('truncate patron_fees_event, inline_log');
        const database = pool();
        const options = { namedStatements, inline: [postgresLog], notify: true };
        const store = postgresEventStore(database, options);
        return {
          store,
          second: postgresEventStore(pool(1), options),
          inline: () => readPostgresLog(direct),
        };
      },
      { inline: true, erasing: true, modelRuns: 5 },
    );
    for (const { title, run } of cases) it(title, run);

    it('rebuilds the table of accounts while it is queried by statements that were prepared, and by views', async () => {
      const database = pool();
      await direct.query('truncate patron_fees_event, patron_fees_read_model');
      const store = postgresEventStore(database, { namedStatements, inline: [inlineAccounts] });
      const account = { institution: 'north', patronId: 'p1' };
      await execute(store, policy, account, assess('f1', '2.50'));
      await direct.query(`update patron_fees_owed_all set owed = 9900;
        create or replace view debt as select owed from patron_fees_owed where fee_type = '' and owner = ''`);
      const client = await direct.connect();
      const prepared = async () =>
        Number((await client.query({ name: 'debt', text: 'select owed from debt' })).rows[0].owed);
      const found = async () =>
        (await findAccounts(database, { institution: 'north', currency: 'USD' })).accounts[0]?.owed;
      const before = [await prepared(), await found()];
      await rebuildAccounts(database);
      await execute(store, policy, account, assess('f2', '1.00'));
      const after = [await prepared(), await found()];
      client.release();
      // The other tests of this database are about stores without the table.
      await forgetPart(direct, 'accounts');
      expect([before, after]).toEqual([
        [9900, '99.00'],
        [350, '3.50'],
      ]);
    });

    it('stores every command of many writers on shared accounts once', async () => {
      const database = pool();
      const store = postgresEventStore(database, { namedStatements });
      const streams = ['a', 'b', 'c'].map((patronId) => ({ institution: 'writers', patronId }));
      const writers = Array.from({ length: 8 }, async (_, writer) => {
        for (let n = 0; n < 15; n++) {
          const stream = streams[(writer + n) % 3] as (typeof streams)[number];
          const { decision } = await execute(store, policy, stream, assess(`${writer}-${n}`, '1.00'));
          expect(decision.accepted).toBe(true);
        }
      });
      await Promise.all(writers);
      const accounts = await Promise.all(streams.map((stream) => loadAccount(store, stream)));
      expect(accounts.map(({ version }) => version)).toEqual([40, 40, 40]);
      const ids = accounts.flatMap(({ account }) => account.fees.map(({ feeId }) => feeId));
      expect(new Set(ids).size).toBe(120);
    });

    it('stores within a transaction of the caller, and rolls back with it', async () => {
      const database = pool();
      const store = postgresEventStore(database, { namedStatements });
      const stream = { institution: 'within', patronId: 'p1' };
      const client = await database.connect();
      for (const [id, end] of [
        ['f1', 'commit'],
        ['f2', 'rollback'],
        ['f3', 'commit'],
      ] as const) {
        await client.query('begin');
        await execute(store.within(client), policy, stream, assess(id, '1.00'));
        await client.query(end);
      }
      client.release();
      const { account } = await loadAccount(store, stream);
      expect(account.fees.map(({ feeId }) => feeId)).toEqual(['f1', 'f3']);
    });
  });

  describe('in transaction mode', () => {
    const pool = pooled({ mode: 'transaction', maxPreparedStatements: 100, servers: 1 });

    it('keeps named statements on the server', async () => {
      const store = postgresEventStore(pool(), { namedStatements: true });
      await store.read({ institution: 'north', patronId: 'p1' });
      const { rows } = await pool(1).query('select statement from pg_prepared_statements');
      const texts = rows.map(({ statement }) => String(statement));
      expect(texts.filter((text) => text.includes('from patron_fees_event')).length).toBeGreaterThan(0);
    });

    it('does not exclude a second runner: advisory locks need session mode or a direct connection', async () => {
      const first = await advisoryLock(pool(), 'totals').tryAcquire();
      const second = await advisoryLock(pool(1), 'totals').tryAcquire();
      // Both run on the same server connection, whose lock both believe to hold.
      expect([first?.isHeld(), second?.isHeld()]).toEqual([true, true]);
      await first?.release();
      await second?.release();
    });
  });

  describe('in session mode', () => {
    const pool = pooled({ mode: 'session', maxPreparedStatements: 0, servers: 20 });

    it('keeps named statements, and lets one runner at a time hold a lock', async () => {
      const database = pool();
      const names: unknown[] = [];
      const query = database.query.bind(database);
      const spied = Object.assign(database, {
        query: (statement: { readonly name?: string }, ...rest: never[]) => {
          names.push(Object(statement).name);
          return (query as (...values: unknown[]) => unknown)(statement, ...rest);
        },
      });
      const store = postgresEventStore(spied as never, { namedStatements: true });
      for (let n = 0; n < 20; n++) await store.read({ institution: 'north', patronId: `p${n}` });
      expect(names.filter((name) => name === undefined)).toEqual([]);

      const held = await advisoryLock(pool(), 'totals').tryAcquire();
      expect(held).toBeDefined();
      expect(await advisoryLock(pool(), 'totals').tryAcquire()).toBeUndefined();
      await held?.release();
      const next = await advisoryLock(pool(), 'totals').tryAcquire();
      expect(next).toBeDefined();
      await next?.release();
    });

    it('reports appends of others', async () => {
      const store = postgresEventStore(pool(), { notify: true });
      let notify: () => void = () => undefined;
      const stop = await store.watch?.(() => notify());
      const reported = new Promise<void>((resolve) => {
        notify = resolve;
      });
      const writer = postgresEventStore(direct, { notify: true });
      await execute(writer, policy, { institution: 'reported', patronId: 'p1' }, assess('f1', '1.00'));
      await reported;
      await stop?.();
    });
  });
});
