import { PGlite } from '@electric-sql/pglite';
import pg from 'pg';
import { describe, expect, it } from 'vitest';
import {
  catchUp,
  copyEvents,
  execute,
  follow,
  loadAccount,
  loadAccountAsOf,
  memoryEventStore,
  openAccount,
} from '../../src/history/index.js';
import { definePolicy } from '../../src/index.js';
import { runAgedDebt } from '../../src/jobs/reports/index.js';
import { accountsOf } from '../../src/patron/index.js';
import * as postgres from '../../src/stores/postgres/index.js';
import * as sqlite from '../../src/stores/sqlite/index.js';
import { describeWith } from '../support/programs.js';
import { libsql } from '../support/sqliteDrivers.js';

const at = '2026-03-02T09:00:00Z';
const policy = definePolicy({ currency: 'USD' });
const stream = { institution: 'north', patronId: 'p1' };
const form = { institution: 'north', currency: 'USD' };
const fee = { type: 'AssessFee', id: 'f1', feeType: 'OTHER', amount: '2.50', owner: 'MAIN', at } as const;
const { signal } = new AbortController();
const projection = { reset: () => {}, apply: () => {} };
const checkpoint = { load: async () => undefined, save: async () => {} };
const store = memoryEventStore({ now: () => at });

/** A pool of pg connects with its first statement only. */
const pool = new pg.Pool();

/** A function that takes a store or a database. Types would find most of this, but not every caller has types. */
type Taker = readonly [name: string, call: (wrong: never) => unknown];

const takersOfStores: readonly Taker[] = [
  ['loadAccount', (wrong) => loadAccount(wrong, stream)],
  ['loadAccountAsOf', (wrong) => loadAccountAsOf(wrong, stream, { version: 0 })],
  ['openAccount', (wrong) => openAccount(wrong, policy, stream)],
  ['execute', (wrong) => execute(wrong, policy, stream, fee)],
  ['execute on a new account', (wrong) => execute(wrong, policy, stream, fee, { expectedVersion: 0 })],
  ['accountsOf', (wrong) => accountsOf(wrong, stream)],
  ['catchUp', (wrong) => catchUp(wrong, projection, checkpoint)],
  ['follow', (wrong) => follow(wrong, projection as never, { signal })],
  ['copyEvents from', (wrong) => copyEvents(wrong, store)],
  ['copyEvents to', (wrong) => copyEvents(store, wrong)],
];

const takersOfSqlite: readonly Taker[] = [
  ['migrate', (wrong) => sqlite.migrate(wrong)],
  ['sqliteEventStore', (wrong) => sqlite.sqliteEventStore(wrong)],
  ['findAccounts', (wrong) => sqlite.findAccounts(wrong, form)],
  ['rebuildAccounts', (wrong) => sqlite.rebuildAccounts(wrong)],
  ['accountsProjection', (wrong) => sqlite.accountsProjection(wrong, store)],
  ['tillIndex', (wrong) => sqlite.tillIndex(wrong)],
];

const takersOfPostgres: readonly Taker[] = [
  ['migrate', (wrong) => postgres.migrate(wrong)],
  ['postgresEventStore', (wrong) => postgres.postgresEventStore(wrong)],
  ['within', (wrong) => postgres.postgresEventStore(pool).within(wrong)],
  ['findAccounts', (wrong) => postgres.findAccounts(wrong, form)],
  ['rebuildAccounts', (wrong) => postgres.rebuildAccounts(wrong)],
  ['accountsProjection', (wrong) => postgres.accountsProjection(wrong, store)],
  ['tillIndex', (wrong) => postgres.tillIndex(wrong)],
  ['advisoryLock', (wrong) => postgres.advisoryLock(wrong, 'lock')],
];

async function problemOf([, call]: Taker, wrong: unknown): Promise<string> {
  try {
    await call(wrong as never);
  } catch (error) {
    return (error as Error).message;
  }
  return 'accepted';
}

const wrongValues: readonly (readonly [name: string, wrong: unknown, found: RegExp])[] = [
  ['nothing', undefined, /missing \(expected EXPECTED\)$/],
  [
    'the address of a database',
    'postgres://anna:SECRET@db/fees',
    /expected EXPECTED, found a string of 30 characters$/,
  ],
  ['a promise', Promise.resolve(store), /expected EXPECTED, found a Promise: await it$/],
];

describe.each([
  ['an event store', 'an event store', takersOfStores, pool],
  ['an SQLite database', 'an open database of libsql, better-sqlite3 or node:sqlite', takersOfSqlite, pool],
  ['a connection of PostgreSQL', 'a Pool or Client of pg, or PGlite', takersOfPostgres, store],
] as const)('a function that takes %s', (_name, expected, takers, other) => {
  it.each(takers)('says what %s expects and what it got', async (...taker) => {
    for (const [, wrong, found] of wrongValues) {
      const problem = new RegExp(`^INVALID_ARGUMENT: \\w+: ${found.source.replace('EXPECTED', expected)}`);
      expect(await problemOf(taker, wrong)).toMatch(problem);
    }
    expect(await problemOf(taker, other)).toMatch(/^INVALID_ARGUMENT: \w+: expected .*, found \w+$/);
  });
});

describe('a job', () => {
  it('says that its store is a promise', async () => {
    const form = { institution: 'north', currency: 'USD', on: '2026-03-02', timeZone: 'UTC' };
    const problem = await problemOf(
      ['runAgedDebt', (wrong) => runAgedDebt(wrong, policy, form as never)],
      Promise.resolve(store),
    );
    expect(problem).toMatch(/stores: expected an event store, found a Promise: await it/);
  });
});

describe('within', () => {
  it('refuses a pool, whose statements would run outside the transaction', () => {
    expect(() => postgres.postgresEventStore(pool).within(pool)).toThrow(
      'connection: expected a connection in an open transaction, found a Pool',
    );
  });

  it('accepts PGlite, which is one connection', async () => {
    const database = new PGlite();
    await postgres.migrate(database);
    const events = postgres.postgresEventStore(database);
    await database.query('begin');
    await execute(events.within(database), policy, stream, fee);
    await database.query('rollback');
    expect((await events.read(stream)).version).toBe(0);
    await database.close();
  });
});

describeWith(libsql.programs, 'within of SQLite', () => {
  it.each(wrongValues)('refuses %s', (_name, wrong, found) => {
    const database = libsql.open(':memory:');
    sqlite.migrate(database);
    const { within } = sqlite.sqliteEventStore(database);
    const expected = 'an open database of libsql, better-sqlite3 or node:sqlite';
    const problem = new RegExp(`connection: ${found.source.replace('EXPECTED', expected)}`);
    expect(() => within(wrong as never)).toThrow(problem);
    database.close();
  });
});
