// `npm run bench:jobs`: what a job costs per account, from 1,000 accounts to 1,000,000, and what it holds in memory; a
// JSON line each. `npm run bench:jobs -- --up-to 10000` stops earlier; `--job` and `--store` choose. Every figure is taken
// in a process of its own. The job settlementImport is measured by rows: 30,000 and 300,000, with as many rows for each
// transfer, and with as many transfers.
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
known('--job', values.job, [...Object.keys(jobs), SETTLEMENTS]);
known('--store', values.store, storeNames);

for (const job of Object.keys(jobs)) {
  if (job !== (values.job ?? job)) continue;
  for (const store of storeNames) {
    if (store !== (values.store ?? store)) continue;
    const costs: number[] = [];
    for (const accounts of [1_000, 10_000, 100_000, 1_000_000]) {
      if (accounts > most) break;
      // Else the collector goes through gigabytes of a memory store for what lives shortly: two thirds more at 1,000,000.
      const young = '--max-semi-space-size=64';
      const flags = ['--expose-gc', '--max-old-space-size=12288', young, '--import', 'tsx'];
      const line = execFileSync(process.execPath, [...flags, measureJob, job, store, String(accounts)], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      process.stdout.write(line);
      costs.push(JSON.parse(line).cpuMicrosecondsPerAccount);
    }
    const dearestAgainstCheapest = round(Math.max(...costs) / Math.min(...costs));
    process.stdout.write(`${JSON.stringify({ job, store, dearestAgainstCheapest })}\n`);
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

/** Ends with a word where something is asked for that is not there. */
function known(flag: string, asked: string | undefined, names: readonly string[]): void {
  if (asked === undefined || names.includes(asked)) return;
  console.error(`${flag}: expected one of ${names.join(', ')}, found ${asked}`);
  process.exit(2);
}
