import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { type ErasingEventStore, splitEventStore } from '../../../src/history/index.js';
import { definePolicy } from '../../../src/index.js';
import { runPurge, runRetention } from '../../../src/jobs/index.js';
import {
  runAuditTrail,
  runJournalExport,
  runPaymentsList,
  runPaymentsReport,
  runStatements,
} from '../../../src/jobs/reports/index.js';
import { issueReceipt, officeEvents, reprintReceipt } from '../../../src/office/index.js';
import {
  inlineAccounts,
  migrate,
  rebuildAccounts,
  sqliteEventStore,
} from '../../../src/stores/sqlite/index.js';
import { faultsOfTables, sqliteTables } from '../../support/accountTables.js';
import { describeWith } from '../../support/programs.js';
import { fillSecretly, isSettled, purgeForm, retentionForm } from '../../support/secretAccounts.js';
import { libsql, sqliteDrivers, temporaryFile } from '../../support/sqliteDrivers.js';

const policy = definePolicy({ currency: 'USD' });
const institution = 'north';
const PATRONS = 30;
const at = '2026-03-02T09:00:00Z';
const fee = { feeId: 'f1', feeType: 'OTHER', amount: '2.50', currency: 'USD', owner: 'MAIN', at };
const settled = Array.from({ length: PATRONS }, (_, index) => index).filter(isSettled);
const period = { institution, from: '2026-01-01T00:00:00Z', before: '2029-12-31T00:00:00Z' };
const all = { institution, timeZone: 'UTC', from: '2026-01-01', through: '2029-12-31' } as const;

it('leaves no erased text in the files, tables, receipts or reports, and every sum as it was', async () => {
  const [accounts, offices] = [temporaryFile(), temporaryFile()];
  const [database, officeDatabase] = [libsql.open(accounts.file), libsql.open(offices.file)];
  for (const one of [database, officeDatabase]) migrate(one);
  const store = sqliteEventStore(database, { inline: [inlineAccounts], synchronous: 'normal' });
  const office = sqliteEventStore(officeDatabase, { codec: officeEvents, synchronous: 'normal' });
  await rebuildAccounts(database);
  await fillSecretly(store, policy, PATRONS);
  const by = { channel: 'desk', userId: 'ana' } as const;
  const streams = settled.map((index) => ({ institution, patronId: `p${index}` }));
  const payments = streams.map((stream) => ({ ...stream, kind: 'payment', subjectId: 'p1' }) as const);
  for (const payment of payments)
    await issueReceipt({ accounts: store, office }, policy, {
      ...payment,
      series: '2026',
      at: retentionForm.at,
      by,
    });

  /** Everything that can be read, as one text. */
  const everywhere = async () => {
    const file = `${accounts.file}.journal`;
    const form = { institution, format: 'hledger', timeZone: 'UTC' } as const;
    const journal = await runJournalExport(store, policy, form, { file });
    const lists: unknown[] = [sqliteTables(database), journal, await runPaymentsReport(store, policy, all)];
    for await (const line of runPaymentsList(store, policy, all)) lists.push(line);
    for await (const line of runAuditTrail(store, policy, all)) lists.push(line);
    for await (const statement of runStatements(store, policy, period)) lists.push(statement);
    for (const payment of payments)
      lists.push(await reprintReceipt({ accounts: store, office }, policy, payment));
    const files = [accounts, offices].flatMap((one) => [one.file, `${one.file}-wal`]);
    return [
      ...lists.map((value) => JSON.stringify(value)),
      ...[...files, file].map((path) => readFileSync(path, 'latin1')),
    ];
  };
  const patronsIn = (texts: readonly string[]) =>
    new Set(texts.flatMap((text) => [...text.matchAll(/secret-(\d+)-/g)].map(([, index]) => Number(index))));
  const before = await everywhere();
  expect(patronsIn(before).size).toBe(PATRONS);
  const result = await runRetention({ accounts: store, office }, policy, retentionForm);
  expect(result).toMatchObject({
    accepted: true,
    report: {
      accounts: PATRONS,
      // In an account that still owes the fine, the lost item and its payment are settled.
      changed: PATRONS,
      events: settled.length * 4 + (PATRONS - settled.length) * 2,
      kept: { FeeOpen: PATRONS - settled.length },
      remaining: null,
    },
  });
  const after = await everywhere();
  expect([...patronsIn(after)].filter(isSettled)).toEqual([]);
  expect(patronsIn(after).size).toBe(PATRONS - settled.length);
  expect(await faultsOfTables(sqliteTables(database), store)).toEqual([]);
  // The tables, the totals and the payments report; the text of the journal.
  expect(after.slice(0, 3)).toEqual(before.slice(0, 3));
  expect(after.at(-1)).toBe(before.at(-1));
  for (const one of [database, officeDatabase]) one.close();
  for (const { remove } of [accounts, offices]) remove();
});

