import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parse } from 'csv-parse/sync';
import { afterEach, expect, it } from 'vitest';
import { runBursarExport } from '../../src/bursar/index.js';
import type { EventStore } from '../../src/history/index.js';
import { migrate, sqliteEventStore } from '../../src/stores/sqlite/index.js';
import { assessedFee } from '../support/assessedFee.js';
import { bundledProgram } from '../support/bundledProgram.js';
import { bursarJob, bursarPolicy, placementJob } from '../support/bursarJob.js';
import { libsql } from '../support/sqliteDrivers.js';

const program = fileURLToPath(new URL('./bursarExporter.ts', import.meta.url));

const ACCOUNTS = 2_000;

let cleaning: (() => void)[] = [];

afterEach(() => {
  for (const clean of cleaning.reverse()) clean();
  cleaning = [];
});

/** Runs the export in a separate process, and kills it after a number of accounts, at most 60 more. */
async function runAndKill(database: string, file: string, job: string, accounts: number): Promise<void> {
  const last = accounts + Math.floor(60 * Math.random());
  const child = spawn(process.execPath, [bundledProgram(program), database, file, job], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise((resolve) => child.once('close', resolve));
  let appended = 0;
  createInterface({ input: child.stdout }).on('line', () => {
    appended += 1;
    if (appended === last) child.kill('SIGKILL');
  });
  await ended;
}

/** Returns the transfers in the events. */
async function transfersIn(store: EventStore): Promise<string[]> {
  const { events } = await store.readAll();
  return events.flatMap(({ patronId, event: { type, data } }) =>
    type === 'FeeTransferred' ? [`${patronId}@${data.transferId} ${data.amount}`] : [],
  );
}

function rowsOf(file: string): string[] {
  const rows = parse(readFileSync(file), { columns: true }) as Record<string, string>[];
  return rows.map(({ reference, amount }) => `${reference} ${amount}`);
}

const jobs = [
  ['an export', bursarJob],
  ['a placement', placementJob],
] as const;

it.each(jobs)(
  'transfers nothing twice, and writes a complete file or none, if %s is killed (kill -9) 8 times',
  async (name, job) => {
    const folder = mkdtempSync(join(tmpdir(), 'patron-fees-bursar-'));
    cleaning.push(() => rmSync(folder, { recursive: true, force: true }));
    const [path, file] = [join(folder, 'fees.db'), join(folder, 'export.csv')];
    const database = libsql.open(path);
    cleaning.push(() => database.close());
    migrate(database);
    const store = sqliteEventStore(database, { synchronous: 'normal' });
    for (let n = 0; n < ACCOUNTS; n++) {
      const stream = { institution: 'north', patronId: `u${n}` };
      await store.append(stream, [assessedFee('f1'), assessedFee('f2')], { expectedVersion: 0 });
    }

    let before = 0;
    for (let kills = 1; kills <= 8; kills++) {
      await runAndKill(path, file, name === 'an export' ? 'export' : 'placement', 100);
      const rows = await transfersIn(store);
      expect(rows.length).toBeGreaterThan(before);
      expect(new Set(rows).size).toBe(rows.length);
      // Both fees of an account are transferred, or none.
      expect(rows.length % 2).toBe(0);
      before = rows.length;
      expect(existsSync(file)).toBe(false);
    }
    expect(before).toBeLessThan(2 * ACCOUNTS);

    const report = await runBursarExport(store, bursarPolicy, job, { file, format: 'csv' });
    const rows = await transfersIn(store);
    expect(rows).toHaveLength(2 * ACCOUNTS);
    expect(rowsOf(file).sort()).toEqual(rows.sort());
    expect(report).toMatchObject({
      accounts: ACCOUNTS,
      accountsDoneNow: ACCOUNTS - before / 2,
      fees: { count: 2 * ACCOUNTS, amount: '10000.00' },
      findings: { count: 0 },
    });
  },
);
