// `npm run bench -- stores` compares the built library with the engine alone, as ratios within one run, one JSON line each. 1
// is as fast as the engine; its bare insert and read transfer the same bytes. `npm run bench -- stores postgres execute` runs
// some engines (sqlite, postgres) and some measurements (execute, loadAccount, readAll); BENCH_PAIRS=3 is a short run.
import { performance } from 'node:perf_hooks';
import { type AccountEvent, type Command, decide, definePolicy, emptyAccount, fold } from 'patron-fees';
import {
  type EventStore,
  encodeEvent,
  execute,
  loadAccount,
  openAccount,
  type StreamId,
} from 'patron-fees/history';
import { migrate as migratePostgres, postgresEventStore } from 'patron-fees/postgres';
import { migrate as migrateSqlite, sqliteEventStore } from 'patron-fees/sqlite';
import type pg from 'pg';
import { newPool, postgresServer } from '../../support/postgresServer.js';
import { libsql, sqliteDrivers, temporaryFile } from '../../support/sqliteDrivers.js';

const policy = definePolicy({ currency: 'USD' });
const at = '2026-03-02T09:00:00Z';

const EVENTS_OF_ALL = Number(process.env.BENCH_EVENTS ?? 100_000);

/** The commands of one round. */
const COMMANDS = Number(process.env.BENCH_COMMANDS ?? 960);

/** An engine without the library, with the same data. */
type Bare = {
  /** Stores one event in a transaction, by a prepared statement. */
  readonly insert: (stream: StreamId, version: number, text: string) => Promise<unknown>;
  /** Fills many streams at once. */
  readonly fill: (events: number) => Promise<unknown>;
  readonly read: (stream: StreamId) => Promise<readonly { readonly event: string }[]>;
  readonly readAll: () => Promise<unknown>;
};

function assess(id: string): Command {
  return { type: 'AssessFee', id, feeType: 'OTHER', amount: '2.50', owner: 'MAIN', at };
}

function eventOf(id: string): AccountEvent {
  return decide(assess(id), emptyAccount(), policy).events[0] as AccountEvent;
}

const engines = ['sqlite', 'postgres'];
const named = process.argv.slice(2);
const isWanted = (engine: string) => named.includes(engine) || !named.some((name) => engines.includes(name));
const measurements = named.filter((name) => !engines.includes(name));

/** The pairs of rounds of each measurement. */
const PAIRS = Number(process.env.BENCH_PAIRS ?? 11);

/**
 * Reports the median ratio of pairs of rounds, one of each, so that a busy machine slows down both; the order within a pair
 * alternates.
 */
async function compare(
  engine: string,
  what: string,
  count: number,
  ours: (round: number) => Promise<unknown>,
  bare: (round: number) => Promise<unknown>,
  pairs = PAIRS,
): Promise<void> {
  if (measurements.length > 0 && !measurements.some((name) => what.startsWith(name))) return;
  const rateOf = async (run: (round: number) => Promise<unknown>, round: number) => {
    const start = performance.now();
    await run(round);
    return (1000 * count) / (performance.now() - start);
  };
  const rates: { readonly ours: number; readonly bare: number }[] = [];
  for (let round = 0; round < pairs + 2; round++) {
    const first = round % 2 === 0 ? await rateOf(bare, round) : 0;
    const own = await rateOf(ours, round);
    const pair = { ours: own, bare: first || (await rateOf(bare, round)) };
    // The first rounds warm up.
    if (round >= 2) rates.push(pair);
  }
  const quantile = (list: number[], part: number) =>
    list.sort((a, b) => a - b)[Math.floor(part * (list.length - 1))] ?? 0;
  const ratios = rates.map((pair) => pair.ours / pair.bare);
  const line = {
    engine,
    what,
    perSecond: Math.round(
      quantile(
        rates.map((pair) => pair.ours),
        0.5,
      ),
    ),
    bare: Math.round(
      quantile(
        rates.map((pair) => pair.bare),
        0.5,
      ),
    ),
    ratio: Number(quantile(ratios, 0.5).toFixed(2)),
    lower: Number(quantile(ratios, 0.25).toFixed(2)),
    upper: Number(quantile(ratios, 0.75).toFixed(2)),
  };
  console.log(JSON.stringify(line));
}

