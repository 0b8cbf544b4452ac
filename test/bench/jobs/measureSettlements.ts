// One figure of `npm run bench -- jobs`: node --import tsx measureSettlements.ts STORE ROWS TRANSFERS
import { performance } from 'node:perf_hooks';
import { runSettlementImport, type SettlementRow } from '../../../src/bursar/index.js';
import { execute, memoryEventStore } from '../../../src/history/index.js';
import { definePolicy } from '../../../src/index.js';
import { migrate, sqliteEventStore } from '../../../src/stores/sqlite/index.js';
import { libsql, temporaryFile } from '../../support/sqliteDrivers.js';
import { round } from '../measure.js';

const at = '2026-03-02T09:00:00Z';
const policy = definePolicy({ currency: 'USD', transfers: { expectsSettlement: true } });
const [storeName, rowCount, transferCount] = [
  process.argv[2],
  Number(process.argv[3]),
  Number(process.argv[4]),
];

const { file, remove } = temporaryFile();
const database = libsql.open(file);
migrate(database);
const store =
  storeName === 'memory'
    ? memoryEventStore({ now: () => at })
    : sqliteEventStore(database, { synchronous: storeName === 'sqlite' ? 'full' : 'normal' });
const perTransfer = Math.ceil(rowCount / transferCount);
for (let n = 0; n < transferCount; n++) {
  const amount = `${perTransfer}.00`;
  await execute(store, policy, { institution: 'north', patronId: `u${n}` }, [
    { type: 'AssessFee', id: 'f1', feeType: 'OTHER', owner: 'MAIN', amount, at },
    { type: 'TransferFees', id: 'job', eligible: { fees: {} }, at },
  ]);
}
/** Payments of 1.00 each, spread evenly over the transfers. */
function* payments(): Generator<SettlementRow> {
  for (let n = 0; n < rowCount; n++) {
    yield { reference: `u${n % transferCount}@job`, amount: '1.00', paymentReference: `B-${n}` };
  }
}
const [start, cpu] = [performance.now(), process.cpuUsage()];
const form = { jobId: 'answer', institution: 'north', at, source: { rows: payments() } };
const report = await runSettlementImport(store, policy, form);
const seconds = (performance.now() - start) / 1_000;
const { user, system } = process.cpuUsage(cpu);
if (report.fees.count !== rowCount) throw new Error(JSON.stringify(report));
const line = {
  job: 'settlementImport',
  store: storeName,
  rows: rowCount,
  transfers: transferCount,
  seconds: round(seconds),
  cpuMicrosecondsPerRow: round((user + system) / rowCount),
};
process.stdout.write(`${JSON.stringify(line)}\n`);
database.close();
remove();
