// `npm run bench -- followers` measures the processor time of projections that do nothing with 200,000 events in SQLite: without
// and with parking, with 100 accounts parked, and shared by shards. The best of five rounds, one line of JSON each.
import Database from 'libsql';
import {
  catchUp,
  type FollowedProjection,
  followShards,
  type StoredAccountEvent,
} from '../../src/history/index.js';
import { migrate, sqliteEventStore } from '../../src/stores/sqlite/index.js';
import { assessedFee } from '../support/assessedFee.js';

const ACCOUNTS = Number(process.env.BENCH_ACCOUNTS ?? 20_000);
const EVENTS_EACH = 10;
const ROUNDS = Number(process.env.BENCH_PAIRS ?? 5);

const database = new Database(':memory:');
migrate(database);
const store = sqliteEventStore(database);
const fees = Array.from({ length: EVENTS_EACH }, (_, index) => assessedFee(`f${index}`));
for (let start = 0; start < ACCOUNTS; start += 1_000) {
  const appends = Array.from({ length: 1_000 }, (_, index) =>
    store.append({ institution: 'north', patronId: `p${start + index}` }, fees, { expectedVersion: 0 }),
  );
  await Promise.all(appends);
}

/** A projection that throws for accounts with an index divisible by `bad`. */
function doingNothing(bad = Number.POSITIVE_INFINITY): FollowedProjection {
  let saved: string | undefined;
  const isBad = ({ patronId }: StoredAccountEvent) => Number(patronId.slice(1)) % bad === 0;
  return {
    reset: () => undefined,
    apply: (events, cursor) => {
      if (bad < Number.POSITIVE_INFINITY && events.some(isBad)) throw new RangeError('bad');
      saved = cursor;
    },
    checkpoint: { load: async () => saved, save: async () => undefined },
  };
}

async function measure(what: string, run: () => Promise<unknown>): Promise<void> {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round++) {
    const before = process.cpuUsage();
    await run();
    const { user, system } = process.cpuUsage(before);
    best = Math.min(best, user + system);
  }
  const microsecondsAnEvent = Number((best / ACCOUNTS / EVENTS_EACH).toFixed(2));
  console.log(JSON.stringify({ what, seconds: Number((best / 1e6).toFixed(2)), microsecondsAnEvent }));
}

const following = (onBadEvent: 'end' | 'park', bad?: number) => async () => {
  const projection = doingNothing(bad);
  await catchUp(store, projection, projection.checkpoint, { onBadEvent });
};
const shared = (shards: number) => () => {
  const enough = new AbortController();
  const onProgress = ({ state }: { state: string }) => state === 'current' && enough.abort();
  return followShards(store, () => doingNothing(), { shards, signal: enough.signal, onProgress });
};
await measure('catchUp', following('end'));
await measure('catchUp that would park', following('park'));
await measure('catchUp that parks 100 accounts', following('park', ACCOUNTS / 100));
await measure('followShards with 1 shard', shared(1));
await measure('followShards with 64 shards', shared(64));
database.close();
