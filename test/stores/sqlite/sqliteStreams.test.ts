import { setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import type { StreamId } from '../../../src/history/index.js';
import { SCAN_SIZE } from '../../../src/stores/accountList.js';
import {
  migrate,
  type SqliteDatabase,
  type SqliteEventStoreOptions,
  sqliteEventStore,
} from '../../../src/stores/sqlite/index.js';
import {
  listAccounts,
  positionOf,
  prepareAll,
  scanAccounts,
} from '../../../src/stores/sqlite/sqliteStreams.js';
import { assessedFee } from '../../support/assessedFee.js';
import { inlineLogTable, readSqliteLog, sqliteLog } from '../../support/inlineLog.js';
import { faultsOfInterleaving, interleavings } from '../../support/interleavedAppends.js';
import { seeded } from '../../support/seeded.js';
import { libsql, temporaryFile } from '../../support/sqliteDrivers.js';

describe('sqliteStreams', () => {
  let cleaning: (() => void)[] = [];

  afterEach(() => {
    for (const clean of cleaning.reverse()) clean();
    cleaning = [];
  });

  /** Opens stores of one file, and counts the transactions of the first. */
  function open(stores: number, options: SqliteEventStoreOptions = {}) {
    const { file, remove } = temporaryFile();
    cleaning.push(remove);
    const transactions = { begun: 0 };
    const opened = Array.from({ length: stores }, (_, index) => {
      const database = libsql.open(file);
      cleaning.push(() => database.close());
      migrate(database);
      database.exec(inlineLogTable);
      const counting: SqliteDatabase = {
        exec: (sql) => database.exec(sql),
        prepare: (sql) => {
          const statement = database.prepare(sql);
          if (index > 0 || sql !== 'begin immediate') return statement;
          return {
            run: () => {
              transactions.begun += 1;
              return statement.run();
            },
            get: (...values) => statement.get(...values),
            all: (...values) => statement.all(...values),
          };
        },
      };
      return { database, store: sqliteEventStore(counting, { synchronous: 'normal', ...options }) };
    });
    const [first] = opened as [(typeof opened)[0]];
    return { ...first, opened, transactions };
  }

  const account = (patronId: string): StreamId => ({ institution: 'north', patronId });
  const first = { expectedVersion: 0 };
  const ids = Array.from({ length: 20 }, (_, n) => `p${n}`);

  describe('concurrent appends of a store in SQLite', () => {
    it('share a transaction, unless `gather` is false: then each has its own', async () => {
      const { store, transactions } = open(1);
      await Promise.all(ids.map((id) => store.append(account(id), [assessedFee('f1')], first)));
      expect(transactions.begun).toBe(1);
      const single = open(1, { gather: false });
      await Promise.all(ids.map((id) => single.store.append(account(id), [assessedFee('f1')], first)));
      expect(single.transactions.begun).toBe(20);
    });

    it('are stored at the end of the turn, or before the account, all events or the accounts are read', async () => {
      const { store, database } = open(1);
      const stored = () =>
        (database.prepare('select count(*) as events from patron_fees_event').get() as { events: number })
          .events;
      const reads = [
        async () => (await store.read(account('a'))).version,
        async () => (await store.readAll()).events.length,
        async () => (await store.accounts()).accounts.length,
        async () => (await store.redact(account('a'))).events,
      ];
      for (const [index, read] of reads.entries()) {
        const append = store.append(account('a'), [assessedFee(`f${index}`)], { expectedVersion: 'any' });
        expect(stored()).toBe(index);
        await read();
        expect(stored()).toBe(index + 1);
        await append;
      }
      const other = store.append(account('b'), [assessedFee('f1')], first);
      await store.read(account('a'));
      expect(stored()).toBe(reads.length);
      await turn();
      expect(stored()).toBe(reads.length + 1);
      await other;
    });

    it('succeed and fail each on its own, and leave no part of an append that failed', async () => {
      const { store, database } = open(1, { inline: [sqliteLog] });
      await store.append(account('taken'), [assessedFee('f1'), assessedFee('f2')], first);
      const append = (id: string, fees: readonly string[], expectedVersion: number | 'any') =>
        store.append(
          account(id),
          fees.map((fee) => assessedFee(fee)),
          { expectedVersion },
        );
      const outcomes = await Promise.allSettled([
        append('one', ['f1'], 0),
        append('taken', ['f3', 'f4'], 0),
        append('refused', ['f1', 'refuse this'], 0),
        append('many', ['f1', 'f2', 'f3'], 'any'),
        append('many', ['f4'], 3),
      ]);
      expect(
        outcomes.map((outcome) =>
          outcome.status === 'fulfilled'
            ? outcome.value.version
            : (outcome.reason.code ?? outcome.reason.message),
        ),
      ).toEqual([1, 'VERSION_CONFLICT', 'refused by the projection', 3, 4]);
      const kept = (await store.readAll()).events.map(({ patronId, version }) => `${patronId} ${version}`);
      expect(kept.sort()).toEqual(['many 1', 'many 2', 'many 3', 'many 4', 'one 1', 'taken 1', 'taken 2']);
      const projected = (await readSqliteLog(database)).map(
        ({ patronId, version }) => `${patronId} ${version}`,
      );
      expect(projected.sort()).toEqual(kept);
    });

    it('give the same result as some sequence of single appends, through two stores and any interleaving', async () => {
      const { opened } = open(2, { inline: [sqliteLog] });
      let run = 0;
      await fc.assert(
        fc.asyncProperty(interleavings, async (plans) => {
          run += 1;
          const stores = opened.map(({ store }) => store);
          expect(await faultsOfInterleaving(stores, plans, `run ${run}`)).toEqual([]);
        }),
        seeded('interleaved appends in SQLite'),
      );
    });

    it('reject together if the file is locked, and succeed again', async () => {
      const { store, opened } = open(2, { busyTimeoutMs: 0 });
      const other = opened[1]?.database as SqliteDatabase;
      other.exec('begin immediate');
      const appends = await Promise.allSettled(
        ids.map((id) => store.append(account(id), [assessedFee('f1')], first)),
      );
      other.exec('rollback');
      expect(new Set(appends.map((append) => append.status === 'rejected' && append.reason.code))).toEqual(
        new Set(['SQLITE_BUSY']),
      );
      await Promise.all(ids.map((id) => store.append(account(id), [assessedFee('f1')], first)));
      expect((await store.accounts()).accounts).toHaveLength(20);
    });

    it('are refused after close, which waits for those before it', async () => {
      const { store, database } = open(1);
      const appends = Array.from({ length: 200 }, (_, n) =>
        store.append(account(`p${n % 7}`), [assessedFee(`f${n}`)], { expectedVersion: 'any' }),
      );
      const closed = store.close();
      await expect(store.append(account('late'), [assessedFee('f1')], first)).rejects.toMatchObject({
        code: 'STORE_CLOSED',
      });
      await closed;
      expect(database.prepare('select count(*) as events from patron_fees_event').get()).toMatchObject({
        events: 200,
      });
      await Promise.all(appends);
    });
  });
});

it('uses an index for every page', () => {
  const database = libsql.open(':memory:');
  migrate(database);
  const asked: string[] = [];
  prepareAll({
    ...database,
    prepare: (sql) => {
      asked.push(sql);
      return database.prepare(sql);
    },
  });
  for (const sql of asked.filter((text) => text.startsWith('select'))) {
    const values = Array.from(sql.matchAll(/\?/g), () => 1);
    const plan = database.prepare(`explain query plan ${sql}`).all(...values) as { detail: string }[];
    const steps = plan.map(({ detail }) => detail).join('; ');
    expect(steps).toMatch(/SEARCH/);
    expect(steps).not.toMatch(/SCAN|TEMP B-TREE/);
  }
});

const at = '2026-03-02T09:00:00Z';
const data = { feeId: 'f1', feeType: 'OTHER', amount: '2.50', currency: 'USD', owner: 'MAIN', at };

it('lists accounts in the order of their first events, then those without one, and marks that in the cursor', async () => {
  const database = libsql.open(':memory:');
  migrate(database);
  const store = sqliteEventStore(database, { now: () => at });
  for (const patronId of ['c', 'a', 'b'])
    for (const expectedVersion of [0, 1])
      await store.append({ institution: 'north', patronId }, [{ type: 'FeeAssessed', data }], {
        expectedVersion,
      });
  database.exec("delete from patron_fees_event where patron_id = 'c' and version = 1");
  const statements = prepareAll(database);
  const first = await listAccounts(statements, { limit: 1 });
  expect([first.accounts.map(({ patronId }) => patronId), first.cursor]).toEqual([['a'], '3']);
  const rest = await listAccounts(statements, { after: first.cursor });
  expect([rest.accounts.map(({ patronId }) => patronId), rest.cursor]).toEqual([['b', 'c'], '5!']);
  await expect(listAccounts(statements, { after: '7!' })).rejects.toMatchObject({ code: 'CURSOR_UNKNOWN' });
  database.close();
});

it('reads the position of a cursor', () => {
  expect([positionOf(undefined), positionOf('17')]).toEqual([0, 17]);
  expect(() => positionOf('x')).toThrow(/INVALID_ARGUMENT/);
});

describe('scanAccounts', () => {
  const database = libsql.open(':memory:');
  afterAll(() => database.close());

  it('reads the given number of accounts at a time, one institution after the other', async () => {
    migrate(database);
    database.exec(`
    with recursive number (n) as (select 1 union all select n + 1 from number where n < ${SCAN_SIZE} + 10)
    insert into patron_fees_event (institution, patron_id, version, recorded_at, event)
    select institution, printf('p%05d', n), 2, '', '' from number, (select 'a' as institution union select 'b')
    where n % 1000 = 1
    union all select 'a', printf('p%05d', n), 1, '', '' from number where n % 1000 <> 1
    union all select 'c', 'p1', 1, '', ''`);
    const statements = prepareAll(database);
    const first = scanAccounts(statements, undefined, undefined);
    expect(first.headless.map(({ patronId }) => patronId)).toEqual([
      'p00001',
      'p01001',
      'p02001',
      'p03001',
      'p04001',
    ]);
    expect(first.last).toEqual({ institution: 'a', patronId: `p0${SCAN_SIZE}` });
    const second = scanAccounts(statements, undefined, first.last);
    expect(second).toEqual({
      headless: [{ institution: 'a', patronId: 'p05001' }],
      last: { institution: 'b', patronId: '' },
    });
    const third = scanAccounts(statements, undefined, second.last);
    expect([third.headless.length, third.last]).toEqual([6, { institution: 'c', patronId: '' }]);
    expect(scanAccounts(statements, undefined, third.last)).toEqual({ headless: [], last: undefined });
    expect(scanAccounts(statements, 'a', first.last).last).toBeUndefined();
    expect(scanAccounts(statements, 'd', undefined)).toEqual({ headless: [], last: undefined });

    const { accounts } = await sqliteEventStore(database).accounts();
    expect(accounts).toHaveLength(SCAN_SIZE + 10 + 6 + 1);
    expect(new Set(accounts.map((account) => JSON.stringify(account))).size).toBe(accounts.length);
  });
});
