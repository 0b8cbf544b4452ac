import { describe, expect, it } from 'vitest';
import { inTransaction, withNamedErrors } from '../../../src/stores/sqlite/sqliteDatabase.js';
import { libsql } from '../../support/sqliteDrivers.js';

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
