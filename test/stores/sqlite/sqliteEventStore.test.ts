import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { StreamId } from '../../../src/history/index.js';
import type { AccountEvent } from '../../../src/index.js';
import {
  migrate,
  type SqliteDatabase,
  type SqliteEventStore,
  type SqliteProjection,
  sqliteEventStore,
} from '../../../src/stores/sqlite/index.js';
import { storeConformance } from '../../../src/testing/index.js';
import { inlineLogTable, readSqliteLog, sqliteLog } from '../../support/inlineLog.js';
import { describeWith } from '../../support/programs.js';
import { type SqliteDriver, sqliteDrivers, temporaryFile } from '../../support/sqliteDrivers.js';

for (const { name, open, programs } of sqliteDrivers) {
  describeWith(programs, `a store in SQLite by ${name}, with a second connection to the file`, () => {
    const cases = storeConformance(
      () => {
        const { file, remove } = temporaryFile();
        const databases = [open(file), open(file), open(file)] as const;
        for (const database of databases) migrate(database);
        const [store, second, callers] = databases;
        store.exec(inlineLogTable);
        // Without waiting for the disk the suite takes a fifth of the time, and tests the same.
        const stores = [store, second].map((database) =>
          sqliteEventStore(database, { synchronous: 'normal', inline: [sqliteLog] }),
        ) as [SqliteEventStore, SqliteEventStore];
        return {
          deleteEvent: async ({ institution, patronId }: StreamId, version: number) => {
            const text =
              'delete from patron_fees_event where institution = ? and patron_id = ? and version = ? returning version';
            expect(store.prepare(text).all(institution, patronId, version).length).toBe(1);
          },
          damageEvent: async ({ institution, patronId }: StreamId, version: number) => {
            const text = `update patron_fees_event set event = '{"type":"FeeForgotten","data":{}}'
              where institution = ? and patron_id = ? and version = ? returning version`;
            expect(store.prepare(text).all(institution, patronId, version).length).toBe(1);
          },
          store: stores[0],
          second: stores[1],
          transaction: (work) => inCallersTransaction(callers, () => work(stores[0].within(callers))),
          inline: () => readSqliteLog(second),
          release: async () => {
            for (const database of databases) database.close();
            remove();
          },
        };
      },
      { transactions: true, inline: true, erasing: true, deletions: true, damages: true },
    );
    for (const { title, run } of cases) it(title, run);
  });
}

async function inCallersTransaction(database: SqliteDatabase, work: () => Promise<void>): Promise<void> {
  database.exec('begin immediate');
  try {
    await work();
    database.exec('commit');
  } catch (error) {
    database.exec('rollback');
    throw error;
  }
}

const stream = { institution: 'north', patronId: 'p1' };

const at = '2026-03-02T09:00:00Z';

function assessed(feeId: string, comment?: string): AccountEvent {
  const data = { feeId, feeType: 'OTHER', amount: '2.50', currency: 'USD', owner: 'MAIN', at };
  return { type: 'FeeAssessed', data: comment === undefined ? data : { ...data, comment } };
}

for (const { name, open, programs } of sqliteDrivers) {
  describeWith(programs, `a store in SQLite by ${name}`, () => testDriver(open));
}

