// A process that charges overdue fines of one share until it is killed: node --import tsx shardWorker.ts PLACE DAY INDEX OF.
// It writes a line to standard output for every loan it is done with, and the report at the end.
import { once } from 'node:events';
import { runAccrual } from '../../src/jobs/index.js';
import { policy } from '../jobs/accrual/nights.js';
import { openShared } from '../support/sharedStore.js';
import { nightOver, overdueLoans } from './accrualNights.js';

const [place = '', day = '', index = '', of = ''] = process.argv.slice(2);
const { store, close } = await openShared(JSON.parse(place));
const report = await runAccrual(store, policy, nightOver(Number(day)), {
  loans: overdueLoans(Number(day)),
  shard: { index: Number(index), of: Number(of) },
  onLoan: ({ loanId }) => say(loanId),
});
await say(JSON.stringify(report));
await close();

/** Waits until the line is on its way: a process that is far ahead of its reader is killed too late. */
async function say(line: string): Promise<void> {
  if (!process.stdout.write(`${line.padEnd(4_000)}\n`)) await once(process.stdout, 'drain');
}
