import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { memoryEventStore } from '../../src/history/index.js';
import { type ImportReport, runImport } from '../../src/interop/import/index.js';
import { migrate, sqliteEventStore } from '../../src/stores/sqlite/index.js';
import { bundledProgram } from '../support/bundledProgram.js';
import { libsql, temporaryFile } from '../support/sqliteDrivers.js';
import { form, kohaAccountsToImport, policy } from './importedAccounts.js';

const program = fileURLToPath(new URL('./importer.ts', import.meta.url));

/** Runs the process until it has begun so many accounts, then kills it; returns what it said last. */
async function runUntil(file: string, lines: number): Promise<string> {
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

it('imports nothing twice and reports the whole when the process is killed (kill -9) 4 times', async () => {
  const { file, remove } = temporaryFile();
  const database = libsql.open(file);
  migrate(database);
  const store = sqliteEventStore(database, { synchronous: 'normal' });
  const whole = memoryEventStore({ now: () => '2026-03-31T12:00:00Z' });
  const expected = await runImport(whole, policy, form, { accounts: kohaAccountsToImport() });
  expect(expected.total).toMatchObject({ fees: 2_000, charged: '3000.00', owed: '0.00', difference: '0.00' });
  expect(expected.credits).toMatchObject({ credits: 2_000, unused: '1000.00', difference: '0.00' });

  const imported = async () => {
    let events = 0;
    for (let n = 1; n <= 2_000; n++)
      events += (await store.read({ institution: 'north', patronId: `${n}` })).version;
    return events;
  };
  let seen = 0;
  for (const lines of [30, 400, 900, 1_500]) {
    await runUntil(file, lines);
    const now = await imported();
    expect(now).toBeGreaterThanOrEqual(seen);
    expect(now).toBeLessThan(expected.events);
    seen = now;
  }
  expect(seen).toBeGreaterThan(0);

  const report: ImportReport = JSON.parse(await runUntil(file, Number.POSITIVE_INFINITY));
  const { events, accountsChanged, recordedBefore: _, ...totals } = expected;
  expect(report).toMatchObject(totals);
  expect(report.events).toBe(events - seen);
  expect(report.accountsChanged).toBeLessThan(accountsChanged);
  expect(await imported()).toBe(events);
  for (const n of [1, 3, 1_000, 2_000]) {
    const stream = { institution: 'north', patronId: `${n}` };
    const ours = (await store.read(stream)).events.map(({ event }) => event);
    expect(ours).toEqual((await whole.read(stream)).events.map(({ event }) => event));
  }
  database.close();
  remove();
});
