import { setTimeout as pause } from 'node:timers/promises';
import { PGlite } from '@electric-sql/pglite';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { follow, memoryEventStore } from '../../../src/history/index.js';
import { type AccountEvent, definePolicy } from '../../../src/index.js';
import { runPaymentsReport } from '../../../src/jobs/reports/index.js';
import {
  FAULTY,
  findStatement,
  rowsIn,
  saveRows,
  tillStatement,
} from '../../../src/stores/postgres/accountsTable.js';
import {
  accountsProjection,
  findAccounts,
  forgetPart,
  inlineAccounts,
  migrate,
  postgresEventStore,
  type Queryable,
  rebuildAccounts,
  tillIndex,
} from '../../../src/stores/postgres/index.js';
import type { Session } from '../../../src/stores/postgres/session.js';
import { accountsQuery } from '../../../src/stores/readModels/findAccountsForm.js';
import { faultsOfTables, postgresTables } from '../../support/accountTables.js';
import { assessedFee } from '../../support/assessedFee.js';
import { fillStore, findAccountsCases, randomHistories } from '../../support/findAccountsCases.js';
import { newPool, type PostgresServer, postgresServer, untilOneWaits } from '../../support/postgresServer.js';
import { tableStateCases } from '../../support/tableStateCases.js';
import { postgresTablesUnderTest } from '../../support/tablesUnderTest.js';
import { fillTill, tillForms } from '../../support/tillAccounts.js';
import { until } from '../../support/until.js';

