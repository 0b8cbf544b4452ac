import { describe, expect, it } from 'vitest';
import { migrate, sqliteEventStore } from '../../../src/stores/sqlite/index.js';
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
