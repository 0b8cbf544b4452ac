// npm run bench:payouts -- [ROWS]: reads Stripe's report, and notes the memory that cannot be collected.
import { performance } from 'node:perf_hooks';
import { stripePayoutRows } from '../../src/online/index.js';
import { piecesOf, stripeReport } from '../online/payoutFiles.js';
import { round } from './measure.js';

const rowCount = Number(process.argv[2] ?? 1_000_000);

function memoryInUse(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed / 1_048_576;
}

const before = memoryInUse();
const start = performance.now();
let [rows, highest] = [0, 0];
for await (const row of stripePayoutRows(piecesOf(stripeReport(rowCount)).text)) {
  if ('unreadable' in row) throw new Error(JSON.stringify(row));
  rows += 1;
  if (rows % Math.ceil(rowCount / 20) === 0) highest = Math.max(highest, memoryInUse());
}
const seconds = round((performance.now() - start) / 1_000);
process.stdout.write(`${JSON.stringify({ rows, seconds, heapGrowthMb: round(highest - before) })}\n`);
