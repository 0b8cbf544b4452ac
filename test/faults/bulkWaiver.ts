// A process that waives in bulk until it is killed: node --import tsx bulkWaiver.ts FILE PATRONS. It writes a line to
// standard output for every patron it is done with.
import { writeSync } from 'node:fs';
import { directoryOf, policy } from '../../examples/support/generatedPatrons.js';
import { runBulkWaive } from '../../src/institution/index.js';
import { sqliteEventStore } from '../../src/stores/sqlite/index.js';
import { formWith } from '../support/bulkWaiveForms.js';
import { libsql } from '../support/sqliteDrivers.js';

const [file = '', patrons = ''] = process.argv.slice(2);
const store = sqliteEventStore(libsql.open(file));
const job = runBulkWaive(store, policy, formWith({ threshold: '40' }), directoryOf(Number(patrons)));
if (!job.accepted) throw new Error(job.rejection.type);
// Lines so long that the pipe holds few of them: else the process would be far ahead of whoever kills it.
for await (const { patronId } of job.entries) writeSync(1, `${patronId.padEnd(4_000)}\n`);
writeSync(1, `${JSON.stringify(job.totals())}\n`);
