import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { loadAccount, saveSnapshot } from '../../../src/history/index.js';
import { definePolicy } from '../../../src/index.js';
import {
  issueReceipt,
  officeEvents,
  reprintReceipt,
  runAuditTrail,
  runJournalExport,
  runPaymentsList,
  runPaymentsReport,
  runRetention,
  runStatements,
} from '../../../src/institution/index.js';
import {
  inlineAccounts,
  migrate,
  rebuildAccounts,
  sqliteEventStore,
} from '../../../src/stores/sqlite/index.js';
import { faultsOfTables, sqliteTables } from '../../support/accountTables.js';
import { fillSecretly, isSettled, retentionForm } from '../../support/secretAccounts.js';
import { libsql, temporaryFile } from '../../support/sqliteDrivers.js';
import { memorySnapshots } from '../../support/stores.js';

const policy = definePolicy({ currency: 'USD' });
const institution = 'north';
const PATRONS = 30;
const settled = Array.from({ length: PATRONS }, (_, index) => index).filter(isSettled);
const period = { institution, from: '2026-01-01T00:00:00Z', to: '2029-12-31T00:00:00Z' };
const all = { institution, timeZone: 'UTC', from: '2026-01-01', to: '2029-12-31' } as const;

it('leaves no erased text in the files, tables, snapshots, receipts or reports, and every sum as it was', async () => {
  const [accounts, offices] = [temporaryFile(), temporaryFile()];
  const [database, officeDatabase] = [libsql.open(accounts.file), libsql.open(offices.file)];
  for (const one of [database, officeDatabase]) migrate(one);
  const store = sqliteEventStore(database, { inline: [inlineAccounts], synchronous: 'normal' });
  const office = sqliteEventStore(officeDatabase, { codec: officeEvents, synchronous: 'normal' });
  const snapshots = memorySnapshots();
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
  for (const stream of streams)
    await saveSnapshot(snapshots, stream, (await loadAccount(store, stream)).account);

  /** Everything that can be read, as one text. */
  const everywhere = async () => {
    const file = `${accounts.file}.journal`;
    const form = { institution, format: 'hledger', timeZone: 'UTC' } as const;
    const journal = await runJournalExport(store, policy, form, { file });
    const lists: unknown[] = [sqliteTables(database), journal, await runPaymentsReport(store, policy, all)];
    for await (const line of runPaymentsList(store, policy, all)) lists.push(line);
    for await (const line of runAuditTrail(store, all)) lists.push(line);
    for await (const statement of runStatements(store, policy, period)) lists.push(statement);
    for (const payment of payments)
      lists.push(await reprintReceipt({ accounts: store, office }, policy, payment));
    for (const stream of streams) lists.push(await snapshots.load(stream));
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
  const result = await runRetention(store, policy, retentionForm, { office, snapshots });
  expect(result).toMatchObject({
    accepted: true,
    report: {
      accounts: PATRONS,
      // In an account that still owes the fine, the lost item and its payment are settled.
      changed: PATRONS,
      events: settled.length * 4 + (PATRONS - settled.length) * 2,
      kept: { FeeOpen: PATRONS - settled.length },
      snapshots: settled.length,
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
