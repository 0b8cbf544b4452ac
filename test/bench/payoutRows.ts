// npm run bench -- payouts [ROWS]: reads Stripe's and Adyen's reports and a bank's statement, each in a process of its own,
// and notes the memory that cannot be collected.
import { spawnSync } from 'node:child_process';
import { createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { readCamt053 } from '../../src/office/index.js';
import { adyenPayoutRows, stripePayoutRows } from '../../src/online/index.js';
import { statementLines } from '../jobs/bank/camt053.js';
import { adyenReport, piecesOf, stripeReport } from '../online/payouts/payoutFiles.js';
import { round } from './measure.js';

const formats = {
  stripe: { lines: stripeReport, rows: (file: string) => stripePayoutRows(file) },
  adyen: { lines: adyenReport, rows: (file: string) => adyenPayoutRows(file) },
  camt053: { lines: statementLines, rows: (file: string) => readCamt053(file) },
} as const;

const [count = '1000000', name] = process.argv.slice(2);
const rowCount = Number(count);
const format = formats[name as keyof typeof formats] as (typeof formats)['stripe'] | undefined;

if (format === undefined) {
  for (const each of Object.keys(formats)) {
    const words = ['--expose-gc', '--import', 'tsx', fileURLToPath(import.meta.url), count, each];
    spawnSync(process.execPath, words, { stdio: 'inherit' });
  }
} else {
  const folder = mkdtempSync(join(tmpdir(), 'payouts-'));
  const file = join(folder, 'report');
  await pipeline(Readable.from(piecesOf(format.lines(rowCount)).text), createWriteStream(file));
  const memoryInUse = () => {
    globalThis.gc?.();
    return process.memoryUsage().heapUsed / 1_048_576;
  };
  const before = memoryInUse();
  const start = performance.now();
  let [rows, highest] = [0, 0];
  for await (const row of format.rows(file)) {
    if ('unreadable' in row) throw new Error(JSON.stringify(row));
    rows += 1;
    if (rows % Math.ceil(rowCount / 20) === 0) highest = Math.max(highest, memoryInUse());
  }
  const seconds = round((performance.now() - start) / 1_000);
  rmSync(folder, { recursive: true });
  process.stdout.write(
    `${JSON.stringify({ format: name, rows, seconds, heapGrowthMb: round(highest - before) })}\n`,
  );
}
