// A process that waives in bulk until it is killed: node --import tsx bulkWaiver.ts FILE PATRONS. It prints a line for
// every completed patron.
import { once } from 'node:events';
import { directoryOf, policy } from '../../examples/support/generatedPatrons.js';
import { runBulkWaive } from '../../src/jobs/index.js';
import { sqliteEventStore } from '../../src/stores/sqlite/index.js';
import { formWith } from '../support/bulkWaiveForms.js';
import { libsql } from '../support/sqliteDrivers.js';

const [file = '', patrons = ''] = process.argv.slice(2);
const store = sqliteEventStore(libsql.open(file));
const job = runBulkWaive(store, policy, formWith({ threshold: '40' }), {
  patrons: directoryOf(Number(patrons)),
});
if (!job.accepted) throw new Error(job.rejection.type);
for await (const { patronId } of job.entries) await print(patronId);
await print(JSON.stringify(job.totals()));

/** Prints a line and waits until it is sent: a process that is far ahead of its reader is killed too late. */
async function print(line: string): Promise<void> {
  if (!process.stdout.write(`${line.padEnd(4_000)}\n`)) await once(process.stdout, 'drain');
}
