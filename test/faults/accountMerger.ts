// A process that merges and separates accounts until it is killed: node --import tsx accountMerger.ts FILE NUMBER. It
// writes a line for each call that ended.
import { once } from 'node:events';
import { definePolicy } from '../../src/index.js';
import { mergeAccounts, separateAccounts } from '../../src/patron/index.js';
import { sqliteEventStore } from '../../src/stores/sqlite/index.js';
import { merge } from '../support/merging.js';
import { libsql } from '../support/sqliteDrivers.js';

const [file = '', number = ''] = process.argv.slice(2);
const store = sqliteEventStore(libsql.open(file), { synchronous: 'normal', busyTimeoutMs: 60_000 });
const policy = definePolicy({ currency: 'USD' });
const names = ['a', 'b', 'c', 'd', 'e', 'f'];

for (let round = 0; ; round++) {
  const from = names[(round + Number(number)) % names.length] as string;
  const into = names[(round * 5 + Number(number) * 2 + 1) % names.length] as string;
  const form = merge(from, into, `${number}.${round}`);
  const merged = await mergeAccounts(store, policy, form);
  const separated = await separateAccounts(store, policy, { from: form.from, mergeId: form.id, at: form.at });
  const line = `${form.id} ${from} ${into} ${merged.accepted} ${separated.accepted}\n`;
  if (!process.stdout.write(line)) await once(process.stdout, 'drain');
}
