// A process that purges accounts until it is killed: node --import tsx purger.ts FILE. It writes a line to standard output
// for every account it is done with, and the report at the end.
import { once } from 'node:events';
import { definePolicy } from '../../src/index.js';
import { runPurge } from '../../src/jobs/index.js';
import { inlineAccounts, sqliteEventStore } from '../../src/stores/sqlite/index.js';
import { purgeForm } from '../support/secretAccounts.js';
import { libsql } from '../support/sqliteDrivers.js';

const [file = ''] = process.argv.slice(2);
const store = sqliteEventStore(libsql.open(file), { inline: [inlineAccounts] });
const result = await runPurge(store, definePolicy({ currency: 'USD' }), purgeForm, {
  now: purgeForm.at,
  onAccount: ({ patronId }) => say(patronId),
});
await say(JSON.stringify(result));

/** Waits until the line is on its way: a process that is far ahead of its reader is killed too late. */
async function say(line: string): Promise<void> {
  if (!process.stdout.write(`${line.padEnd(4_000)}\n`)) await once(process.stdout, 'drain');
}
