// `npm run bench -- size [EVENTS...] [STORE...]` prints what events cost in each store, one line of JSON each: bytes
// on the disk, processor time of reading all and of folding accounts. The stores are sqlite, postgres and nats. With several
// numbers of events (`1000000 10000000`) a store is measured each time that it has so many, with the growth of each figure.
import { statSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { institution, policy } from '../../examples/support/generatedPatrons.js';
import { type EventStore, encodeEvent, loadAccount } from '../../src/history/index.js';
import { type Command, decide, emptyAccount } from '../../src/index.js';
import { natsEventStore } from '../../src/stores/nats/index.js';
import { migrate as migratePostgres, postgresEventStore } from '../../src/stores/postgres/index.js';
import { migrate as migrateSqlite, sqliteEventStore } from '../../src/stores/sqlite/index.js';
import { prefixOf, startNatsServers } from '../support/natsServers.js';
import { newPool, postgresServer } from '../support/postgresServer.js';
import { libsql, temporaryFile } from '../support/sqliteDrivers.js';
import { patronIdOf } from './jobs/filledStore.js';

const asked = process.argv.slice(2);
const numbers = asked.filter((word) => /^\d+$/.test(word)).map(Number);
const sizes = numbers.length > 0 ? numbers : [100_000];
const named = asked.filter((word) => !/^\d+$/.test(word));

const WRITERS = 64;

/** As many as a patron has who uses a library for many years: a billion events of ten million patrons. */
const EVENTS_PER_ACCOUNT = 100;

const at = '2026-03-02T09:00:00.000Z';

const by = { userId: 'ana', channel: 'desk', desk: 'CIRC', library: 'MAIN' } as const;

/** The events of every account: a fee with its item and loan, and its payment, again and again. */
const history = decide(
  Array.from({ length: EVENTS_PER_ACCOUNT / 2 }, (_, n): readonly Command[] => {
    const item = { barcode: `3100000${n}`, title: 'A title of usual length', library: 'MAIN' };
    const fee = { feeType: 'OVERDUEFINE', amount: '2.50', owner: 'MAIN', item, loanId: `loan-${n}` };
    return [
      { type: 'AssessFee', id: `fee-${n}`, automatic: true, ...fee, at, by },
      { type: 'ReceivePayment', id: `payment-${n}`, amount: '2.50', method: 'CASH', at, by },
    ];
  }).flat(),
  emptyAccount(),
  policy,
).events;

/** The accounts and events of a store. */
type Filled = { readonly accounts: number; readonly events: number };

/** Appends each event by itself, as most commands do, until there are enough; returns the number of accounts and events. */
async function fill(store: EventStore, filled: Filled, enough: number): Promise<Filled> {
  let { accounts, events } = filled;
  const write = async () => {
    while (events < enough) {
      const stream = { institution, patronId: patronIdOf(accounts) };
      accounts += 1;
      events += history.length;
      for (const [version, event] of history.entries()) {
        await store.append(stream, [event], { expectedVersion: version });
      }
    }
  };
  await Promise.all(Array.from({ length: WRITERS }, write));
  return { accounts, events };
}

/** Returns wall and processor time in microseconds. */
async function timed(work: () => Promise<unknown>) {
  const [start, before] = [performance.now(), process.cpuUsage()];
  await work();
  const { user, system } = process.cpuUsage(before);
  return { wall: 1_000 * (performance.now() - start), cpu: user + system };
}

async function readAll(store: EventStore): Promise<void> {
  for (let after: string | undefined; ; ) {
    const page = await store.readAll({ limit: 1_000, ...(after !== undefined && { after }) });
    if (page.events.length === 0) return;
    after = page.cursor;
  }
}

const tenths = (number: number) => Math.round(10 * number) / 10;

async function measure(name: string, store: EventStore, bytesOf: () => Promise<object>): Promise<void> {
  let filled: Filled = { accounts: 0, events: 0 };
  let smaller: Readonly<Record<string, number>> | undefined;
  for (const size of sizes) {
    const writing = await timed(async () => {
      filled = await fill(store, filled, size);
    });
    const { accounts, events } = filled;
    const disk = await bytesOf();
    await readAll(store);
    const reading = await timed(() => readAll(store));
    const some = Math.min(accounts, 2_000);
    const loading = await timed(async () => {
      // Accounts of all of the store.
      const step = Math.floor(accounts / some);
      for (let n = 0; n < some; n++)
        await loadAccount(store, { institution, patronId: patronIdOf(n * step) });
    });
    const perEvent = Object.entries(disk).map(([field, bytes]) => [
      `${field}PerEvent`,
      Math.round(bytes / events),
    ]);
    const figures: Readonly<Record<string, number>> = {
      ...Object.fromEntries(perEvent),
      readAllMicrosecondsPerEvent: tenths(reading.wall / events),
      readAllCpuMicrosecondsPerEvent: tenths(reading.cpu / events),
      loadMicrosecondsPerAccount: Math.round(loading.wall / some),
      loadCpuMicrosecondsPerAccount: Math.round(loading.cpu / some),
    };
    const before = smaller;
    const growth =
      before &&
      Object.fromEntries(
        Object.entries(figures).map(([field, value]) => [
          field,
          hundredths(value / (before[field] ?? value)),
        ]),
      );
    smaller = figures;
    const seconds = Math.round(writing.wall / 1e6);
    process.stdout.write(
      `${JSON.stringify({ store: name, events, accounts, seconds, ...figures, ...(growth && { growth }) })}\n`,
    );
  }
}

const hundredths = (number: number) => Math.round(100 * number) / 100;

const stores: Readonly<Record<string, () => Promise<void>>> = {
  sqlite: async () => {
    const { file, remove } = temporaryFile();
    const database = libsql.open(file);
    migrateSqlite(database);
    await measure('sqlite', sqliteEventStore(database, { synchronous: 'normal' }), async () => {
      database.exec('pragma wal_checkpoint(truncate)');
      return { bytes: statSync(file).size };
    });
    database.close();
    remove();
  },
  postgres: async () => {
    const server = await postgresServer();
    const pool = newPool(server.connection);
    await migratePostgres(pool);
    const wal = async () => (await pool.query('select pg_current_wal_lsn() as at')).rows[0].at as string;
    const before = await wal();
    await measure('postgres', postgresEventStore(pool), async () => {
      const sums = `select sum(pg_total_relation_size(oid))::bigint as bytes,
        pg_wal_lsn_diff($1, $2)::bigint as log from pg_class where relname like 'patron\\_fees\\_%' and relkind = 'r'`;
      const [row] = (await pool.query(sums, [await wal(), before])).rows;
      return { bytes: Number(row.bytes), logBytes: Number(row.log) };
    });
    await pool.end();
    await server.remove();
  },
  nats: async () => {
    const servers = await startNatsServers(1);
    const stream = await servers.newStream();
    const client = await servers.connect();
    await measure('nats', natsEventStore({ ...client, stream, prefix: prefixOf(stream) }), async () => ({
      bytes: (await client.manager.streams.info(stream)).state.bytes,
    }));
    await servers.stop();
  },
};

const plain = {
  figure: 'sizes without a store',
  eventsPerAccount: history.length,
  jsonBytesPerEvent: Math.round(
    history.reduce((sum, event) => sum + encodeEvent(event).length, 0) / history.length,
  ),
};
process.stdout.write(`${JSON.stringify(plain)}\n`);
for (const [name, run] of Object.entries(stores)) {
  if (named.length === 0 || named.includes(name)) await run();
}
