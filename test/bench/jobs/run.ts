// `npm run bench -- jobs` measures the time and memory of jobs per account, from 1,000 to 1,000,000 accounts, one JSON line
// each; `-- --up-to 10000` stops earlier, `--up-to 4000000` (10 million events) goes on. `--job` and `--store` select
// one. Every figure has its own process.
// The job settlementImport is measured by rows: 30,000 and 300,000, with the same number of rows for each transfer, and
// with the same number of transfers. The job import is measured by rows of Koha, up to 1,000,000. The job shared compares
// one and two processes that share a nightly job, in the stores postgres and nats.
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { round } from '../measure.js';
import { storeNames } from './filledStore.js';
import { jobs } from './jobs.js';

const measureJob = fileURLToPath(new URL('./measureJob.ts', import.meta.url));

const { values } = parseArgs({
  options: { 'up-to': { type: 'string' }, job: { type: 'string' }, store: { type: 'string' } },
});
const most = Number(values['up-to'] ?? 1_000_000);
const SETTLEMENTS = 'settlementImport';
const IMPORT = 'import';
const SHARED = 'shared';
const sharedStoreNames = ['postgres', 'nats'];
checkOption('--job', values.job, [...Object.keys(jobs), SETTLEMENTS, IMPORT, SHARED]);
checkOption('--store', values.store, [...storeNames, ...sharedStoreNames]);

for (const job of Object.keys(jobs)) {
  if (job !== (values.job ?? job)) continue;
  for (const store of storeNames) {
    if (store !== (values.store ?? store)) continue;
    const costs: number[] = [];
    for (const accounts of [1_000, 10_000, 100_000, 1_000_000, 4_000_000]) {
      if (accounts > most) break;
      // Otherwise collecting short-lived objects scans gigabytes of a memory store: two thirds more time at 1,000,000.
      const young = '--max-semi-space-size=64';
      const flags = ['--expose-gc', '--max-old-space-size=12288', young, '--import', 'tsx'];
      const line = execFileSync(process.execPath, [...flags, measureJob, job, store, String(accounts)], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      process.stdout.write(line);
      costs.push(JSON.parse(line).cpuMicrosecondsPerAccount);
    }
    const highestToLowest = round(Math.max(...costs) / Math.min(...costs));
    process.stdout.write(`${JSON.stringify({ job, store, highestToLowest })}\n`);
  }
}

if ((values.job ?? SETTLEMENTS) === SETTLEMENTS) {
  const measureSettlements = fileURLToPath(new URL('./measureSettlements.ts', import.meta.url));
  const sizes = [
    [30_000, 163],
    [30_000, 1_630],
    [300_000, 1_630],
  ] as const;
  for (const store of storeNames) {
    if (store !== (values.store ?? store)) continue;
    const costs: number[] = [];
    for (const [rows, transfers] of sizes) {
      if (rows > most) continue;
      const asked = ['--import', 'tsx', measureSettlements, store, String(rows), String(transfers)];
      const line = execFileSync(process.execPath, asked, {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      process.stdout.write(line);
      costs.push(JSON.parse(line).cpuMicrosecondsPerRow);
    }
    if (costs.length === 0) continue;
    const dearestAgainstCheapest = round(Math.max(...costs) / Math.min(...costs));
    process.stdout.write(`${JSON.stringify({ job: SETTLEMENTS, store, dearestAgainstCheapest })}\n`);
  }
}

if ((values.job ?? IMPORT) === IMPORT) {
  const measureImport = fileURLToPath(new URL('./measureImport.ts', import.meta.url));
  for (const store of storeNames) {
    if (store !== (values.store ?? store)) continue;
    const costs: number[] = [];
    for (const rows of [10_000, 100_000, 1_000_000]) {
      if (rows > most) continue;
      const asked = ['--expose-gc', '--max-old-space-size=12288', '--import', 'tsx', measureImport, store];
      const line = execFileSync(process.execPath, [...asked, String(rows)], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      process.stdout.write(line);
      costs.push(JSON.parse(line).cpuMicrosecondsPerRow);
    }
    if (costs.length === 0) continue;
    const highestToLowest = round(Math.max(...costs) / Math.min(...costs));
    process.stdout.write(`${JSON.stringify({ job: IMPORT, store, highestToLowest })}\n`);
  }
}

if ((values.job ?? SHARED) === SHARED) {
  const measureShared = fileURLToPath(new URL('./measureShared.ts', import.meta.url));
  for (const store of sharedStoreNames) {
    if (store !== (values.store ?? store)) continue;
    const accounts = String(Math.min(most, 5_000));
    execFileSync(process.execPath, ['--import', 'tsx', measureShared, store, accounts], { stdio: 'inherit' });
  }
}

/** Exits with a message if an option has an unknown value. */
function checkOption(flag: string, value: string | undefined, names: readonly string[]): void {
  if (value === undefined || names.includes(value)) return;
  console.error(`${flag}: expected one of ${names.join(', ')}, found ${value}`);
  process.exit(2);
}
