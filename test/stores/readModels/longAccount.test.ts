import type pg from 'pg';
import { describe, expect, it } from 'vitest';
import type { ErasingEventStore } from '../../../src/history/index.js';
import type { AccountEvent } from '../../../src/index.js';
import * as postgres from '../../../src/stores/postgres/index.js';
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
