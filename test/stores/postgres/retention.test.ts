import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { catchUp } from '../../../src/history/index.js';
import { definePolicy } from '../../../src/index.js';
import { runPurge, runRetention } from '../../../src/jobs/index.js';
import { runJournalExport } from '../../../src/jobs/reports/index.js';
import {
  inlineAccounts,
  migrate,
  postgresEventStore,
  rebuildAccounts,
} from '../../../src/stores/postgres/index.js';
import { accountsProjection, migrate as sqliteMigrate } from '../../../src/stores/sqlite/index.js';
import { faultsOfTables, postgresTables, sqliteTables } from '../../support/accountTables.js';
import { assessedFee } from '../../support/assessedFee.js';
import { newPool, type PostgresServer, postgresServer } from '../../support/postgresServer.js';
import { fillSecretly, isSettled, purgeForm, retentionForm } from '../../support/secretAccounts.js';
import { libsql } from '../../support/sqliteDrivers.js';

const policy = definePolicy({ currency: 'USD' });
const PATRONS = 30;

let server: PostgresServer;
let pool: pg.Pool;

beforeAll(async () => {
  server = await postgresServer();
  pool = newPool(server.connection);
  await migrate(pool);
  await rebuildAccounts(pool);
  await fillSecretly(postgresEventStore(pool, { inline: [inlineAccounts] }), policy, PATRONS);
});

afterAll(async () => {
  await pool.end();
  await server.remove();
});

/** Returns the patrons whose texts are in any column of any table. */
async function patronsInTables(): Promise<ReadonlySet<number>> {
  const tables = await pool.query('select tablename from pg_tables where schemaname = current_schema()');
  const found = new Set<number>();
  for (const { tablename } of tables.rows) {
    const { rows } = await pool.query(`select row_to_json(t)::text as text from ${tablename} t`);
    for (const { text } of rows)
      for (const [, index] of text.matchAll(/secret-(\d+)-/g)) found.add(Number(index));
  }
  return found;
}

it('leaves no erased text in any table, and every sum of the table of accounts as it was', async () => {
  const store = postgresEventStore(pool, { inline: [inlineAccounts] });
  expect((await patronsInTables()).size).toBe(PATRONS);
  const before = await postgresTables(pool);

  const runs = [0, 1].map((index) => runRetention(store, policy, retentionForm, { shard: { index, of: 2 } }));
  const reports = (await Promise.all(runs)).map((result) => (result.accepted ? result.report : undefined));
  const sum = reports.reduce((total, report) => total + (report?.events ?? 0), 0);
  expect(sum).toBe(20 * 4 + 10 * 2);
  expect(reports.map((report) => report?.remaining)).toEqual(['vacuum', 'vacuum']);

  expect([...(await patronsInTables())].filter(isSettled)).toEqual([]);
  expect(await postgresTables(pool)).toEqual(before);
  expect(await faultsOfTables(before, store)).toEqual([]);
  expect(await runRetention(store, policy, retentionForm)).toMatchObject({
    report: { events: 0, remaining: 'vacuum' },
  });
});

it('leaves nothing of purged accounts in any table, including a followed one, and keeps the totals', async () => {
  const store = postgresEventStore(pool, { inline: [inlineAccounts] });
  const following = libsql.open(':memory:');
  sqliteMigrate(following);
  const projection = accountsProjection(following, store);
  await catchUp(store, projection, projection.checkpoint);
  expect(sqliteTables(following).till).toHaveLength(PATRONS);
  const folder = mkdtempSync(join(tmpdir(), 'patron-fees-books-'));
  const books = async () => {
    const form = { institution: 'north', format: 'csv', timeZone: 'UTC', from: '2031-01-01' } as const;
    return (await runJournalExport(store, policy, form, { file: join(folder, 'books.csv') })).opening;
  };
  const before = await books();

  const runs = [0, 1].map((index) =>
    runPurge(store, policy, purgeForm, { now: purgeForm.at, shard: { index, of: 2 } }),
  );
  const results = await Promise.all(runs);
  expect(results.reduce((sum, result) => sum + (result.accepted ? result.report.purged : 0), 0)).toBe(20);
  expect(
    (await pool.query("select count(*)::integer as n from patron_fees_event where event like '%FeeWaived%'"))
      .rows,
  ).toEqual([{ n: 0 }]);
  const repeated = await runPurge(store, policy, purgeForm, { now: purgeForm.at });
  expect(repeated).toMatchObject({ report: { purged: 0, events: 0, remaining: 'vacuum' } });
  expect((await store.accounts()).accounts).toHaveLength(PATRONS);
  const tables = await postgresTables(pool);
  expect(tables.till).toHaveLength(PATRONS - 20);
  expect(await faultsOfTables(tables, store)).toEqual([]);

  await catchUp(store, projection, projection.checkpoint);
  expect(await faultsOfTables(sqliteTables(following), store)).toEqual([]);
  expect(sqliteTables(following).till).toHaveLength(PATRONS - 20);
  expect(await books()).toEqual(before);
  following.close();
  rmSync(folder, { recursive: true });
});

it('says that old text remains for as long as it is in the file of the table', async () => {
  const store = postgresEventStore(pool, { inline: [inlineAccounts] });
  const stream = { institution: 'north', patronId: 'one' };
  const secret = 'she-was-in-hospital';
  /** Whether the file has the text, once all of it is written. */
  const isInFile = async () => {
    await pool.query('checkpoint');
    const { rows } = await pool.query(
      "select current_setting('data_directory') || '/' || pg_relation_filepath('patron_fees_event') as file",
    );
    return readFileSync(rows[0].file, 'latin1').includes(secret);
  };
  await pool.query('vacuum full patron_fees_event');
  expect(await store.sweep()).toEqual({});
  await store.append(stream, [assessedFee('f1', { comment: secret })], { expectedVersion: 0 });
  expect(await store.sweep()).toEqual({});

  expect(await store.redact(stream, { sweep: false })).toEqual({ events: 1 });
  expect([await isInFile(), await store.sweep()]).toEqual([true, { remaining: 'vacuum' }]);
  expect(await store.redact(stream)).toEqual({ events: 0, remaining: 'vacuum' });
  await pool.query('vacuum patron_fees_event');
  expect(await store.sweep()).toEqual({ remaining: 'vacuum' });
  await pool.query('vacuum full patron_fees_event');
  expect([await isInFile(), await store.sweep()]).toEqual([false, {}]);
  expect(await store.redact(stream)).toEqual({ events: 0 });
});
