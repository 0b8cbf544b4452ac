import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { AccountEvent } from '../../../src/index.js';
import { migrate, sqliteEventStore, sqliteLock } from '../../../src/stores/sqlite/index.js';
import { inTransaction, withNamedErrors } from '../../../src/stores/sqlite/sqliteDatabase.js';
import { describeWith } from '../../support/programs.js';
import {
  libsql,
  type OpenDatabase,
  type SqliteDriver,
  sqliteDrivers,
  temporaryFile,
} from '../../support/sqliteDrivers.js';

describe('inTransaction', () => {
  it('commits the changes of a task, and rolls back those of a task that throws', () => {
    const database = libsql.open(':memory:');
    database.exec('create table t (n integer)');
    const insert = (n: number) => database.prepare('insert into t values (?)').run(n);
    expect(inTransaction(database, () => insert(1))).toMatchObject({ changes: 1 });
    const failing = () => {
      insert(2);
      throw new Error('no');
    };
    expect(() => inTransaction(database, failing)).toThrow('no');
    inTransaction(database, () => insert(3));
    expect(database.prepare('select n from t order by n').all()).toMatchObject([{ n: 1 }, { n: 3 }]);
  });

  it('throws the first error even if there is nothing left to roll back', () => {
    const database = libsql.open(':memory:');
    const failing = () => {
      database.exec('rollback');
      throw new Error('the first');
    };
    expect(() => inTransaction(database, failing)).toThrow('the first');
  });
});

/** An error as `node:sqlite` throws it. */
const nodeError = (errcode: number) =>
  Object.assign(new Error('database is locked'), { code: 'ERR_SQLITE_ERROR', errcode });

function thrownBy(error: unknown): unknown {
  try {
    withNamedErrors(() => {
      throw error;
    });
  } catch (thrown) {
    return thrown;
  }
  return undefined;
}

describe('an error of node:sqlite', () => {
  it.each([
    [5, 'SQLITE_BUSY'],
    [517, 'SQLITE_BUSY'],
    [13, 'SQLITE_FULL'],
    [778, 'SQLITE_IOERR'],
  ])('with the result code %i becomes %s', (errcode, code) => {
    const error = nodeError(errcode);
    expect(thrownBy(error)).toMatchObject({ code, errcode, message: 'database is locked', cause: error });
  });

  it.each([nodeError(99), Object.assign(new Error('x'), { code: 'SQLITE_BUSY' }), null, 'text'])(
    'that is unknown, or of another driver, is unchanged: %s',
    (error) => {
      expect(thrownBy(error)).toBe(error);
    },
  );

  it('returns the result of a task', () => {
    expect(withNamedErrors(() => 17)).toBe(17);
  });
});

const at = '2026-03-02T09:00:00Z';
const PATRONS = 50;
const patron = (index: number) => ({ institution: 'north', patronId: `patron-${index}` });

function assessed(feeId: string, comment: string): AccountEvent {
  const data = { feeId, feeType: 'OTHER', amount: '2.50', currency: 'USD', owner: 'MAIN', at, comment };
  return { type: 'FeeAssessed', data };
}

/** A unique comment, with a length that varies from event to event. */
const secret = (index: number, version: number) =>
  `secret-${index}-${version}-${'x'.repeat((index * 37 + version * 101) % 400)}`;

/** Appends the events of patrons alternately, as over years, so that pages of the file split. */
async function fill(database: OpenDatabase, versions = 8): Promise<void> {
  const store = sqliteEventStore(database, { synchronous: 'normal' });
  for (let version = 0; version < versions; version++) {
    for (let index = 0; index < PATRONS; index++) {
      const event = assessed(`f${version}`, secret(index, version));
      await store.append(patron(index), [event], { expectedVersion: version });
    }
  }
}

/** Returns the patrons whose secrets are in the file or its log. */
function patronsIn(file: string): readonly string[] {
  const bytes = [file, `${file}-wal`].map((path) => readFileSync(path, 'latin1')).join('\n');
  return [...new Set([...bytes.matchAll(/secret-(\d+)-/g)].map(([, index = '']) => index))];
}

for (const { name, open, programs } of sqliteDrivers) {
  describeWith(programs, `erasing from a file by ${name}`, () => suite(open));
}

