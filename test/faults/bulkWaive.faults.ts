import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { directoryOf, fillStore, institution, policy } from '../../examples/support/generatedPatrons.js';
import { type EventStore, loadAccount, memoryEventStore } from '../../src/history/index.js';
import { balancesInMinorUnits, formatAmount } from '../../src/index.js';
import { type BulkWaiveTotals, runBulkWaive } from '../../src/jobs/index.js';
import { migrate, sqliteEventStore } from '../../src/stores/sqlite/index.js';
import { violations } from '../../src/testing/index.js';
import { at, formWith } from '../support/bulkWaiveForms.js';
import { bundledProgram } from '../support/bundledProgram.js';
import { libsql, temporaryFile } from '../support/sqliteDrivers.js';

const program = fileURLToPath(new URL('./bulkWaiver.ts', import.meta.url));

const PATRONS = 3_000;

const form = formWith({ threshold: '40' });

/** Runs the process until it has printed `lines` lines, then kills it; returns its last line. */
async function runUntil(file: string, lines: number): Promise<string> {
  const child = spawn(process.execPath, [bundledProgram(program), file, String(PATRONS)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'close');
  let [printed, last] = [0, ''];
  for await (const line of createInterface({ input: child.stdout })) {
    last = line;
    printed += 1;
    if (printed === lines) child.kill('SIGKILL');
  }
  await ended;
  return last;
}

/** Returns the total owed by all accounts, and the number of waivers of the job, from the events. */
async function figuresOf(
  store: EventStore,
): Promise<{ readonly owed: number; readonly commands: number; readonly faults: number }> {
  const figures = { owed: 0, commands: 0, faults: 0 };
  for await (const { patronId } of directoryOf(PATRONS)) {
    const stream = { institution, patronId };
    const { account } = await loadAccount(store, stream);
    figures.owed += balancesInMinorUnits(account).owed;
    figures.faults += violations(account).length;
    const ids = (await store.read(stream)).events.filter(
      ({ event }) => event.metadata?.commandId === form.jobId,
    );
    figures.commands += ids.length;
  }
  return figures;
}

it('waives nothing twice and reports the right total if the process is killed (kill -9) 5 times', async () => {
  const { file, remove } = temporaryFile();
  const database = libsql.open(file);
  migrate(database);
  const store = sqliteEventStore(database, { synchronous: 'normal' });
  await fillStore(store, PATRONS);
  const before = await figuresOf(store);

  // An uninterrupted run, in another store.
  const whole = memoryEventStore({ now: () => at });
  await fillStore(whole, PATRONS);
  const job = runBulkWaive(whole, policy, form, { patrons: directoryOf(PATRONS) });
  if (!job.accepted) throw new Error(job.rejection.type);
  for await (const _ of job.entries);
  const expected = job.totals();

  let seenAt = 0;
  for (const lines of [1, 300, 800, 1_500, 2_500]) {
    await runUntil(file, lines);
    const { commands } = await figuresOf(store);
    expect(commands).toBeGreaterThanOrEqual(seenAt);
    seenAt = commands;
  }
  expect(seenAt).toBeLessThan(expected.feesWaived);
  expect(seenAt).toBeGreaterThan(0);
  const totals = JSON.parse(await runUntil(file, -1)) as BulkWaiveTotals;
  expect(totals).toEqual({
    ...expected,
    waivedEarlier: totals.waivedEarlier,
    recordedBefore: totals.recordedBefore,
  });
  expect(Number(totals.waivedEarlier)).toBeGreaterThan(0);

  const after = await figuresOf(store);
  expect(after).toEqual({ ...(await figuresOf(whole)), faults: 0 });
  expect(after.commands).toBe(expected.feesWaived);
  expect(formatAmount(before.owed - after.owed, 2)).toBe(expected.waived);
  database.close();
  remove();
});
