// A process that charges overdue fines until it is killed: node --import tsx accruer.ts FILE DAY. It writes a line to standard
// output for every loan it is done with, and the report at the end.
import { once } from 'node:events';
import { runAccrual } from '../../src/jobs/index.js';
import { sqliteEventStore } from '../../src/stores/sqlite/index.js';
import { policy } from '../jobs/accrual/nights.js';
import { libsql } from '../support/sqliteDrivers.js';
import { nightOver, overdueLoans } from './accrualNights.js';

const [file = '', day = ''] = process.argv.slice(2);
const store = sqliteEventStore(libsql.open(file));
const report = await runAccrual(store, policy, nightOver(Number(day)), {
  loans: overdueLoans(Number(day)),
  onLoan: ({ loanId }) => say(loanId),
});
await say(JSON.stringify(report));

/** Waits until the line is on its way: a process that is far ahead of its reader is killed too late. */
async function say(line: string): Promise<void> {
  if (!process.stdout.write(`${line.padEnd(4_000)}\n`)) await once(process.stdout, 'drain');
}
