import { setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import type { StreamId } from '../../../src/history/index.js';
import {
  migrate,
  type SqliteDatabase,
  type SqliteEventStoreOptions,
  sqliteEventStore,
} from '../../../src/stores/sqlite/index.js';
import { assessedFee } from '../../support/assessedFee.js';
import { inlineLogTable, readSqliteLog, sqliteLog } from '../../support/inlineLog.js';
import { faultsOfInterleaving, interleavings } from '../../support/interleavedAppends.js';
import { seeded } from '../../support/seeded.js';
import { libsql, temporaryFile } from '../../support/sqliteDrivers.js';

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
