import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { execute } from '../../src/history/index.js';
import { type Command, definePolicy } from '../../src/index.js';
import { migrate, sqliteEventStore } from '../../src/stores/sqlite/index.js';
import { bundledProgram } from '../support/bundledProgram.js';
import { createPaymentTotals } from '../support/paymentTotals.js';
import { libsql, temporaryFile } from '../support/sqliteDrivers.js';

const at = '2026-03-02T09:00:00Z';
const PATRONS = 150;
const program = fileURLToPath(new URL('../support/projectionRunner.ts', import.meta.url));

/** Starts a runner; `go` lets it apply its first page, `done` is its output. */
function runnerOf(file: string) {
  const child = spawn(process.execPath, [bundledProgram(program), file], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let text = '';
  let isReady: () => void;
  const ready = new Promise<void>((resolve) => {
    isReady = resolve;
  });
  child.stdout.on('data', (part) => {
    text += part;
    if (text.includes('ready\n')) isReady();
  });
  const done = new Promise<{ applied: number; moved: number }>((resolve, reject) => {
    // Not `exit`, which comes before the last output may be read.
    child.once('close', (code) =>
      code === 0 ? resolve(JSON.parse(text.split('\n')[1] ?? '')) : reject(new Error(`exit ${code}`)),
    );
  });
  return { ready, go: () => child.stdin.write('go\n'), done };
}

it('two processes that run one projection apply every event once', async () => {
  const { file, remove } = temporaryFile();
  const database = libsql.open(file);
  migrate(database);
  createPaymentTotals(database);
  const store = sqliteEventStore(database, { synchronous: 'normal' });
  const policy = definePolicy({ currency: 'USD' });
  for (let index = 0; index < PATRONS; index++) {
    const commands: Command[] = [
      { type: 'AssessFee', id: 'f1', feeType: 'OVERDUEFINE', amount: '12.50', owner: 'MAIN', at },
      { type: 'ReceivePayment', id: 'p1', amount: '5.00', method: 'CASH', at },
    ];
    await execute(store, policy, { institution: 'north', patronId: `p${index}` }, commands);
  }

  const runners = [runnerOf(file), runnerOf(file)];
  await Promise.all(runners.map(({ ready }) => ready));
  for (const { go } of runners) go();
  const [first, second] = await Promise.all(runners.map(({ done }) => done));

  expect(database.prepare('select minor_units from taken').all()).toMatchObject([
    { minor_units: 500 * PATRONS },
  ]);
  expect(first?.applied).toBeDefined();
  // Both had read the first page when the first of them applied it, or this test proves nothing.
  expect(Number(first?.moved) + Number(second?.moved)).toBeGreaterThan(0);
  database.close();
  remove();
});
