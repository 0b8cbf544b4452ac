// A process that follows shards of a projection until it is killed: node --import tsx shardFollower.ts PLACE INDEX OF.
// It writes a line to standard output after every page.
import { followShards, type Shard } from '../../src/history/index.js';
import { postgresEventStore } from '../../src/stores/postgres/index.js';
import { sqliteEventStore } from '../../src/stores/sqlite/index.js';
import { newPool } from '../support/postgresServer.js';
import { seenInPostgres, seenInSqlite } from '../support/seenVersions.js';
import { libsql } from '../support/sqliteDrivers.js';

const [place = '', index = '', of = ''] = process.argv.slice(2);
const { postgres, sqlite } = JSON.parse(place) as { readonly postgres?: string; readonly sqlite?: string };
const options = {
  shards: 8,
  process: { index: Number(index), of: Number(of) },
  signal: new AbortController().signal,
  pageSize: 20,
  pollMs: 10,
  maxPauseMs: 50,
  takeOverMs: 300,
  onBadEvent: 'park',
  onProgress: ({ state, events }: { state: string; events: number }) => {
    if (state === 'catchingUp') process.stdout.write(`${events}\n`);
  },
} as const;
if (postgres !== undefined) {
  const pool = newPool({ host: postgres, port: 5432, user: 'postgres', database: 'postgres' });
  await followShards(postgresEventStore(pool), (shard: Shard) => seenInPostgres(pool, shard), options);
} else {
  const database = libsql.open(sqlite ?? '');
  const store = sqliteEventStore(database, { synchronous: 'normal', busyTimeoutMs: 60_000 });
  await followShards(store, (shard: Shard) => seenInSqlite(database, shard), options);
}