function suite(open: SqliteDriver['open']): void {
  it('leaves no text of any patron in the file or its log', async () => {
    const { file, remove } = temporaryFile();
    const database = open(file);
    migrate(database);
    await fill(database);
    expect(patronsIn(file)).toHaveLength(PATRONS);
    database.close();

    const again = open(file);
    const store = sqliteEventStore(again, { synchronous: 'normal' });
    for (let index = 0; index < PATRONS; index++) {
      expect(await store.redact(patron(index))).toEqual({ events: 8 });
      expect(patronsIn(file)).not.toContain(String(index));
    }
    again.close();
    remove();
  });

  it('reports that a reader keeps the text in the log, and erases it once the reader has finished', async () => {
    const { file, remove } = temporaryFile();
    const [database, reader] = [open(file), open(file)];
    migrate(database);
    await fill(database, 1);
    const store = sqliteEventStore(database, { busyTimeoutMs: 50 });
    reader.exec('begin');
    reader.prepare('select count(*) from patron_fees_event').get();

    expect(await store.redact(patron(1))).toEqual({ events: 1, remaining: 'reader' });
    expect(patronsIn(file)).toContain('1');

    reader.exec('commit');
    expect(await store.redact(patron(1))).toEqual({ events: 0 });
    expect(patronsIn(file)).not.toContain('1');
    for (const connection of [reader, database]) connection.close();
    remove();
  });

  it('cannot sweep within a transaction of the same connection, which stays open, and keeps its busy timeout', async () => {
    const { file, remove } = temporaryFile();
    const database = open(file);
    migrate(database);
    const store = sqliteEventStore(database, { busyTimeoutMs: 1_234 });
    await store.append(patron(1), [assessed('f1', secret(1, 1))], { expectedVersion: 0 });
    database.exec('begin immediate');
    expect(await store.sweep()).toEqual({ remaining: 'reader' });
    await store.within(database).append(patron(2), [assessed('f1', 'x')], { expectedVersion: 0 });
    database.exec('commit');
    expect(await store.sweep()).toEqual({});
    expect(database.prepare('pragma busy_timeout').get()).toMatchObject({ timeout: 1_234 });
    expect((await store.read(patron(2))).version).toBe(1);
    database.close();
    remove();
  });

  it('is complete after VACUUM for a file written without secure_delete', async () => {
    const { file, remove } = temporaryFile();
    const database = open(file);
    migrate(database);
    // Written by another program, which does not overwrite rows that move to another page.
    database.exec('pragma secure_delete = off');
    const insert = database.prepare('insert into patron_fees_event values (null, ?, ?, ?, ?, ?, 0)');
    database.exec('begin');
    for (let version = 1; version <= 8; version++) {
      for (let index = 0; index < PATRONS; index++) {
        const { institution, patronId } = patron(index);
        const text = JSON.stringify(assessed(`f${version}`, secret(index, version)));
        insert.run(institution, patronId, version, at, text);
      }
    }
    database.exec('commit');
    const store = sqliteEventStore(database, { synchronous: 'normal' });
    for (let index = 0; index < PATRONS; index++) await store.redact(patron(index));
    expect(patronsIn(file)).not.toEqual([]);
    database.exec('vacuum');
    database.exec('pragma wal_checkpoint(truncate)');
    expect(patronsIn(file)).toEqual([]);
    database.close();
    remove();
  });
}

for (const { name, open, programs } of sqliteDrivers) {
  describeWith(programs, `a lock in SQLite by ${name}`, () => {
    it('is held by one at a time, until it is released or its connection ends', async () => {
      const { file, remove } = temporaryFile();
      const [first, second] = [open(file), open(file)];
      const [one, other] = [sqliteLock(first), sqliteLock(second)];
      const held = await one.tryAcquire();
      expect(held?.isHeld()).toBe(true);
      expect(await one.tryAcquire()).toBeUndefined();
      expect(await other.tryAcquire()).toBeUndefined();
      await held?.release();
      await held?.release();
      expect(held?.isHeld()).toBe(false);
      const next = await other.tryAcquire();
      expect(next?.isHeld()).toBe(true);
      expect(await one.tryAcquire()).toBeUndefined();
      second.close();
      expect((await one.tryAcquire())?.isHeld()).toBe(true);
      first.close();
      remove();
    });
  });
}

it('refuses what is not a database', () => {
  expect(() => sqliteLock({} as never)).toThrow('INVALID_ARGUMENT');
});
