import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { loadAccount } from '../../src/history/index.js';
import { balancesInMinorUnits, definePolicy } from '../../src/index.js';
import { runJournalExport } from '../../src/jobs/reports/index.js';
import { inlineAccounts, migrate, rebuildAccounts, sqliteEventStore } from '../../src/stores/sqlite/index.js';
import { faultsOfTables, sqliteTables } from '../support/accountTables.js';
import { bundledProgram } from '../support/bundledProgram.js';
import { fillSecretly, isSettled } from '../support/secretAccounts.js';
import { libsql, temporaryFile } from '../support/sqliteDrivers.js';

const retainer = fileURLToPath(new URL('./retainer.ts', import.meta.url));
const purger = fileURLToPath(new URL('./purger.ts', import.meta.url));
const PATRONS = 600;

/** Runs a process until it has said so many lines, then kills it; gives what it said last. */
async function runUntil(program: string, file: string, lines: number): Promise<string> {
  const child = spawn(process.execPath, [bundledProgram(program), file], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'close');
  let [said, last] = [0, ''];
  for await (const line of createInterface({ input: child.stdout })) {
    last = line;
    said += 1;
    if (said === lines) child.kill('SIGKILL');
  }
  await ended;
  return last;
}

/** The patrons whose texts are in the file or its log. */
function patronsIn(file: string): readonly number[] {
  // Reading a file releases the locks of this process on it, so no connection may be open here.
  const paths = [file, `${file}-wal`].filter((path) => existsSync(path));
  const bytes = paths.map((path) => readFileSync(path, 'latin1')).join('\n');
  return [...new Set([...bytes.matchAll(/secret-(\d+)-/g)].map(([, index]) => Number(index)))];
}

async function balancesIn(file: string) {
  const database = libsql.open(file);
  const store = sqliteEventStore(database);
  const all = [];
  for (let index = 0; index < PATRONS; index++) {
    const { account, version } = await loadAccount(store, { institution: 'north', patronId: `p${index}` });
    all.push([version, balancesInMinorUnits(account)]);
  }
  database.close();
  return all;
}

it('erases all that is settled, and no sum, when the process is killed (kill -9) 5 times', async () => {
  const { file, remove } = temporaryFile();
  const database = libsql.open(file);
  migrate(database);
  const store = sqliteEventStore(database, { synchronous: 'normal' });
  await fillSecretly(store, definePolicy({ currency: 'USD' }), PATRONS);
  database.close();
  const before = await balancesIn(file);
  expect(patronsIn(file)).toHaveLength(PATRONS);

  let left = PATRONS;
  for (const lines of [1, 20, 60, 120, 180]) {
    await runUntil(retainer, file, lines);
    const found = patronsIn(file).filter(isSettled).length;
    expect(found).toBeLessThanOrEqual(left);
    left = found;
  }
  expect(left).toBeGreaterThan(0);
  expect(left).toBeLessThan(PATRONS);

  const result = JSON.parse(await runUntil(retainer, file, -1));
  expect(result.report).toMatchObject({ accounts: PATRONS, remaining: null, kept: { FeeOpen: 200 } });
  expect(patronsIn(file).filter(isSettled)).toEqual([]);
  expect(await balancesIn(file)).toEqual(before);
  remove();
});

it('removes every settled account, and no total, when the process is killed (kill -9) 5 times', async () => {
  const { file, remove } = temporaryFile();
  const policy = definePolicy({ currency: 'USD' });
  const database = libsql.open(file);
  migrate(database);
  const store = sqliteEventStore(database, { synchronous: 'normal', inline: [inlineAccounts] });
  await rebuildAccounts(database);
  await fillSecretly(store, policy, PATRONS);
  database.close();
  /** The totals of the journal of a later year, from all that is left. */
  const books = async () => {
    const again = libsql.open(file);
    const form = { institution: 'north', format: 'csv', timeZone: 'UTC', from: '2030-01-01' } as const;
    const { opening } = await runJournalExport(sqliteEventStore(again), policy, form, {
      file: `${file}.csv`,
    });
    again.close();
    return opening.map(({ name, amount }) => [name, amount]);
  };
  const before = await books();

  for (const lines of [1, 20, 60, 120, 180]) {
    await runUntil(purger, file, lines);
    expect(await books()).toEqual(before);
  }
  const left = patronsIn(file).filter(isSettled).length;
  expect(left).toBeGreaterThan(0);
  expect(left).toBeLessThan(400);

  const result = JSON.parse(await runUntil(purger, file, -1));
  expect(result.report).toMatchObject({ remaining: null, kept: { FeeOpen: 200 } });
  expect(patronsIn(file).filter(isSettled)).toEqual([]);
  expect(patronsIn(file)).toHaveLength(200);
  expect(await books()).toEqual(before);
  const again = libsql.open(file);
  const purged = sqliteEventStore(again);
  expect(await faultsOfTables(sqliteTables(again), purged)).toEqual([]);
  const { accounts } = await purged.accounts();
  expect(accounts).toHaveLength(PATRONS);
  again.close();
  remove();
});