function testDriver(open: SqliteDriver['open']): void {
  it('waits for the disk at every append by default, and uses write-ahead logging', () => {
    const { file, remove } = temporaryFile();
    const database = open(file);
    migrate(database);
    const setting = (name: string) => Object.values(database.prepare(`pragma ${name}`).get() as object)[0];
    sqliteEventStore(database);
    expect([setting('journal_mode'), setting('synchronous'), setting('busy_timeout')]).toEqual([
      'wal',
      2,
      5000,
    ]);
    sqliteEventStore(database, { synchronous: 'normal', busyTimeoutMs: 100 });
    expect([setting('synchronous'), setting('busy_timeout')]).toEqual([1, 100]);
    database.close();
    remove();
  });

  it('records at the time of the given clock, but never before the last event', async () => {
    const database = open(':memory:');
    migrate(database);
    const times = ['2026-03-02T09:00:05Z', new Date('2026-03-02T09:00:04Z'), 'noon'];
    const store = sqliteEventStore(database, { now: () => times.shift() as string });
    await store.append(stream, [assessed('f1')], { expectedVersion: 0 });
    await store.append(stream, [assessed('f2')], { expectedVersion: 1 });
    const { events } = await store.read(stream);
    expect(events.map(({ recordedAt }) => recordedAt)).toEqual([
      '2026-03-02T09:00:05Z',
      '2026-03-02T09:00:05Z',
    ]);
    await expect(store.append(stream, [assessed('f3')], { expectedVersion: 2 })).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
    });
    expect((await store.read(stream)).version).toBe(2);
  });

  it('rejects with SQLITE_BUSY while another process writes', async () => {
    const { file, remove } = temporaryFile();
    const [database, writer] = [open(file), open(file)];
    migrate(database);
    const store = sqliteEventStore(database, { busyTimeoutMs: 20 });
    writer.exec('begin immediate');
    await expect(store.append(stream, [assessed('f1')], { expectedVersion: 0 })).rejects.toMatchObject({
      code: 'SQLITE_BUSY',
      message: expect.stringMatching(/locked/),
    });
    await expect(store.redact(stream)).rejects.toMatchObject({ code: 'SQLITE_BUSY' });
    writer.exec('rollback');
    expect(await store.append(stream, [assessed('f1')], { expectedVersion: 0 })).toEqual({ version: 1 });
    for (const connection of [database, writer]) connection.close();
    remove();
  });

  it('rejects with SQLITE_FULL on a full disk, and works again after space is freed', async () => {
    const { file, remove } = temporaryFile();
    const database = open(file);
    migrate(database);
    const store = sqliteEventStore(database);
    const pages = Number(Object.values(database.prepare('pragma page_count').get() as object)[0]);
    database.exec(`pragma max_page_count = ${pages + 1}`);
    const large = assessed('f1', 'x'.repeat(10_000));
    await expect(store.append(stream, [large], { expectedVersion: 0 })).rejects.toMatchObject({
      code: 'SQLITE_FULL',
    });
    expect((await store.read(stream)).version).toBe(0);
    database.exec('pragma max_page_count = 100000');
    expect(await store.append(stream, [large], { expectedVersion: 0 })).toEqual({ version: 1 });
    database.close();
    remove();
  });

  it('rejects a batch of which a projection caught the error after which SQLite had rolled back, and appends nothing of it again', async () => {
    const { file, remove } = temporaryFile();
    const database = open(file);
    migrate(database);
    let applied = 0;
    const swallowing: SqliteProjection = {
      apply: ([first], connection) => {
        applied += 1;
        if (first?.patronId !== 'full') return;
        try {
          connection.exec(
            "insert or rollback into patron_fees_event (institution, patron_id, version, recorded_at, event) values ('north', 'full', 1, '', '')",
          );
        } catch {
          // As a projection does that counts as far as it can.
        }
      },
    };
    const store = sqliteEventStore(database, { inline: [swallowing] });
    const ids = ['a', 'b', 'full', 'c', 'd'];
    const outcomes = await Promise.allSettled(
      ids.map((patronId) =>
        store.append({ institution: 'north', patronId }, [assessed(patronId)], { expectedVersion: 0 }),
      ),
    );
    for (const outcome of outcomes)
      expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'SQLITE_ABORT_ROLLBACK' } });
    expect(applied).toBe(3);
    expect((await store.readAll()).events).toEqual([]);
    await expect(
      store.append({ ...stream, patronId: 'full' }, [assessed('f')], { expectedVersion: 0 }),
    ).rejects.toMatchObject({ code: 'SQLITE_ABORT_ROLLBACK' });
    expect(await store.append(stream, [assessed('f1')], { expectedVersion: 0 })).toEqual({ version: 1 });
    database.close();
    remove();
  });

  it('erases personal data from the file itself', async () => {
    const { file, remove } = temporaryFile();
    const database = open(file);
    migrate(database);
    const store = sqliteEventStore(database);
    await store.append(stream, [assessed('f1', 'a secret'), assessed('f2')], { expectedVersion: 0 });
    const bytes = () => [file, `${file}-wal`].map((path) => readFileSync(path, 'latin1')).join();
    expect(bytes()).toContain('a secret');
    expect(await store.redact(stream)).toEqual({ events: 1 });
    expect(bytes()).not.toContain('a secret');
    expect(await store.redact(stream)).toEqual({ events: 0 });
    const { version, events } = await store.read(stream);
    expect([version, events.map(({ event }) => event)]).toEqual([2, [assessed('f1'), assessed('f2')]]);
    await store.close();
    await expect(store.redact(stream)).rejects.toMatchObject({ code: 'STORE_CLOSED' });
    database.close();
    remove();
  });

  describe('within a transaction of the caller', () => {
    const opened = () => {
      const database = open(':memory:');
      migrate(database);
      database.exec('create table loan (id text primary key)');
      return { database, store: sqliteEventStore(database, { inline: [] }) };
    };

    it('stores the events and the rows of the caller together, or neither, on the connection of the store', async () => {
      const { database, store } = opened();
      const checkOut = (loan: string) =>
        inCallersTransaction(database, async () => {
          const { version } = await store.within(database).read(stream);
          await store.within(database).append(stream, [assessed(loan)], { expectedVersion: version });
          database.prepare('insert into loan values (?)').run(loan);
        });
      await checkOut('l1');
      await expect(checkOut('l1')).rejects.toThrow(/UNIQUE/);
      expect((await store.read(stream)).version).toBe(1);
      expect(database.prepare('select id from loan').all()).toHaveLength(1);
      database.close();
    });

    it('undoes an append that failed in part, and keeps the rest of the transaction', async () => {
      const { database, store } = opened();
      database.exec(`create trigger refuse before insert on patron_fees_event when new.version = 2
        begin select raise(abort, 'refused by a trigger'); end`);
      await inCallersTransaction(database, async () => {
        database.prepare('insert into loan values (?)').run('l1');
        const within = store.within(database);
        await expect(
          within.append(stream, [assessed('f1'), assessed('f2')], { expectedVersion: 0 }),
        ).rejects.toThrow(/refused by a trigger/);
        await within.append(stream, [assessed('f1')], { expectedVersion: 0 });
      });
      expect((await store.read(stream)).version).toBe(1);
      expect(database.prepare('select id from loan').all()).toHaveLength(1);
      database.close();
    });

    it('refuses a connection without a transaction, and a closed store', async () => {
      const { database, store } = opened();
      const within = store.within(database);
      await expect(within.append(stream, [assessed('f1')], { expectedVersion: 0 })).rejects.toMatchObject({
        code: 'INVALID_ARGUMENT',
        message: expect.stringMatching(/open transaction/),
      });
      expect((await store.read(stream)).version).toBe(0);
      await store.append(stream, [assessed('f1')], { expectedVersion: 0 });
      await store.close();
      await expect(within.read(stream)).rejects.toMatchObject({ code: 'STORE_CLOSED' });
      database.close();
    });
  });
}
