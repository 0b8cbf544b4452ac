// A process that issues receipts until it is killed: node --import tsx receiptIssuer.ts ACCOUNTS OFFICE FIRST. It issues
// the receipts of all payments, beginning with one of them, and writes a line for each: a long one, since a process that is
// far ahead of its reader is killed too late.
import { once } from 'node:events';
import { officeEvents } from '../../src/office/index.js';
import { sqliteEventStore } from '../../src/stores/sqlite/index.js';
import { issue } from '../office/receipts/receiptDesk.js';
import { libsql } from '../support/sqliteDrivers.js';

/** The number of payments. */
const PAYMENTS = 60;

const [accountsFile = '', officeFile = '', first = ''] = process.argv.slice(2);
const accounts = sqliteEventStore(libsql.open(accountsFile), { busyTimeoutMs: 60_000 });
const office = sqliteEventStore(libsql.open(officeFile), {
  synchronous: 'normal',
  busyTimeoutMs: 60_000,
  codec: officeEvents,
});
for (let n = 0; n < PAYMENTS; n++) {
  const payment = (n + Number(first)) % PAYMENTS;
  const { number } = await issue({ accounts, office }, payment, '2026', { attempts: 1_000 });
  if (!process.stdout.write(`${`${payment} ${number}`.padEnd(16_000)}\n`))
    await once(process.stdout, 'drain');
}
