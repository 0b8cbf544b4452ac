import { describe, expect, it } from 'vitest';
import { columnNames } from '../../../src/stores/readModels/accountColumns.js';
import {
  findAccounts,
  inlineAccounts,
  migrate,
  rebuildAccounts,
  sqliteEventStore,
} from '../../../src/stores/sqlite/index.js';
import { libsql } from '../../support/sqliteDrivers.js';

const stream = { institution: 'north', patronId: 'p1' };
const at = '2026-03-02T09:00:00Z';
const data = { feeId: 'f1', feeType: 'OTHER', amount: '2.50', currency: 'USD', owner: 'MAIN', at };

describe('migrate', () => {
  it('creates the tables, and keeps their rows when called again', async () => {
    const database = libsql.open(':memory:');
    migrate(database);
    await sqliteEventStore(database).append(stream, [{ type: 'FeeAssessed', data }], { expectedVersion: 0 });
    migrate(database);
    expect((await sqliteEventStore(database).read(stream)).version).toBe(1);
    expect(database.prepare('select version from patron_fees_schema').all()).toMatchObject([{ version: 4 }]);
  });

  it('is required before creating a store', () => {
    expect(() => sqliteEventStore(libsql.open(':memory:'))).toThrow(/run migrate first/);
  });

  it('refuses the tables of a later release', () => {
    const database = libsql.open(':memory:');
    migrate(database);
    database.exec('update patron_fees_schema set version = 99');
    expect(() => migrate(database)).toThrow(/version 99/);
    expect(database.prepare('select version from patron_fees_schema').all()).toMatchObject([{ version: 99 }]);
  });
});

async function filled() {
  const database = libsql.open(':memory:');
  migrate(database);
  const store = sqliteEventStore(database, { inline: [inlineAccounts] });
  await store.append(stream, [{ type: 'FeeAssessed', data }], { expectedVersion: 0 });
  return database;
}

const form = { institution: 'north', currency: 'USD' };

describe('the tables of accounts', () => {
  it('keep their rows if they have the columns of this release', async () => {
    const database = await filled();
    migrate(database);
    expect((await findAccounts(database, form)).accounts).toMatchObject([{ patronId: 'p1', owed: '2.50' }]);
  });

  it('get the columns that those of an earlier release lack, and keep their rows and the views on them', async () => {
    const database = await filled();
    database.exec(`drop view patron_fees_accounts;
      drop index patron_fees_accounts_faulty;
      alter table patron_fees_accounts_all drop column fault;
      create view patron_fees_accounts as select ${columnNames('accounts').slice(0, -1).join(', ')}
        from patron_fees_accounts_all
        where generation = (select generation from patron_fees_read_model where name = 'accounts');
      create view debtor as select patron_id from patron_fees_accounts where payable > 0;
      drop view patron_fees_till;
      drop table patron_fees_till_all`);
    migrate(database);
    migrate(database);
    expect((await findAccounts(database, form)).accounts).toMatchObject([{ patronId: 'p1', owed: '2.50' }]);
    await rebuildAccounts(database);
    expect(database.prepare('select fault from patron_fees_accounts').all()).toMatchObject([{ fault: null }]);
    expect(database.prepare('select * from debtor').all()).toMatchObject([{ patron_id: 'p1' }]);
    expect(database.prepare('select * from patron_fees_till').all()).toEqual([]);
  });
});
