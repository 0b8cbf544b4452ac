import { join } from 'node:path';
import { expect, it } from 'vitest';
import { catchUp, memoryEventStore } from '../../src/history/index.js';
import * as feed from '../../src/stores/feed/index.js';
import * as keys from '../../src/stores/keys/index.js';
import * as nats from '../../src/stores/nats/index.js';
import * as postgres from '../../src/stores/postgres/index.js';
import * as sqlite from '../../src/stores/sqlite/index.js';
import { assessedFee } from '../support/assessedFee.js';
import { runInMemory } from '../support/commandLine.js';
import { featureOfExport, features, pairsWith, refusals, rows, storesWith } from '../support/featurePairs.js';
import { libsql } from '../support/sqliteDrivers.js';
import { temporaryFolder } from '../support/temporaryFolder.js';

it('has a row for each feature, with a cell for each feature before it', () => {
  expect(Object.keys(rows)).toEqual([...features]);
  for (const [index, feature] of features.entries())
    expect(rows[feature], feature).toMatch(new RegExp(`^[+x.]{${index}}$`));
});

it('leaves out the pairs that no store has, and no others', () => {
  for (const pair of pairsWith('.')) expect(storesWith(pair), String(pair)).toEqual([]);
  for (const mark of ['+', 'x'] as const)
    for (const pair of pairsWith(mark)) expect(storesWith(pair), String(pair)).not.toEqual([]);
});

it('names the feature of every export of a store', () => {
  const exported = [feed, keys, nats, postgres, sqlite].flatMap((module) => Object.keys(module));
  const functions = exported.filter((name) => name !== 'accountOrders');
  expect([...new Set(functions)].sort()).toEqual(Object.keys(featureOfExport).sort());
  for (const feature of Object.values(featureOfExport)) expect([...features, null]).toContain(feature);
});

/** What is tried of each refused pair; rejects or returns with a sentence. */
const tried: Readonly<Record<string, () => Promise<unknown>>> = {
  'followedTable, rebuild': async () => {
    const database = libsql.open(':memory:');
    sqlite.migrate(database);
    const store = memoryEventStore({ now: () => '2026-03-02T09:00:00Z' });
    await store.append({ institution: 'north', patronId: 'p1' }, [assessedFee('f1')], { expectedVersion: 0 });
    const projection = sqlite.accountsProjection(database, store);
    await catchUp(store, projection, projection.checkpoint);
    return sqlite.rebuildAccounts(database).catch(String);
  },
  'outbox, commandLine': async () => {
    const file = join(temporaryFolder(), 'fees.db');
    const database = libsql.open(file);
    sqlite.migrate(database);
    const store = sqlite.sqliteEventStore(database, {
      inline: [feed.sqliteOutbox(database, { source: '/fees' })],
    });
    await store.append({ institution: 'north', patronId: 'p1' }, [assessedFee('f1')], { expectedVersion: 0 });
    database.close();
    return (await runInMemory(['serve', 'alma', `sqlite:${file}`, '--institution', 'north'])).errors;
  },
};

it('features that cannot be used together are refused with a sentence', async () => {
  const refused = pairsWith('x').map((pair) => pair.join(', '));
  expect(Object.keys(refusals).sort()).toEqual([...refused].sort());
  expect(Object.keys(tried).sort()).toEqual([...refused].sort());
  for (const pair of refused) expect(await tried[pair]?.()).toMatch(refusals[pair] as RegExp);
});