async function measure(
  engine: string,
  store: EventStore,
  bare: Bare,
  writerCounts: readonly number[],
): Promise<void> {
  for (const writers of writerCounts) {
    const each = Math.ceil(COMMANDS / writers);
    const inParallel = (work: (writer: number) => Promise<void>) =>
      Promise.all(Array.from({ length: writers }, (_, writer) => work(writer)));
    // Written beforehand, so that the engine alone decides and encodes nothing.
    const text = encodeEvent(eventOf('f1'));
    const insertAll = (account: string) => (round: number) =>
      inParallel(async (writer) => {
        for (let n = 0; n < each; n++) {
          const stream = { institution: account, patronId: `${writers}-${round}-${writer}-${n}` };
          await bare.insert(stream, 1, text);
        }
      });
    await compare(
      engine,
      `execute on new accounts / insert, writers: ${writers}`,
      writers * each,
      (round) =>
        inParallel(async (writer) => {
          for (let n = 0; n < each; n++) {
            const stream = { institution: 'ours', patronId: `${writers}-${round}-${writer}-${n}` };
            await execute(store, policy, stream, assess('f1'));
          }
        }),
      insertAll('bare'),
    );
    await compare(
      engine,
      `execute on held accounts / insert, writers: ${writers}`,
      writers * each,
      (round) =>
        inParallel(async (writer) => {
          const stream = { institution: 'held', patronId: `${writers}-${round}-${writer}` };
          const held = await openAccount(store, policy, stream);
          for (let n = 0; n < each; n++) await held.execute(assess(`f${n}`));
        }),
      insertAll('beside'),
    );
  }
  const long = { institution: 'long', patronId: 'p1' };
  const events = Array.from({ length: 1000 }, (_, n) => eventOf(`f${n}`));
  await store.append(long, events, { expectedVersion: 0 });
  await compare(
    engine,
    'loadAccount of 1,000 events / read, JSON.parse and fold, in events',
    20_000,
    async () => {
      for (let n = 0; n < 20; n++) await loadAccount(store, long);
    },
    async () => {
      for (let n = 0; n < 20; n++) {
        fold((await bare.read(long)).map(({ event }) => JSON.parse(event) as AccountEvent));
      }
    },
  );
  await bare.fill(EVENTS_OF_ALL);
  let all = 0;
  const readAll = async () => {
    all = 0;
    for (let after: string | undefined; ; ) {
      const page = await store.readAll({ limit: 1000, ...(after !== undefined && { after }) });
      if (page.events.length === 0) return;
      all += page.events.length;
      after = page.cursor;
    }
  };
  await readAll();
  await compare(
    engine,
    `readAll of ${all} events in pages of 1,000 / rows and JSON.parse`,
    all,
    readAll,
    () => bare.readAll(),
  );
}

const COLUMNS = 'institution, patron_id, version, recorded_at, event';

async function sqlite(): Promise<void> {
  const { file, remove } = temporaryFile();
  const driver = sqliteDrivers.find(({ name }) => name === 'better-sqlite3') ?? libsql;
  const database = driver.open(file);
  migrateSqlite(database);
  const store = sqliteEventStore(database, { synchronous: 'normal' });
  const begin = database.prepare('begin immediate');
  const commit = database.prepare('commit');
  const insert = database.prepare(`insert into patron_fees_event (${COLUMNS}) values (?, ?, ?, ?, ?)`);
  const read = database.prepare(
    `select ${COLUMNS} from patron_fees_event where institution = ? and patron_id = ? order by version`,
  );
  const page = database.prepare(
    `select position, ${COLUMNS} from patron_fees_event where position > ? order by position limit 1000`,
  );
  const bare: Bare = {
    insert: async ({ institution, patronId }, version, text) => {
      begin.run();
      insert.run(institution, patronId, version, at, text);
      commit.run();
    },
    fill: async (events) => {
      database.exec('begin');
      const text = encodeEvent(eventOf('f1'));
      for (let n = 0; n < events; n++) insert.run('many', `p${n}`, 1, at, text);
      database.exec('commit');
    },
    read: async ({ institution, patronId }) => read.all(institution, patronId) as { event: string }[],
    readAll: async () => {
      for (let position = 0; ; ) {
        const rows = page.all(position) as { position: number; event: string }[];
        for (const { event } of rows) JSON.parse(event);
        if (rows.length === 0) return;
        position = rows.at(-1)?.position ?? position;
      }
    },
  };
  await measure(`SQLite NORMAL (${driver.name})`, store, bare, [1]);
  database.close();
  remove();
}

async function postgres(): Promise<void> {
  const server = await postgresServer();
  const pool: pg.Pool = newPool({ ...server.connection, max: 16 });
  await migratePostgres(pool);
  const values = 'pg_current_xact_id()::text::bigint, $1, $2, $3, $4, $5';
  const text = `insert into patron_fees_event (transaction, ${COLUMNS}) values (${values})`;
  const read = `select version, recorded_at::text, event from patron_fees_event
    where institution = $1 and patron_id = $2 order by version`;
  const page = `select transaction, position, institution, patron_id, version, recorded_at::text, event
    from patron_fees_event where (transaction, position) > ($1, $2) order by transaction, position limit 1000`;
  const bare: Bare = {
    insert: ({ institution, patronId }, version, event) =>
      pool.query({ name: 'bare', text, values: [institution, patronId, version, at, event] }),
    fill: (events) =>
      pool.query(
        `insert into patron_fees_event (transaction, ${COLUMNS})
         select pg_current_xact_id()::text::bigint, 'many', 'p' || n, 1, now(), $1
         from generate_series(1, $2::integer) n`,
        [encodeEvent(eventOf('f1')), events],
      ),
    read: async ({ institution, patronId }) =>
      (await pool.query({ name: 'read', text: read, values: [institution, patronId] })).rows,
    readAll: async () => {
      for (let place = ['0', '0']; ; ) {
        const { rows } = await pool.query({ name: 'page', text: page, values: place });
        for (const { event } of rows) JSON.parse(event);
        if (rows.length === 0) return;
        const { transaction, position } = rows.at(-1);
        place = [transaction, position];
      }
    },
  };
  await measure('PostgreSQL (pg)', postgresEventStore(pool, { namedStatements: true }), bare, [1, 16]);
  await pool.end();
  await server.remove();
}

if (isWanted('sqlite')) await sqlite();
if (isWanted('postgres')) await postgres();
