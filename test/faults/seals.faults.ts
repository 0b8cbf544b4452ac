import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { execute } from '../../src/history/index.js';
import { definePolicy } from '../../src/index.js';
import { officeEvents } from '../../src/office/index.js';
import { sealPeriod, verifySeals } from '../../src/seals/index.js';
import { migrate, sqliteEventStore } from '../../src/stores/sqlite/index.js';
import { bundledProgram } from '../support/bundledProgram.js';
import { libsql, temporaryFile } from '../support/sqliteDrivers.js';
import { temporaryFolder } from '../support/temporaryFolder.js';

const sealer = fileURLToPath(new URL('./sealer.ts', import.meta.url));
const PATRONS = 120;
const policy = definePolicy({ currency: 'USD' });

/** Runs a process until it has said a line, then kills it; returns what it said last. */
async function runUntil(
  given: readonly string[],
  isReached: (line: string, said: number) => boolean,
): Promise<string> {
  const child = spawn(process.execPath, [bundledProgram(sealer), ...given], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'close');
  let [said, last] = [0, ''];
  for await (const line of createInterface({ input: child.stdout })) {
    last = line.trim();
    said += 1;
    if (isReached(last, said)) child.kill('SIGKILL');
  }
  await ended;
  return last;
}

async function filledFiles() {
  const [accounts, office] = [temporaryFile(), temporaryFile()];
  const database = libsql.open(accounts.file);
  migrate(database);
  const store = sqliteEventStore(database, { now: () => '2026-01-05T12:00:00Z', synchronous: 'normal' });
  const at = '2026-01-05T12:00:00Z';
  for (let index = 0; index < PATRONS; index++) {
    const fee = { type: 'AssessFee', id: 'f', feeType: 'OTHER', amount: '5', owner: 'MAIN', at } as const;
    await execute(store, policy, { institution: 'north', patronId: `p${index}` }, fee);
  }
  database.close();
  const second = libsql.open(office.file);
  migrate(second);
  second.close();
  return { accounts, office };
}

/** Opens the stores, and runs a task on them. */
async function opened<Result>(
  files: Awaited<ReturnType<typeof filledFiles>>,
  task: (stores: Parameters<typeof verifySeals>[0]) => Promise<Result>,
): Promise<Result> {
  const [accounts, office] = [libsql.open(files.accounts.file), libsql.open(files.office.file)];
  const now = () => '2026-02-01T12:00:00Z';
  const result = await task({
    accounts: sqliteEventStore(accounts, { now }),
    office: sqliteEventStore(office, { now, codec: officeEvents }),
  });
  for (const database of [accounts, office]) database.close();
  return result;
}

const form = { institution: 'north', month: '2026-01', timeZone: 'UTC', at: '2026-02-01T12:00:00Z' };

it('seals once, whole, when the process is killed (kill -9) at 5 places and run again', async () => {
  const whole = await filledFiles();
  const wanted = temporaryFolder();
  await opened(whole, (stores) => sealPeriod(stores, policy, form, { folder: wanted }));
  const file = readFileSync(join(wanted, 'seal-00001.ndjson'), 'utf8');
  for (const of of [1, 3]) {
    const files = await filledFiles();
    const folder = temporaryFolder();
    const given = (index: number) => [
      files.accounts.file,
      files.office.file,
      folder,
      String(index),
      String(of),
    ];
    const places: ((line: string, said: number) => boolean)[] = [
      (_, said) => said === 1,
      (_, said) => said === 30,
      (line) => line === 'appending',
      (line) => line === 'appended',
    ];
    for (const place of places) {
      for (let index = 0; index < of; index++) await runUntil(given(index), place);
    }
    // Read while the file may still have its temporary name.
    const verified = () =>
      opened(files, (stores) => verifySeals(stores, policy, { institution: 'north' }, { folder }));
    expect((await verified()).findings.first).toEqual([]);
    for (let index = 0; index < of; index++) {
      const result = JSON.parse(await runUntil(given(index), () => false));
      expect(result).toMatchObject({
        accepted: true,
        report: { seal: { number: 1 }, findings: { count: 0 } },
      });
    }
    expect(readdirSync(folder)).toEqual(['seal-00001.ndjson']);
    expect(readFileSync(join(folder, 'seal-00001.ndjson'), 'utf8')).toBe(file);
    expect(await verified()).toMatchObject({ seals: 1, findings: { count: 0 } });
    for (const { remove } of Object.values(files)) remove();
  }
  for (const { remove } of Object.values(whole)) remove();
});
