import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { migrate } from '../../src/stores/sqlite/index.js';
import { bundledProgram } from '../support/bundledProgram.js';
import { runInMemory } from '../support/commandLine.js';
import { pairsWith } from '../support/featurePairs.js';
import { type OpenDatabase, type SqliteDriver, sqliteDrivers } from '../support/sqliteDrivers.js';
import { temporaryFolder } from '../support/temporaryFolder.js';
import { faultsOfWorld, type PairPlan, prepareWorld } from './pairWorld.js';

const program = fileURLToPath(new URL('./pairWorker.ts', import.meta.url));

/** The source chooses the quarter of a usual run, by the seed of `.ci/run`. */
const seed = Number(process.env.FC_SEED ?? Date.now());
const cells = pairsWith('+').map((features, index) => ({ features, index }));
const chosen = process.env.FAULTS === 'all' ? cells : cells.filter(({ index }) => (index + seed) % 4 === 0);

/** Runs a process with the features, and kills it after so many acknowledged commands; it may end before. */
async function run(plan: PairPlan, killedAfter: number, acknowledge: (id: string) => void): Promise<void> {
  const child = spawn(process.execPath, [bundledProgram(program), JSON.stringify(plan)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let errors = '';
  child.stderr.on('data', (text) => {
    errors += text;
  });
  let count = 0;
  createInterface({ input: child.stdout }).on('line', (id) => {
    acknowledge(id);
    count += 1;
    if (count === killedAfter) void pause((plan.seed * count) % 15).then(() => child.kill('SIGKILL'));
  });
  const [code, signal] = await new Promise<unknown[]>((resolve) =>
    child.once('close', (...how) => resolve(how)),
  );
  if (code !== 0 && signal !== 'SIGKILL') throw new Error(errors);
}

it.for(chosen)(
  '$features.0 and $features.1 keep what they say beside each other, in SQLite',
  async ({ features, index }) => {
    const folder = temporaryFolder();
    const { name, open } = sqliteDrivers[(index + seed) % sqliteDrivers.length] as SqliteDriver;
    const opened: OpenDatabase[] = [];
    const openFile = (file: string) => {
      const database = open(join(folder, `${file}.db`));
      opened.push(database);
      return database;
    };
    for (const file of ['events', 'table']) migrate(openFile(file));
    prepareWorld(openFile('events'), openFile('seen'));
    const acknowledged = new Set<string>();
    const numbers = { folder, driver: name, features };
    for (const round of [0, 1])
      await run(
        { ...numbers, run: round, commands: 60, seed: seed % 97 },
        8 + ((seed + index * 7) % 25),
        (id) => acknowledged.add(id),
      );
    await run({ ...numbers, run: 2, commands: 20, seed: 0 }, Number.POSITIVE_INFINITY, (id) =>
      acknowledged.add(id),
    );
    if (features.includes('commandLine')) {
      const keys = features.includes('keys') ? ['--keys', `sqlite:${join(folder, 'keys.db')}`] : [];
      const copied = join(folder, 'copied.jsonl');
      const exported = ['export', `sqlite:${join(folder, 'events.db')}`, '-o', copied, ...keys];
      expect(await runInMemory(exported)).toMatchObject({ exitCode: 0 });
      const again = await runInMemory(['copy', copied, `sqlite:${join(folder, 'events.db')}`, ...keys]);
      expect(again).toMatchObject({ exitCode: 0, errors: '' });
    }
    expect(acknowledged.size).toBeGreaterThan(20);
    expect(await faultsOfWorld(features, openFile, acknowledged)).toEqual([]);
    for (const database of opened) database.close();
    rmSync(folder, { recursive: true });
  },
);
