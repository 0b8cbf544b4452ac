import type pg from 'pg';
import { describe, expect, it } from 'vitest';
import { type ErasingEventStore, memoryEventStore, type RecordedEvent } from '../../../src/history/index.js';
import type { AccountEvent } from '../../../src/index.js';
import * as postgres from '../../../src/stores/postgres/index.js';
import { NEVER } from '../../../src/stores/readModels/accountColumns.js';
import { rowsOfAccount, rowsOfStreams } from '../../../src/stores/readModels/accountRows.js';
import * as sqlite from '../../../src/stores/sqlite/index.js';
import {
  type AccountTables,
  faultsOfTables,
  postgresTables,
  sqliteTables,
} from '../../support/accountTables.js';
import { assessedFee } from '../../support/assessedFee.js';
import { newPool, postgresServer } from '../../support/postgresServer.js';
import { libsql } from '../../support/sqliteDrivers.js';

describe('accountRows', () => {
  const stream = { institution: 'north', patronId: 'p1' };
  const at = '2026-03-02T09:00:00Z';

  const same = (event: RecordedEvent) => event;

  function rowsOf(...events: AccountEvent[]) {
    const recorded = events.map((event, index) => ({ version: index + 1, recordedAt: at, event }));
    return rowsOfAccount(stream, recorded, same, same);
  }

  function assessed(feeId: string, more: object = {}): AccountEvent {
    const data = { feeId, feeType: 'OTHER', amount: '2.50', currency: 'USD', owner: 'MAIN', at, ...more };
    return { type: 'FeeAssessed', data };
  }

  it('sums what is owed by type and owner, by type, by owner, and in all', () => {
    const { account, owed } = rowsOf(
      assessed('f1', { amount: '1.00', at: '2026-03-02T09:00:00+02:00' }),
      assessed('f2', { amount: '2.00', owner: 'EAST' }),
      assessed('f3', { amount: '4.00', feeType: 'OVERDUEFINE', accruing: true, total: '4.00' }),
      { type: 'FeeDisputed', data: { disputeId: 'd1', feeId: 'f2', at } },
    );
    expect(account).toMatchObject({
      version: 4,
      currency: 'USD',
      active: 500,
      disputed: 200,
      payable: 500,
      fault: null,
    });
    const sums = owed.map((row) => [
      row.fee_type,
      row.owner,
      row.owed,
      row.owed_disputed,
      row.accruing,
      row.open_fees,
    ]);
    expect(sums.sort()).toEqual([
      ['', '', 700, 200, 400, 3],
      ['', 'EAST', 200, 200, 0, 1],
      ['', 'MAIN', 500, 0, 400, 2],
      ['OTHER', '', 300, 200, 0, 2],
      ['OTHER', 'EAST', 200, 200, 0, 1],
      ['OTHER', 'MAIN', 100, 0, 0, 1],
      ['OVERDUEFINE', '', 400, 0, 400, 1],
      ['OVERDUEFINE', 'MAIN', 400, 0, 400, 1],
    ]);
    const oldest = (type: string) =>
      owed.find((row) => row.fee_type === type && row.owner === '')?.oldest_open_at;
    expect([oldest(''), oldest('OVERDUEFINE')]).toEqual(['2026-03-02T07:00:00.000Z', NEVER]);
  });

  it('has no debt row for a closed account, and a till row for each movement of money', () => {
    const allocations = [{ feeId: 'f1', amount: '2.50' }];
    const payment = { paymentId: 'p1', amount: '2.50', currency: 'USD', method: 'CASH', allocations, at };
    const { owed, till } = rowsOf(assessed('f1'), { type: 'PaymentReceived', data: payment });
    expect(owed).toEqual([]);
    expect(till).toEqual([
      {
        institution: 'north',
        patron_id: 'p1',
        version: 2,
        at: '2026-03-02T09:00:00.000Z',
        recorded_at: '2026-03-02T09:00:00.000Z',
      },
    ]);
  });

  it('gives an account that does not fold a row with its fault', () => {
    const { account, owed } = rowsOf(assessed('f1'), assessed('f1'));
    expect([account.version, account.fault, account.currency, owed]).toEqual([
      2,
      'CORRUPT_HISTORY',
      null,
      [],
    ]);
  });

  it('reads each account of a page once, in the order of ids', async () => {
    const store = memoryEventStore({ now: () => at });
    for (const patronId of ['b', 'a'])
      await store.append({ ...stream, patronId }, [assessed('f1'), assessed('f2')], { expectedVersion: 0 });
    const rows = await rowsOfStreams(store, (await store.readAll()).events, []);
    expect(rows.map(({ account }) => [account.patron_id, account.version])).toEqual([
      ['a', 2],
      ['b', 2],
    ]);
  });
});

