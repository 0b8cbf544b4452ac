// A process that writes until it is killed: node --import tsx sqliteWriter.ts FILE DESK. It prints every acknowledged
// command.
import { writeSync } from 'node:fs';
import { sqliteEventStore } from '../../src/stores/sqlite/index.js';
import { workAtDesk } from '../support/deskWork.js';
import { libsql } from '../support/sqliteDrivers.js';

const [file = '', desk = ''] = process.argv.slice(2);
const store = sqliteEventStore(libsql.open(file));
await workAtDesk(
  store,
  desk,
  0,
  () => true,
  (id) => writeSync(1, `${id}\n`),
);
