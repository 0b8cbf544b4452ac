// `npm run bench -- keys` compares a store with keys with the same store without, as ratios within one run, one line of JSON
// each: `execute` of a fee with an item on new accounts, of another one on the same accounts, which have a key then, and reading
// them; and the bytes of an event. Keys are in the same
// kind of database. BENCH_PAIRS=3 is a short run.
import { performance } from 'node:perf_hooks';
import { type EventStore, execute, loadAccount, memoryEventStore } from '../../src/history/index.js';
import { type Command, definePolicy } from '../../src/index.js';
import {
  type KeyStore,
  keyedEventStore,
  memoryKeys,
  postgresKeys,
  sqliteKeys,
} from '../../src/stores/keys/index.js';
import { migrate as migratePostgres, postgresEventStore } from '../../src/stores/postgres/index.js';
import { migrate as migrateSqlite, sqliteEventStore } from '../../src/stores/sqlite/index.js';
import { newPool, postgresServer } from '../support/postgresServer.js';
import { libsql, type OpenDatabase, temporaryFile } from '../support/sqliteDrivers.js';

const policy = definePolicy({ currency: 'USD' });
const PAIRS = Number(process.env.BENCH_PAIRS ?? 7);
const COMMANDS = Number(process.env.BENCH_COMMANDS ?? 320);
const at = '2026-03-02T09:00:00Z';
const item = {
  title: 'A title of usual length',
  callNumber: 'QA 76.9 .D3',
  barcode: '39001000012345',
  library: 'MAIN',
};
const command: Command = {
  type: 'AssessFee',
  id: 'f1',
  feeType: 'OVERDUEFINE',
  amount: '2.50',
  owner: 'MAIN',
  item,
  loanId: 'loan-1',
  at,
  by: { userId: 'ana', channel: 'desk', desk: 'CIRC', library: 'MAIN' },
};

const median = (list: readonly number[]) => [...list].sort((a, b) => a - b)[list.length >> 1] as number;

async function compare(name: string, plain: EventStore, keyed: EventStore, writers: number): Promise<void> {
  const accounts = (round: number, institution: string) =>
    Array.from({ length: COMMANDS }, (_, n) => ({ institution, patronId: `${writers}-${round}-${n}` }));
  const inParallel = async (
    streams: ReturnType<typeof accounts>,
    work: (stream: (typeof streams)[0]) => Promise<unknown>,
  ) => {
    const start = performance.now();
    const rest = [...streams];
    const worker = async () => {
      for (let stream = rest.pop(); stream !== undefined; stream = rest.pop()) await work(stream);
    };
    await Promise.all(Array.from({ length: writers }, worker));
    return performance.now() - start;
  };
  const ratios = { first: [] as number[], second: [] as number[], load: [] as number[] };
  const rates = { first: [] as number[], second: [] as number[], load: [] as number[] };
  for (let round = 0; round < PAIRS + 2; round++) {
    const run = async (store: EventStore, institution: string) => {
      const streams = accounts(round, institution);
      return {
        first: await inParallel(streams, (stream) => execute(store, policy, stream, command)),
        second: await inParallel(streams, (stream) =>
          execute(store, policy, stream, { ...command, id: 'f2' }),
        ),
        load: await inParallel(streams, (stream) => loadAccount(store, stream)),
      };
    };
    const isFirst = round % 2 === 0;
    const first = await (isFirst ? run(plain, 'plain') : run(keyed, 'keyed'));
    const second = await (isFirst ? run(keyed, 'keyed') : run(plain, 'plain'));
    const [without, withKeys] = isFirst ? [first, second] : [second, first];
    if (round < 2) continue;
    for (const what of ['first', 'second', 'load'] as const) {
      ratios[what].push(without[what] / withKeys[what]);
      rates[what].push((1000 * COMMANDS) / withKeys[what]);
    }
  }
  for (const what of ['first', 'second', 'load'] as const) {
    const line = {
      store: name,
      writers,
      what,
      perSecond: Math.round(median(rates[what])),
      ratio: Number(median(ratios[what]).toFixed(2)),
    };
    console.log(JSON.stringify(line));
  }
}

const newMemory = () => memoryEventStore({ now: () => new Date() });

/** The stores are in databases of their own: one with keys refuses to be written without them. */
async function measure(name: string, plain: EventStore, own: EventStore, keys: KeyStore): Promise<void> {
  const keyed = keyedEventStore(own, { keys });
  for (const writers of [1, 16]) await compare(name, plain, keyed, writers);
}

const [plainMemory, keyedMemory] = [newMemory(), newMemory()];
await measure('memory', plainMemory, keyedMemory, memoryKeys());
const sizeOf = async (store: EventStore, institution: string) => {
  const { events } = await store.read({ institution, patronId: '1-0-0' });
  return JSON.stringify(events[0]?.event).length;
};
console.log(
  JSON.stringify({ bytes: await sizeOf(plainMemory, 'plain'), withKeys: await sizeOf(keyedMemory, 'keyed') }),
);

const files = [temporaryFile(), temporaryFile(), temporaryFile()];
const [plainFile, keyedFile, keyFile] = files.map(({ file }) => libsql.open(file)) as [
  OpenDatabase,
  OpenDatabase,
  OpenDatabase,
];
for (const database of [plainFile, keyedFile]) migrateSqlite(database);
await measure('sqlite', sqliteEventStore(plainFile), sqliteEventStore(keyedFile), sqliteKeys(keyFile));
for (const database of [plainFile, keyedFile, keyFile]) database.close();
for (const { remove } of files) remove();

const server = await postgresServer();
const pool = newPool(server.connection);
await pool.query('create database keyed');
const keyedPool = newPool({ ...server.connection, database: 'keyed' });
for (const each of [pool, keyedPool]) await migratePostgres(each);
await measure(
  'postgres',
  postgresEventStore(pool),
  postgresEventStore(keyedPool),
  await postgresKeys(keyedPool),
);
for (const each of [pool, keyedPool]) await each.end();
await server.remove();
