import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { type EventStore, loadAccount, memoryEventStore } from '../../src/history/index.js';
import { balancesInMinorUnits, type PatronAccount } from '../../src/index.js';
import { type AccrualReport, runAccrual } from '../../src/jobs/index.js';
import { migrate, sqliteEventStore } from '../../src/stores/sqlite/index.js';
import { violations } from '../../src/testing/index.js';
import { institution, policy } from '../jobs/accrual/nights.js';
import { bundledProgram } from '../support/bundledProgram.js';
import { libsql, temporaryFile } from '../support/sqliteDrivers.js';
import { nightOver, overdueLoans, PATRONS } from './accrualNights.js';

const program = fileURLToPath(new URL('./accruer.ts', import.meta.url));

/** Runs the process over a night until it has said so many lines, then kills it; gives what it said last. */
async function runUntil(file: string, day: number, lines: number): Promise<string> {
  const child = spawn(process.execPath, [bundledProgram(program), file, String(day)], {
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

/** Every account, and how many events there are. */
async function accountsOf(store: EventStore) {
  const accounts: PatronAccount[] = [];
  for (let n = 0; n < PATRONS; n++) {
    accounts.push((await loadAccount(store, { institution, patronId: `p${n}` })).account);
  }
  return { accounts, events: accounts.reduce((sum, { eventCount }) => sum + eventCount, 0) };
}

it('charges nothing twice and reports the whole when the process is killed (kill -9) 5 times', async () => {
  const { file, remove } = temporaryFile();
  const database = libsql.open(file);
  migrate(database);
  const store = sqliteEventStore(database, { synchronous: 'normal' });

  // Two nights that nobody kills, in another store.
  const whole = memoryEventStore({ now: () => '2026-03-31T12:00:00Z' });
  await runAccrual(whole, policy, nightOver(6), { loans: overdueLoans(6) });
  const expected = await runAccrual(whole, policy, nightOver(9), { loans: overdueLoans(9) });
  const { total } = expected;
  for (const { count } of [total.charged, total.increased, total.decreased])
    expect(count).toBeGreaterThan(100);

  await runAccrual(store, policy, nightOver(6), { loans: overdueLoans(6) });
  const before = await accountsOf(store);
  let seen = before.events;
  for (const lines of [1, 300, 900, 1_600, 2_400]) {
    await runUntil(file, 9, lines);
    const { events } = await accountsOf(store);
    expect(events).toBeGreaterThanOrEqual(seen);
    seen = events;
  }
  const after = await accountsOf(whole);
  expect(seen).toBeGreaterThan(before.events);
  expect(seen).toBeLessThan(after.events);

  const report = JSON.parse(await runUntil(file, 9, -1)) as AccrualReport;
  expect(report).toEqual({ ...expected, earlier: report.earlier, recordedBefore: report.recordedBefore });
  expect(report.earlier).toBeGreaterThan(0);
  const killed = await accountsOf(store);
  expect(killed.events).toBe(after.events);
  expect(killed.accounts.map(balancesInMinorUnits)).toEqual(after.accounts.map(balancesInMinorUnits));
  expect(killed.accounts.flatMap(violations)).toEqual([]);
  database.close();
  remove();
});