it('says that a reader keeps texts in the log, and erases them in the next run', async () => {
  const { file, remove } = temporaryFile();
  const [database, reader] = [libsql.open(file), libsql.open(file)];
  migrate(database);
  const store = sqliteEventStore(database, { synchronous: 'normal', busyTimeoutMs: 50 });
  await fillSecretly(store, policy, 2);
  reader.exec('begin');
  reader.prepare('select count(*) from patron_fees_event').get();
  expect(await runRetention(store, policy, retentionForm)).toMatchObject({
    report: { events: 6, remaining: 'reader' },
  });
  const bytes = () => [file, `${file}-wal`].map((path) => readFileSync(path, 'latin1')).join('');
  expect(bytes()).toMatch(/secret-1-/);
  reader.exec('commit');
  expect(await runRetention(store, policy, retentionForm)).toMatchObject({
    report: { events: 0, remaining: null },
  });
  expect(bytes()).not.toMatch(/secret-1-/);
  for (const one of [database, reader]) one.close();
  remove();
});

for (const { name, open, programs } of sqliteDrivers) {
  describeWith(programs, `a job that erases, with ${name}`, () => {
    it.each([
      ['runRetention', (store: ErasingEventStore) => runRetention(store, policy, retentionForm)],
      ['runPurge', (store: ErasingEventStore) => runPurge(store, policy, purgeForm, { now: purgeForm.at })],
    ])('empties the log at the end of %s, and never waits for a reader within SQLite', async (_, job) => {
      const { file, remove } = temporaryFile();
      const [database, reader] = [open(file), open(file)];
      migrate(database);
      const calls: string[] = [];
      const watched = {
        exec: (sql: string) => {
          calls.push(sql);
          return database.exec(sql);
        },
        prepare: (sql: string) => {
          calls.push(sql);
          return database.prepare(sql);
        },
      };
      const store = sqliteEventStore(watched, { synchronous: 'normal', busyTimeoutMs: 600_000 });
      await fillSecretly(store, policy, 12);
      reader.exec('begin');
      reader.prepare('select count(*) from patron_fees_event').get();
      calls.length = 0;
      // Would take hours if each account waited for the reader.
      expect(await job(store)).toMatchObject({ report: { accounts: 12, remaining: 'reader' } });
      const timeouts = calls.filter((sql) => sql.includes('busy_timeout ='));
      const attempts = calls.filter((sql) => sql.includes('wal_checkpoint')).length;
      expect(attempts).toBeLessThan(12);
      const once = ['pragma busy_timeout = 0', 'pragma busy_timeout = 600000'];
      expect(timeouts).toEqual(Array.from({ length: attempts }, () => once).flat());

      reader.exec('commit');
      calls.length = 0;
      expect(await job(store)).toMatchObject({ report: { events: 0, remaining: null } });
      expect(calls.filter((sql) => sql.includes('wal_checkpoint'))).toHaveLength(1);
      expect(readFileSync(`${file}-wal`)).toHaveLength(0);
      for (const one of [database, reader]) one.close();
      remove();
    });
  });
}

it('empties the log of every part of a split store, even after an aborted job', async () => {
  const files = [temporaryFile(), temporaryFile()];
  const databases = files.map(({ file }) => libsql.open(file));
  const [north, south] = databases.map((database) => {
    migrate(database);
    return sqliteEventStore(database, { synchronous: 'normal' });
  });
  const stores = { north, south } as Readonly<Record<string, ErasingEventStore>>;
  const store = splitEventStore({ parts: stores, partOf: (name) => name }) as ErasingEventStore;
  await fillSecretly(store, policy, 8);
  const stop = new AbortController();
  const onAccount = () => stop.abort(new Error('stopped'));
  await expect(
    runRetention(store, policy, retentionForm, { signal: stop.signal, onAccount }),
  ).rejects.toThrow('stopped');
  const sizes = () => files.map(({ file }) => readFileSync(`${file}-wal`).length);
  expect(sizes()).toEqual([0, 0]);
  await store.append({ institution: 'south', patronId: 'p1' }, [{ type: 'FeeAssessed', data: fee }], {
    expectedVersion: 0,
  });
  expect(sizes()[1]).toBeGreaterThan(0);
  await runRetention(store, policy, retentionForm);
  expect(sizes()).toEqual([0, 0]);
  for (const one of databases) one.close();
  for (const { remove } of files) remove();
});
