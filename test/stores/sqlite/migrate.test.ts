import { describe, expect, it } from 'vitest';
import { migrate, sqliteEventStore } from '../../../src/stores/sqlite/index.js';
import { libsql } from '../../support/sqliteDrivers.js';

const stream = { institution: 'north', patronId: 'p1' };
const at = '2026-03-02T09:00:00Z';
const data = { feeId: 'f1', feeType: 'OTHER', amount: '2.50', currency: 'USD', owner: 'MAIN', at };

describe('migrate', () => {
  it('creates the tables, and leaves what is in them when it is called again', async () => {
    const database = libsql.open(':memory:');
    migrate(database);
    await sqliteEventStore(database).append(stream, [{ type: 'FeeAssessed', data }], { expectedVersion: 0 });
    migrate(database);
    expect((await sqliteEventStore(database).read(stream)).version).toBe(1);
    expect(database.prepare('select version from patron_fees_schema').all()).toMatchObject([{ version: 1 }]);
  });

  it('is needed before a store can be had', () => {
    expect(() => sqliteEventStore(libsql.open(':memory:'))).toThrow(/no such table: patron_fees_event/);
  });

  it('leaves the tables of a later release alone', () => {
    const database = libsql.open(':memory:');
    migrate(database);
    database.exec('update patron_fees_schema set version = 99');
    expect(() => migrate(database)).toThrow(/version 99/);
    expect(database.prepare('select version from patron_fees_schema').all()).toMatchObject([{ version: 99 }]);
  });
});
