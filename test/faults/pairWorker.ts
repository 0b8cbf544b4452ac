// A process with two features of a store: node pairWorker.ts PLAN. It works until it is killed, or through all commands, and
// prints the fee id of each command that was acknowledged.
import { writeSync } from 'node:fs';
import {
  catchUp,
  type EventStore,
  execute,
  followShards,
  parked,
  splitEventStore,
} from '../../src/history/index.js';
import { definePolicy } from '../../src/index.js';
import { runAgedDebt } from '../../src/jobs/reports/index.js';
import { sqliteOutbox } from '../../src/stores/feed/index.js';
import { keyedEventStore, sqliteKeys } from '../../src/stores/keys/index.js';
import {
  accountsProjection,
  inlineAccounts,
  rebuildAccounts,
  type SqliteEventStore,
  sqliteEventStore,
} from '../../src/stores/sqlite/index.js';
import { telemetry } from '../../src/telemetry/index.js';
import type { Feature } from '../support/featurePairs.js';
import { sqliteDrivers } from '../support/sqliteDrivers.js';
import { flaky, type PairPlan, seenIn } from './pairWorld.js';

const plan: PairPlan = JSON.parse(process.argv[2] ?? '');
const has = (feature: Feature) => plan.features.includes(feature);
const driver = sqliteDrivers.find(({ name }) => name === plan.driver);
if (driver === undefined) throw new Error(`no driver ${plan.driver}`);
const open = (name: string) => driver.open(`${plan.folder}/${name}.db`);

const policy = definePolicy({ currency: 'USD' });
const at = '2026-03-02T09:00:00Z';
const [database, mine, seen] = [open('events'), open('events'), open('seen')];
const inline = [
  ...(has('inlineTable') ? [inlineAccounts] : []),
  ...(has('outbox') ? [sqliteOutbox(open('events'), { source: '/fees' })] : []),
];
const options = {
  synchronous: 'normal',
  busyTimeoutMs: 60_000,
  inline,
  gather: has('batches'),
} as const;
const plain = sqliteEventStore(database, options);
const store: SqliteEventStore = has('keys')
  ? keyedEventStore(plain, { keys: sqliteKeys(open('keys')) })
  : plain;
let used: EventStore = store;
if (has('split')) used = splitEventStore({ parts: { a: store }, partOf: () => 'a' });
if (has('telemetry')) used = telemetry().store(used);
mine.exec('pragma busy_timeout = 60000');

const streamOf = (index: number) => ({ institution: 'north', patronId: `p${index % 5}` });
const charge = (id: string) =>
  ({
    type: 'AssessFee',
    id,
    feeType: 'OTHER',
    amount: '2.50',
    owner: 'MAIN',
    comment: `secret-${id}-`,
    at,
  }) as const;

async function command(id: string, index: number): Promise<void> {
  const stream = streamOf(index);
  if (has('transaction') && index % 3 === 0) {
    await store.transaction([stream], (transaction) => {
      database.prepare('insert into own values (?)').run(id);
      transaction.execute(policy, stream, charge(id));
    });
  } else if (has('within') && index % 3 === 1) {
    mine.exec('begin immediate');
    try {
      mine.prepare('insert into own values (?)').run(id);
      await execute(store.within(mine), policy, stream, charge(id));
      mine.exec('commit');
    } catch (error) {
      mine.exec('rollback');
      throw error;
    }
  } else await execute(used, policy, stream, charge(id));
  writeSync(1, `${id}\n`);
}

/** Operations beside the commands, each whenever so many were called. */
async function beside(index: number): Promise<void> {
  if (has('redact') && index % 7 === 6) await store.redact({ institution: 'north', patronId: 'p4' });
  if (has('purge') && index % 10 === 9) {
    const gone = { institution: 'north', patronId: 'gone' };
    const { version } = await used.read(gone);
    if (version > 0) {
      const data = { purgeId: `x${version}`, events: version, currency: 'USD', totals: [], at };
      await store.purge(gone, { type: 'AccountPurged', data });
    }
    await execute(used, policy, gone, charge(`gone-${plan.run}-${index}`));
  }
  if (has('rebuild') && index % 20 === 19)
    await rebuildAccounts(database).catch((error) => {
      if (error.code !== 'CHECKPOINT_MOVED') throw error;
    });
  if (has('jobs') && index % 20 === 10)
    await runAgedDebt(used, policy, { institution: 'north', timeZone: 'UTC', asOf: '2026-03-31' });
  if (index % 5 === 4) await follow();
}

const failing = flaky(used, plan.seed);
const table = accountsProjection(open('table'), failing);

/** Applies what is waiting, as far as a store that is down now and then allows. */
async function followNow(): Promise<void> {
  const onBadEvent = has('parking') ? 'park' : 'end';
  if (has('shards')) {
    const ending = new AbortController();
    const onProgress = ({ state }: { readonly state: string }) => state === 'current' && ending.abort();
    const how = { signal: ending.signal, shards: 2, pollMs: 1, maxPauseMs: 5, pageSize: 7, onProgress };
    const projectionOf = ({ index }: { readonly index: number }) => seenIn(seen, index, failing);
    await followShards(used, projectionOf, { ...how, onBadEvent });
  } else {
    const projection = seenIn(seen, 0, failing);
    await catchUp(used, projection, projection.checkpoint, { onBadEvent, pageSize: 7 }).catch(isDown);
  }
  for (const index of [0, 1]) {
    if ((await parked(seenIn(seen, index, failing).checkpoint)).length > 0)
      throw new Error('an account is parked');
  }
  if (!has('followedTable')) return;
  await catchUp(used, table, table.checkpoint, { onBadEvent, pageSize: 7 }).catch(isDown);
}

let following: Promise<void> | undefined;
function follow(): Promise<void> {
  following ??= followNow().finally(() => {
    following = undefined;
  });
  return following;
}

function isDown(error: unknown): void {
  if (!String(error).includes('the store is down')) throw error;
}

let next = 0;
const work = async () => {
  while (next < plan.commands) {
    const index = next++;
    await command(`f-${plan.run}-${index}`, index);
    if (!has('batches') || index % 2 === 0) await beside(index);
  }
};
// One task at a time has the connection with an open transaction.
await Promise.all(Array.from({ length: has('within') ? 1 : 4 }, work));
failing.heal();
await follow();
if (has('rebuild')) await rebuildAccounts(database);
await used.close();
