// A process that reads the statements of a bank, each in a run of its own: node --import tsx bankReader.ts OFFICE FIRST.
// It writes a line when it is ready, begins at the first input, and writes its findings at the end.
import { once } from 'node:events';
import { memoryEventStore } from '../../src/history/index.js';
import {
  type OfficeStore,
  officeEvents,
  readCamt053,
  runBankReconciliation,
} from '../../src/office/index.js';
import { sqliteEventStore } from '../../src/stores/sqlite/index.js';
import { libsql } from '../support/sqliteDrivers.js';
import { bankForm, bankPolicy, DAYS, statementOf } from './bankStatements.js';

const [file = '', first = '0'] = process.argv.slice(2);
const office = sqliteEventStore(libsql.open(file), {
  ...{ synchronous: 'normal', busyTimeoutMs: 60_000, codec: officeEvents },
}) as OfficeStore;
const accounts = memoryEventStore({ now: () => bankForm.at });
console.log('ready');
await once(process.stdin, 'data');
process.stdin.destroy();
const codes: string[] = [];
for (let day = 0; day < DAYS; day += 1) {
  // The second process has statements of two days, which overlap those of the first one.
  const from = Math.max(0, day - Number(first));
  const { findings } = await runBankReconciliation({ accounts, office }, bankPolicy, bankForm, {
    entries: readCamt053([statementOf(from, day)]),
  });
  codes.push(...findings.first.map(({ code }) => code));
}
console.log(JSON.stringify([...new Set(codes)].sort()));
