// A process that relays events until it is killed: node relayer.ts ENGINE DATABASE URL. It posts each event to the URL, and
// takes any answer but 200 as a failure.
import { postgresOutbox, relay, sqliteOutbox } from '../../src/stores/feed/index.js';
import { sqliteLock } from '../../src/stores/sqlite/index.js';
import { newPool } from '../support/postgresServer.js';
import { libsql } from '../support/sqliteDrivers.js';

const [engine = '', database = '', url = ''] = process.argv.slice(2);
const options = { source: '/fees' };
const outbox =
  engine === 'sqlite'
    ? sqliteOutbox(libsql.open(database), { ...options, lock: sqliteLock(libsql.open(`${database}.lock`)) })
    : await postgresOutbox(newPool({ connectionString: database }), options);

await relay(
  outbox,
  async (event) => {
    const headers = { 'content-type': 'application/cloudevents+json', 'x-relay': String(process.pid) };
    const { status } = await fetch(url, { method: 'POST', headers, body: JSON.stringify(event) });
    if (status !== 200) throw new Error(`status ${status}`);
  },
  { signal: new AbortController().signal, pollMs: 10, maxPauseMs: 20, batchSize: 7, concurrency: 3 },
);
