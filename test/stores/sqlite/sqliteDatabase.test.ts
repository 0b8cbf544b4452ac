import { describe, expect, it } from 'vitest';
import { inTransaction } from '../../../src/stores/sqlite/sqliteDatabase.js';
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

  it('throws the first error also if there is nothing left to roll back', () => {
    const database = libsql.open(':memory:');
    const failing = () => {
      database.exec('rollback');
      throw new Error('the first');
    };
    expect(() => inTransaction(database, failing)).toThrow('the first');
  });
});
