// One figure of `npm run bench -- jobs`: node --expose-gc --import tsx measureImport.ts STORE ROWS
import { performance } from 'node:perf_hooks';
import { memoryEventStore } from '../../../src/history/index.js';
import { runImport } from '../../../src/interop/import/index.js';
import { migrate, sqliteEventStore } from '../../../src/stores/sqlite/index.js';
import { form, kohaAccountsToImport, policy, ROWS_PER_PATRON } from '../../faults/importedAccounts.js';
import { libsql, temporaryFile } from '../../support/sqliteDrivers.js';
import { round } from '../measure.js';

const [storeName, rowCount] = [process.argv[2], Number(process.argv[3])];
const patrons = Math.ceil(rowCount / ROWS_PER_PATRON);

const { file, remove } = temporaryFile();
const database = libsql.open(file);
migrate(database);
const store =
  storeName === 'memory'
    ? memoryEventStore({ now: () => '2026-03-02T09:00:00Z' })
    : sqliteEventStore(database, { synchronous: storeName === 'sqlite' ? 'full' : 'normal' });

/** The memory in use, in MB, without what can be collected. */
function memoryInUse(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed / 1_048_576;
}

let [seen, highest] = [0, 0];
async function* watched() {
  for await (const account of kohaAccountsToImport(patrons)) {
    seen += 1;
    if (seen % Math.ceil(patrons / 20) === 0) highest = Math.max(highest, memoryInUse());
    yield account;
  }
}

const before = memoryInUse();
const [start, cpu] = [performance.now(), process.cpuUsage()];
const report = await runImport(store, policy, form, { accounts: watched() });
const seconds = (performance.now() - start) / 1_000;
const { user, system } = process.cpuUsage(cpu);
if (report.total.fees !== patrons || report.findings.count > 0) throw new Error(JSON.stringify(report));
const line = {
  job: 'import',
  store: storeName,
  rows: report.rows,
  events: report.events,
  seconds: round(seconds),
  cpuMicrosecondsPerRow: round((user + system) / report.rows),
  // A memory store keeps all events in memory.
  heapGrowthMb: round(highest - before),
};
process.stdout.write(`${JSON.stringify(line)}\n`);
database.close();
remove();
