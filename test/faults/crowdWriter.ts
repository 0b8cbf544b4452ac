// A process of many desks that writes until it is killed: node --import tsx crowdWriter.ts FILE NAME. It prints the fee
// id of every acknowledged append.
import { writeSync } from 'node:fs';
import { sqliteEventStore } from '../../src/stores/sqlite/index.js';
import { libsql } from '../support/sqliteDrivers.js';
import { workInCrowd } from './crowd.js';

const [file = '', name = ''] = process.argv.slice(2);
await workInCrowd(
  sqliteEventStore(libsql.open(file), { synchronous: 'normal' }),
  name,
  () => true,
  (feeId) => writeSync(1, `${feeId}\n`),
);
