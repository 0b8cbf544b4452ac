// A process that exports to a bursar until it is complete or killed: node --import tsx bursarExporter.ts DATABASE FILE.
// It prints `appended` for every transferred account.
import { writeSync } from 'node:fs';
import { runBursarExport } from '../../src/institution/index.js';
import { sqliteEventStore } from '../../src/stores/sqlite/index.js';
import { bursarJob, bursarPolicy } from '../support/bursarJob.js';
import { libsql } from '../support/sqliteDrivers.js';

const [database = '', file = ''] = process.argv.slice(2);
const store = sqliteEventStore(libsql.open(database));
const printing: typeof store = {
  ...store,
  append: async (...parts) => {
    const appended = await store.append(...parts);
    writeSync(1, 'appended\n');
    return appended;
  },
};
await runBursarExport(printing, bursarPolicy, bursarJob, { file, format: 'csv' });