describe('longAccount', () => {
  const stream = { institution: 'north', patronId: 'p1' };
  const at = '2026-03-02T09:00:00Z';

  const paid = (n: number): AccountEvent => ({
    type: 'PaymentReceived',
    data: {
      paymentId: `pay${n}`,
      amount: '2.50',
      currency: 'USD',
      method: 'CASH',
      allocations: [{ feeId: `f${n}`, amount: '2.50' }],
      at,
    },
  });

  /** A store with the inline table, and another projection that fails if asked to. */
  type Opened = {
    readonly store: ErasingEventStore;
    readonly tables: () => AccountTables | Promise<AccountTables>;
    readonly rebuild: () => Promise<unknown>;
    /** Removes the account's rows, as the beginning of a rebuild by another program does. */
    readonly reset: () => unknown;
    readonly close: () => unknown;
  };

  type Failing = { fails: boolean; eventsRead: number };

  function failIfAsked(state: Failing) {
    return {
      apply: () => {
        if (state.fails) throw new Error('asked to fail');
      },
    };
  }

  function countEvents(state: Failing, rows: readonly unknown[]): void {
    state.eventsRead += rows.filter((row) => (row as { event?: unknown }).event !== undefined).length;
  }

  function openSqlite(state: Failing): Opened {
    const opened = libsql.open(':memory:');
    const { prepare } = opened;
    const database = Object.assign(opened, {
      prepare: (text: string) => {
        const statement = prepare.call(opened, text);
        const all = statement.all.bind(statement);
        return Object.assign(statement, {
          all: (...values: never[]) => {
            const rows = all(...values);
            countEvents(state, rows);
            return rows;
          },
        });
      },
    });
    sqlite.migrate(database);
    return {
      store: sqlite.sqliteEventStore(database, { inline: [sqlite.inlineAccounts, failIfAsked(state)] }),
      tables: () => sqliteTables(database),
      rebuild: () => sqlite.rebuildAccounts(database),
      reset: () => {
        for (const table of ['accounts', 'owed', 'till'])
          database.exec(`delete from patron_fees_${table}_all where patron_id = 'p1'`);
      },
      close: () => database.close(),
    };
  }

  async function openPostgres(state: Failing): Promise<Opened> {
    const server = await postgresServer();
    const pool = newPool({ ...server.connection, max: 1, idleTimeoutMillis: 0 });
    await postgres.migrate(pool);
    pool.on('connect', () => expect.unreachable('one connection is used for everything'));
    const client: pg.PoolClient = await pool.connect();
    const query = client.query.bind(client) as (...asked: unknown[]) => Promise<pg.QueryResult>;
    // A pool's own query passes a callback and gets nothing back; the transactions of appends get a promise.
    client.query = ((...asked: unknown[]) => {
      const result = query(...asked) as Promise<pg.QueryResult> | undefined;
      return result?.then((found) => {
        countEvents(state, found.rows);
        return found;
      });
    }) as never;
    client.release();
    return {
      store: postgres.postgresEventStore(pool, { inline: [postgres.inlineAccounts, failIfAsked(state)] }),
      tables: () => postgresTables(pool),
      rebuild: () => postgres.rebuildAccounts(pool),
      reset: async () => {
        for (const table of ['accounts', 'owed', 'till'])
          await pool.query(`delete from patron_fees_${table}_all where patron_id = 'p1'`);
      },
      close: async () => {
        await pool.end();
        await server.remove();
      },
    };
  }

  describe.each([
    ['SQLite', openSqlite],
    ['PostgreSQL', openPostgres],
  ])('the inline table of an account with a thousand events, in %s', (_name, open) => {
    it('reads the events of the append only, and all of them whenever what it holds is not what is stored', async () => {
      const state: Failing = { fails: false, eventsRead: 0 };
      const { store, tables, rebuild, reset, close } = await open(state);
      await rebuild();
      let version = 0;
      /** Appends, and returns how many events the table read for it. */
      const append = async (...events: AccountEvent[]) => {
        state.eventsRead = 0;
        await store.append(stream, events, { expectedVersion: version });
        const read = state.eventsRead;
        version += events.length;
        expect(await faultsOfTables(await tables(), store)).toEqual([]);
        return read;
      };
      expect(await append(...Array.from({ length: 1_000 }, (_, n) => assessedFee(`f${n}`)))).toBe(1_000);
      expect(await append(paid(1))).toBe(2);
      expect(await append(paid(2), paid(3))).toBe(3);

      state.fails = true;
      await expect(append(paid(4))).rejects.toThrow('asked to fail');
      state.fails = false;
      expect(await append(paid(5))).toBeGreaterThan(1_000);
      expect(await append(paid(6))).toBe(2);

      await store.append({ ...stream, patronId: 'short' }, [assessedFee('f1')], { expectedVersion: 0 });
      expect(await append(assessedFee('texts', { comment: 'The dog did it' }))).toBe(2);
      await store.redact(stream);
      expect(await append(paid(7))).toBeGreaterThan(1_000);
      await rebuild();
      expect(await append(paid(8))).toBe(2);
      await reset();
      expect((await append(paid(9))) > 1_000 && (await tables()).till).toHaveLength(8);

      const totals = { purgeId: 'purge', at, events: version, currency: 'USD', totals: [] };
      await store.purge(stream, { type: 'AccountPurged', data: totals });
      version += 1;
      expect(await append(assessedFee('back'))).toBe(2);
      await close();
    });
  });
});