describe('accountsTable', () => {
  const stream = { institution: 'north', patronId: 'p1' };
  const at = '2026-03-02T09:00:00Z';

  function assessed(feeId: string, amount = '2.50'): AccountEvent {
    return {
      type: 'FeeAssessed',
      data: { feeId, feeType: 'OTHER', amount, currency: 'USD', owner: 'MAIN', at },
    };
  }

  const account = (patronId: string) => ({ institution: 'north', patronId });

  const form = { institution: 'north', currency: 'USD' };

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

  const empty = async () => {
    await pool.query(
      'truncate patron_fees_event, patron_fees_accounts_all, patron_fees_owed_all, patron_fees_till_all, patron_fees_read_model',
    );
    await forgetPart(pool, 'accounts');
  };

  const inline = () => postgresEventStore(pool, { inline: [inlineAccounts] });

  describe('the table of accounts, kept inline', () => {
    beforeAll(async () => {
      await empty();
      await rebuildAccounts(pool);
      await fillStore(inline());
    });

    it('equals the fold of every stream after random histories', async () => {
      const tables = await postgresTables(pool);
      expect(tables.accounts).toHaveLength(randomHistories.length);
      expect(await faultsOfTables(tables, inline())).toEqual([]);
    });

    findAccountsCases(() => ({ store: inline(), find: (asked) => findAccounts(pool, asked) }));

    it('is rebuilt to the same rows', async () => {
      const before = await postgresTables(pool);
      expect(await rebuildAccounts(pool)).toEqual({ accounts: randomHistories.length, unreadable: 0 });
      expect(await postgresTables(pool)).toEqual(before);
    });

    it('equals the fold while 8 writers append to the same accounts, two rebuild it, and transactions roll back', async () => {
      const store = inline();
      const write = async (writer: number) => {
        for (let n = 0; n < 10; n++) {
          const patron = { institution: 'north', patronId: `hot${n % 2}` };
          await store.append(patron, [assessed(`w${writer}-${n}`)], { expectedVersion: 'any' });
          if (n % 3 > 0) continue;
          const client = await pool.connect();
          await client.query('begin');
          await store
            .within(client)
            .append(patron, [assessed(`undone${writer}-${n}`)], { expectedVersion: 'any' });
          await client.query('rollback');
          client.release();
        }
      };
      const rebuilding = Promise.allSettled([
        rebuildAccounts(pool),
        pause(5).then(() => rebuildAccounts(pool)),
      ]);
      await Promise.all([1, 2, 3, 4, 5, 6, 7, 8].map(write));
      // The second may also begin after the first has ended.
      const ended = (await rebuilding).map((one) =>
        one.status === 'rejected' ? one.reason.code : 'complete',
      );
      expect(ended).toContain('complete');
      expect(new Set([...ended, 'CHECKPOINT_MOVED'])).toEqual(new Set(['complete', 'CHECKPOINT_MOVED']));
      expect(await faultsOfTables(await postgresTables(pool), store)).toEqual([]);
    });

    it('is rebuilt beside an open transaction that has appended: nobody else waits, and the switch waits for it', async () => {
      const store = inline();
      const client = await pool.connect();
      await client.query('begin');
      await store.within(client).append(account('open'), [assessed('f1')], { expectedVersion: 0 });
      let isDone = false;
      const rebuilt = rebuildAccounts(pool).finally(() => {
        isDone = true;
      });
      await untilOneWaits(pool);
      await store.append(account('other'), [assessed('f1')], { expectedVersion: 0 });
      expect((await findAccounts(pool, { ...form, patronId: 'other' })).accounts).toHaveLength(1);
      expect(isDone).toBe(false);
      await client.query('commit');
      client.release();
      await rebuilt;
      expect(await faultsOfTables(await postgresTables(pool), store)).toEqual([]);
    });

    it('records the fault of an account that cannot be read, and keeps the others', async () => {
      await inline().append({ institution: 'north', patronId: 'corrupt' }, [assessed('f1'), assessed('f1')], {
        expectedVersion: 0,
      });
      const { rows } = await pool.query(
        'select patron_id, fault from patron_fees_accounts where fault is not null',
      );
      expect(rows).toEqual([{ patron_id: 'corrupt', fault: 'CORRUPT_HISTORY' }]);
      expect((await rebuildAccounts(pool)).unreadable).toBe(1);
      const asked = { ...form, patronId: 'corrupt', owedAbove: '10.00' };
      await expect(findAccounts(pool, asked)).rejects.toMatchObject({
        code: 'CORRUPT_HISTORY',
        details: { stream: 'north/corrupt' },
      });
      const { accounts, unreadable } = await findAccounts(pool, form);
      expect(accounts.length).toBeGreaterThan(5);
      expect(unreadable).toBe(1);
      const none = { ...form, currency: 'XAF' };
      expect(await findAccounts(pool, none)).toEqual({ accounts: [], unreadable: 1, cursor: null });
      expect((await findAccounts(pool, { ...form, institution: 'south' })).unreadable).toBe(0);
    });

    it('cannot be queried before it was built', async () => {
      await empty();
      await postgresEventStore(pool).append(stream, [assessed('f1')], { expectedVersion: 0 });
      await expect(findAccounts(pool, form)).rejects.toMatchObject({ code: 'READ_MODEL_INCOMPLETE' });
      // An append that keeps the table does not add the accounts that came before it.
      await inline().append({ ...stream, patronId: 'p2' }, [assessed('f1')], { expectedVersion: 0 });
      await expect(findAccounts(pool, form)).rejects.toMatchObject({ code: 'READ_MODEL_INCOMPLETE' });
      await rebuildAccounts(pool);
      expect((await findAccounts(pool, form)).accounts).toHaveLength(2);
      await empty();
      await rebuildAccounts(pool);
      const client = await pool.connect();
      await expect(rebuildAccounts(client)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
      client.release();
    });

    it.each([
      ['owed', 'patron_fees_owed_most'],
      ['oldest', 'patron_fees_owed_oldest'],
      ['patron', 'patron_fees_owed_all_pkey'],
    ] as const)('is queried by an index among 30,000 accounts, in the order %s', async (order, index) => {
      const client = await pool.connect();
      await client.query('begin');
      await client.query(
        `insert into patron_fees_owed_all
       select (select generation from patron_fees_read_model where name = 'accounts'), 'north', 'p' || n, type, owner, 'USD', n, 0, 0, 1, now() - n * interval '1 minute'
       from generate_series(1, 30000) n, (values ('', ''), ('', 'MAIN'), ('OTHER', ''), ('OTHER', 'MAIN')) part (type, owner)`,
      );
      await client.query('analyze patron_fees_owed_all');
      const query = accountsQuery({ ...form, owner: 'MAIN', owedAbove: '50.00', order });
      const text = `explain ${findStatement(query)}`;
      const plan = (await client.query(text, [...query.values])).rows
        .map((row) => row['QUERY PLAN'])
        .join('\n');
      await client.query('rollback');
      client.release();
      expect(plan).toMatch(new RegExp(`Index Scan using ${index} on patron_fees_owed_all`));
      expect(plan).not.toMatch(/Seq Scan on patron_fees_(owed|accounts)/);
    });
  });

  describe('the table of accounts, kept by following', () => {
    it('equals the fold of every stream of another store', async () => {
      await empty();
      const store = memoryEventStore({ now: () => at });
      await fillStore(store);
      const ending = new AbortController();
      await follow(store, accountsProjection(pool, store), {
        signal: ending.signal,
        pageSize: 40,
        onProgress: ({ state }) => state === 'current' && ending.abort(),
      });
      expect(await faultsOfTables(await postgresTables(pool), store)).toEqual([]);
      expect((await findAccounts(pool, form)).accounts.length).toBeGreaterThan(5);
    });

    it('is kept by one of three runners, pushed by notifications; another takes over when it ends', async () => {
      await empty();
      const store = postgresEventStore(pool, { notify: true });
      const runners = [1, 2, 3].map((name) => {
        const ending = new AbortController();
        const states: string[] = [];
        const done = follow(store, accountsProjection(pool, store), {
          signal: ending.signal,
          pollMs: 60_000,
          onProgress: ({ state }) => void states.push(state),
        });
        return { name, ending, states, done };
      });
      const isCurrent = async () => (await faultsOfTables(await postgresTables(pool), store)).length === 0;
      await until(() => runners.some(({ states }) => states.includes('current')));
      await store.append(stream, [assessed('f1')], { expectedVersion: 0 });
      await until(isCurrent);
      const working = runners.filter(({ states }) => states.includes('current'));
      expect(working).toHaveLength(1);
      const [first] = working;
      first?.ending.abort();
      expect((await first?.done)?.events).toBe(1);
      await store.append(stream, [assessed('f2')], { expectedVersion: 1 });
      await until(isCurrent);
      for (const { ending } of runners) ending.abort();
      const totals = await Promise.all(runners.map(({ done }) => done));
      expect(totals.reduce((sum, { events }) => sum + events, 0)).toBe(2);
    });
  });
});

describe('savedAccounts', () => {
  let database: PGlite;

  beforeAll(async () => {
    database = new PGlite();
    await migrate(database);
  });

  afterAll(() => database.close());

  const account = (patronId: string) => ({ institution: 'north', patronId });
  const rows: Session['rows'] = async (text, values = []) =>
    (await database.query(text, values)).rows as Awaited<ReturnType<Session['rows']>>;
  const versions = async () =>
    (await database.query('select patron_id, version from patron_fees_accounts order by patron_id')).rows;

  it('reads and saves the accounts of a batch by three statements, and never replaces newer rows', async () => {
    const store = postgresEventStore(database);
    const streams = ['p1', 'p2', 'p3'].map(account);
    const append = (feeId: string) =>
      Promise.all(
        streams.map((stream) => store.append(stream, [assessedFee(feeId)], { expectedVersion: 'any' })),
      );
    await append('f1');
    const older = await rowsIn(rows, [...streams, account('none')]);
    expect(older.map(({ account: { version, active } }) => [version, active])).toEqual([
      [1, 250],
      [1, 250],
      [1, 250],
    ]);
    await append('f2');
    let statements = 0;
    const counting: Queryable = {
      query: (text, values) => {
        statements += 1;
        return database.query(text, values);
      },
    };
    const slices = await Promise.all(streams.map((stream) => store.read(stream, { after: 1 })));
    const appends = slices.map(({ events }, index) =>
      events.map((event) => ({ ...event, ...account(`p${index + 1}`) })),
    );
    await inlineAccounts.applyMany?.(appends, counting);
    expect(statements).toBe(3);
    await saveRows(rows, older);
    expect(await versions()).toEqual(['p1', 'p2', 'p3'].map((patron_id) => ({ patron_id, version: 2 })));
  });
});

tableStateCases(postgresTablesUnderTest());

describe('tillIndex', () => {
  const policy = definePolicy({ currency: 'USD' });

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

  it('gives the same report as all accounts, from those with movements around the period', async () => {
    const store = postgresEventStore(pool, { inline: [inlineAccounts] });
    await rebuildAccounts(pool);
    await fillTill(store, policy);
    for (const form of tillForms) {
      const {
        accounts: all,
        recordedBefore: _all,
        ...expected
      } = await runPaymentsReport(store, policy, form);
      const {
        accounts,
        recordedBefore: _,
        ...report
      } = await runPaymentsReport(store, policy, form, {
        till: tillIndex(pool),
      });
      expect(report).toEqual(expected);
      expect(report.total.payments).toBeGreaterThan(0);
      expect(accounts).toBeLessThan(all / 2);
    }
  });

  it('lists an account that cannot be read or is parked, since the table may not have its movements', async () => {
    await pool.query(
      "update patron_fees_accounts_all set fault = 'INVALID_EVENT' where patron_id in ('p10', 'p11')",
    );
    const period = { from: '2040-01-01T00:00:00Z', before: '2040-01-02T00:00:00Z', by: 'at' } as const;
    const listed: unknown[] = [];
    for await (const account of tillIndex(pool).accounts('north', period)) listed.push(account);
    expect(listed).toEqual([{ institution: 'north', patronId: 'p11' }]);
  });

  it.each(['at', 'recordedAt'] as const)('is queried by an index by %s', async (by) => {
    const client = await pool.connect();
    await client.query('begin');
    await client.query('set local enable_seqscan = off');
    const { rows } = await client.query(`explain ${tillStatement(by)}`, [
      'north',
      '2026-03-03',
      '2026-03-02',
      '',
    ]);
    await client.query('rollback');
    client.release();
    expect(rows.map((row) => row['QUERY PLAN']).join('\n')).toMatch(
      /Index.* Scan (using|on) patron_fees_till_(at|recorded)/,
    );
  });

  it('finds the accounts that cannot be read by an index of these alone', async () => {
    await rebuildAccounts(pool, { unlessComplete: true });
    const client = await pool.connect();
    await client.query('begin');
    await client.query(`
    insert into patron_fees_accounts_all (generation, institution, patron_id, version, active, disputed, transferred, payable, last_activity_at)
    select state.generation, 'north', 'copy ' || n, 1, 0, 0, 0, 0, now()
    from patron_fees_read_model as state, generate_series(1, 10000) as n where state.name = 'accounts'`);
    await client.query('analyze patron_fees_accounts_all');
    const { rows } = await client.query(`explain ${FAULTY}`, ['north']);
    await client.query('rollback');
    client.release();
    expect(rows.map((row) => row['QUERY PLAN']).join('\n')).toMatch(
      /Scan (using|on) patron_fees_accounts_faulty/,
    );
  });
});
