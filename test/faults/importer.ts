// A process that imports accounts until it is killed: node --import tsx importer.ts FILE. It writes a line to standard output
// for every account it begins with, and the report at the end.
import { once } from 'node:events';
import { runImport } from '../../src/interop/import/runImport.js';
import { sqliteEventStore } from '../../src/stores/sqlite/index.js';
import { libsql } from '../support/sqliteDrivers.js';
import { form, kohaAccountsToImport, policy } from './importedAccounts.js';

const [file = ''] = process.argv.slice(2);
const store = sqliteEventStore(libsql.open(file));

async function* accounts() {
  for await (const account of kohaAccountsToImport()) {
    await say(account.patronId ?? '');
    yield account;
  }
}

const report = await runImport(store, policy, form, { accounts: accounts() });
await say(JSON.stringify(report));

/** Waits until the line is on its way: a process that is far ahead of its reader is killed too late. */
async function say(line: string): Promise<void> {
  if (!process.stdout.write(`${line.padEnd(4_000)}\n`)) await once(process.stdout, 'drain');
}
