// A process that exports to a bursar until it is complete or killed: node --import tsx bursarExporter.ts DATABASE FILE JOB.
// It prints a line for every transferred account.
import { once } from 'node:events';
import { runBursarExport } from '../../src/bursar/index.js';
import { sqliteEventStore } from '../../src/stores/sqlite/index.js';
import { bursarJob, bursarPolicy, placementJob } from '../support/bursarJob.js';
import { libsql } from '../support/sqliteDrivers.js';

const [database = '', file = '', name = ''] = process.argv.slice(2);
const store = sqliteEventStore(libsql.open(database));
const printing: typeof store = {
  ...store,
  append: async (...parts) => {
    const appended = await store.append(...parts);
    // A process that is far ahead of its reader is killed too late.
    if (!process.stdout.write(`${'appended'.padEnd(4_000)}\n`)) await once(process.stdout, 'drain');
    return appended;
  },
};
const job = name === 'placement' ? placementJob : bursarJob;
await runBursarExport(printing, bursarPolicy, job, { file, format: 'csv' });
