// `npm run bench -- retention --accounts 100000 --synchronous normal`: the time of runRetention in SQLite, where texts of
// every account are erased.
import { performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { encodeEvent, memoryEventStore } from '../../src/history/index.js';
import { definePolicy } from '../../src/index.js';
import { runRetention } from '../../src/jobs/index.js';
import { migrate, sqliteEventStore } from '../../src/stores/sqlite/index.js';
import { fillSecretly, retentionForm } from '../support/secretAccounts.js';
import { libsql, temporaryFile } from '../support/sqliteDrivers.js';
import { round } from './measure.js';

/** The number of different histories, which the accounts share in turn. */
const HISTORIES = 100;

const { values } = parseArgs({
  options: {
    accounts: { type: 'string', default: '10000' },
    synchronous: { type: 'string', default: 'full' },
  },
});
const accounts = Number(values.accounts);
const synchronous = values.synchronous === 'normal' ? 'normal' : 'full';
const policy = definePolicy({ currency: 'USD' });
const at = '2026-11-01T09:00:00.000Z';
const { institution } = retentionForm;

const model = memoryEventStore({ now: () => at });
await fillSecretly(model, policy, HISTORIES);
const histories: string[][] = [];
for (let n = 0; n < HISTORIES; n++) {
  const { events } = await model.read({ institution, patronId: `p${n}` });
  histories.push(events.map(({ event }) => encodeEvent(event)));
}

const { file, remove } = temporaryFile();
const database = libsql.open(file);
migrate(database);
const store = sqliteEventStore(database, { synchronous });
const insert = database.prepare(
  'insert into patron_fees_event (institution, patron_id, version, recorded_at, event) values (?, ?, ?, ?, ?)',
);
database.exec('begin');
for (let n = 0; n < accounts; n++) {
  for (const [index, text] of (histories[n % HISTORIES] as string[]).entries())
    insert.run(institution, `p${n}`, index + 1, at, text);
}
database.exec('commit');
database.exec('pragma wal_checkpoint(truncate)');

const start = performance.now();
const result = await runRetention(store, policy, retentionForm);
const seconds = round((performance.now() - start) / 1_000);
const { changed, events } = result.accepted ? result.report : { changed: 0, events: 0 };
process.stdout.write(`${JSON.stringify({ accounts, synchronous, seconds, changed, events })}\n`);
database.close();
remove();
