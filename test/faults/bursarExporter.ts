// A process that exports to a bursar until it is complete or killed: node --import tsx bursarExporter.ts DATABASE FILE JOB.
// It prints `appended` for every transferred account.
import { writeSync } from 'node:fs';
import { runBursarExport } from '../../src/institution/index.js';
import { sqliteEventStore } from '../../src/stores/sqlite/index.js';
import { bursarJob, bursarPolicy, placementJob } from '../support/bursarJob.js';
import { libsql } from '../support/sqliteDrivers.js';

const [database = '', file = '', name = ''] = process.argv.slice(2);
const store = sqliteEventStore(libsql.open(database));
const printing: typeof store = {
  ...store,
  append: async (...parts) => {
    const appended = await store.append(...parts);
    writeSync(1, 'appended\n');
    return appended;
  },
};
const job = name === 'placement' ? placementJob : bursarJob;
await runBursarExport(printing, bursarPolicy, job, { file, format: 'csv' });
