// A process that seals a month until it is killed: node sealer.ts ACCOUNTS OFFICE FOLDER INDEX OF. It writes a line to
// standard output for every account that it reads, before and after it records the seal, and its result at the end.
import { once } from 'node:events';
import { definePolicy } from '../../src/index.js';
import { officeEvents } from '../../src/office/index.js';
import { sealPeriod } from '../../src/seals/index.js';
import { sqliteEventStore } from '../../src/stores/sqlite/index.js';
import { libsql } from '../support/sqliteDrivers.js';

const [accountsFile = '', officeFile = '', folder = '', index, of] = process.argv.slice(2);
const now = () => '2026-02-01T12:00:00Z';
const store = sqliteEventStore(libsql.open(accountsFile), { now });
const officeStore = sqliteEventStore(libsql.open(officeFile), { now, codec: officeEvents });
const accounts: typeof store = {
  ...store,
  read: async (...given) => {
    await say(`read ${given[0].patronId}`);
    return store.read(...given);
  },
};
const office: typeof officeStore = {
  ...officeStore,
  append: async (...given) => {
    await say('appending');
    const appended = await officeStore.append(...given);
    await say('appended');
    return appended;
  },
};
const form = { institution: 'north', month: '2026-01', timeZone: 'UTC', at: '2026-02-01T12:00:00Z' };
const shard = { index: Number(index), of: Number(of) };
const policy = definePolicy({ currency: 'USD' });
const result = await sealPeriod({ accounts, office }, policy, form, { folder, shard, concurrency: 1 });
await say(JSON.stringify(result));

/** Waits until the line is on its way: a process that is far ahead of its reader is killed too late. */
async function say(line: string): Promise<void> {
  if (!process.stdout.write(`${line.padEnd(4_000)}\n`)) await once(process.stdout, 'drain');
}
