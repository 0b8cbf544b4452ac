import { describe, expect, it } from 'vitest';
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
    expect(database.prepare('select version from patron_fees_schema').all()).toMatchObject([{ version: 3 }]);
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

const tables = ['accounts', 'owed', 'till'];

/** The tables of accounts as the first layout had them. */
const firstLayout = `
   create table patron_fees_accounts (
     institution       text not null,
     patron_id         text not null,
     version           integer not null,
     currency          text,
     active            integer not null,
     disputed          integer not null,
     transferred       integer not null,
     payable           integer not null,
     last_activity_at  text not null,
     fault             text,
     primary key (institution, patron_id)
   ) without rowid;
   create table patron_fees_owed (
     institution     text not null,
     patron_id       text not null,
     fee_type        text not null,
     owner           text not null,
     currency        text not null,
     owed            integer not null,
     owed_disputed   integer not null,
     accruing        integer not null,
     open_fees       integer not null,
     oldest_open_at  text not null,
     primary key (institution, patron_id, fee_type, owner)
   ) without rowid;
   create index patron_fees_owed_most on patron_fees_owed (institution, fee_type, owner, owed desc, patron_id);
   create index patron_fees_owed_oldest on patron_fees_owed (institution, fee_type, owner, oldest_open_at, patron_id);
   create table patron_fees_till (
     institution  text not null,
     patron_id    text not null,
     version      integer not null,
     at           text not null,
     recorded_at  text not null,
     primary key (institution, patron_id, version)
   ) without rowid;
   create index patron_fees_till_at on patron_fees_till (institution, at, patron_id);
   create index patron_fees_till_recorded on patron_fees_till (institution, recorded_at, patron_id);`;

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

  it('of the first layout are the ones of this release, or are created again', async () => {
    const database = await filled();
    for (const table of tables) database.exec(`drop table patron_fees_${table}`);
    database.exec(firstLayout);
    migrate(database);
    await rebuildAccounts(database);
    expect((await findAccounts(database, form)).accounts).toMatchObject([{ patronId: 'p1', owed: '2.50' }]);
  });

  it('are created again if their columns differ, and rebuilt', async () => {
    for (const change of [
      'alter table patron_fees_owed drop column open_fees',
      'alter table patron_fees_accounts add column other text',
      'drop table patron_fees_till',
    ]) {
      const database = await filled();
      database.exec(change);
      migrate(database);
      await expect(findAccounts(database, form)).rejects.toMatchObject({ code: 'READ_MODEL_INCOMPLETE' });
      expect(await rebuildAccounts(database)).toEqual({ accounts: 1, unreadable: 0 });
      expect((await findAccounts(database, form)).accounts).toMatchObject([{ owed: '2.50', openFees: 1 }]);
      expect((await sqliteEventStore(database).read(stream)).version).toBe(1);
    }
  });
});
