// `npm run bench:stores` compares the library with the engine alone, as ratios within one run, one JSON line each. 1 is
// as fast as the engine; its bare insert and read transfer the same bytes.
import { performance } from 'node:perf_hooks';
import type pg from 'pg';
import {
  type EventStore,
  encodeEvent,
  execute,
  loadAccount,
  type StreamId,
} from '../../../src/history/index.js';
import { type AccountEvent, type Command, decide, emptyAccount, fold } from '../../../src/index.js';
import { migrate as migratePostgres, postgresEventStore } from '../../../src/stores/postgres/index.js';
import { migrate as migrateSqlite, sqliteEventStore } from '../../../src/stores/sqlite/index.js';
import { policy } from '../../support/deskWork.js';
import { postgresServer, resilientPool } from '../../support/postgresServer.js';
import { libsql, temporaryFile } from '../../support/sqliteDrivers.js';

const at = '2026-03-02T09:00:00Z';

const EVENTS_OF_ALL = Number(process.env.BENCH_EVENTS ?? 1_000_000);

/** An engine without the library, with the same data. */
type Bare = {
  readonly insert: (stream: StreamId, version: number, text: string) => Promise<unknown>;
  /** Fills many streams at once. */
  readonly fill: (events: number) => Promise<unknown>;
  readonly read: (stream: StreamId) => Promise<readonly { readonly event: string }[]>;
  readonly readAll: (take: (count: number) => void) => Promise<unknown>;
};

function assess(id: string): Command {
  return { type: 'AssessFee', id, feeType: 'OTHER', amount: '2.50', owner: 'MAIN', at };
}

function eventOf(id: string): AccountEvent {
  return decide(assess(id), emptyAccount(), policy).events[0] as AccountEvent;
}

/** Reports the median rates per second of several alternating rounds of each. */
async function compare(
  engine: string,
  what: string,
  count: number,
  ours: (round: number) => Promise<unknown>,
  bare: (round: number) => Promise<unknown>,
  rounds = 5,
): Promise<void> {
  const rates: Record<'ours' | 'bare', number[]> = { ours: [], bare: [] };
  for (let round = 0; round <= rounds; round++) {
    for (const [name, run] of [
      ['bare', bare],
      ['ours', ours],
    ] as const) {
      const start = performance.now();
      await run(round);
      // The first round warms up.
      if (round > 0 || rounds === 0) rates[name].push((1000 * count) / (performance.now() - start));
    }
  }
  const median = (list: number[]) => list.sort((a, b) => a - b)[Math.floor(list.length / 2)] ?? 0;
  const [mine, its] = [median(rates.ours), median(rates.bare)];
  const line = {
    engine,
    what,
    perSecond: Math.round(mine),
    bare: Math.round(its),
    ratio: Number((mine / its).toFixed(2)),
  };
  console.log(JSON.stringify(line));
}

async function measure(engine: string, store: EventStore, bare: Bare): Promise<void> {
  for (const writers of [1, 16]) {
    const each = Math.ceil(480 / writers);
    const inParallel = (work: (writer: number) => Promise<void>) =>
      Promise.all(Array.from({ length: writers }, (_, writer) => work(writer)));
    await compare(
      engine,
      `execute, first command of an account, writers: ${writers}`,
      writers * each,
      (round) =>
        inParallel(async (writer) => {
          for (let n = 0; n < each; n++) {
            const stream = { institution: 'ours', patronId: `${writers}-${round}-${writer}-${n}` };
            await execute(store, policy, stream, assess('f1'));
          }
        }),
      (round) =>
        inParallel(async (writer) => {
          for (let n = 0; n < each; n++) {
            const stream = { institution: 'bare', patronId: `${writers}-${round}-${writer}-${n}` };
            await bare.insert(stream, 1, encodeEvent(eventOf('f1')));
          }
        }),
    );
  }
  const long = { institution: 'long', patronId: 'p1' };
  const events = Array.from({ length: 1000 }, (_, n) => eventOf(`f${n}`));
  await store.append(long, events, { expectedVersion: 0 });
  await compare(
    engine,
    'read and fold of an account with 1,000 events, in events',
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
  await compare(
    engine,
    `readAll of ${EVENTS_OF_ALL} events in pages of 1,000`,
    EVENTS_OF_ALL,
    async () => {
      let after: string | undefined;
      for (let events = 1; events > 0; ) {
        const page = await store.readAll({ limit: 1000, ...(after !== undefined && { after }) });
        events = page.events.length;
        after = page.cursor;
      }
    },
    () => bare.readAll(() => undefined),
    0,
  );
}

const COLUMNS = 'institution, patron_id, version, recorded_at, event';

async function sqlite(): Promise<void> {
  const { file, remove } = temporaryFile();
  const database = libsql.open(file);
  migrateSqlite(database);
  const store = sqliteEventStore(database);
  const insert = database.prepare(`insert into patron_fees_event (${COLUMNS}) values (?, ?, ?, ?, ?)`);
  const read = database.prepare(
    `select ${COLUMNS} from patron_fees_event where institution = ? and patron_id = ? order by version`,
  );
  const page = database.prepare(
    `select position, ${COLUMNS} from patron_fees_event where position > ? order by position limit 1000`,
  );
  await measure('SQLite (libsql)', store, {
    insert: async ({ institution, patronId }, version, text) =>
      insert.run(institution, patronId, version, at, text),
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
  });
  database.close();
  remove();
}

async function postgres(): Promise<void> {
  const server = await postgresServer();
  const pool: pg.Pool = resilientPool({ ...server.connection, max: 16 });
  await migratePostgres(pool);
  const values = 'pg_current_xact_id()::text::bigint, $1, $2, $3, $4, $5';
  await measure('PostgreSQL (pg)', postgresEventStore(pool), {
    insert: ({ institution, patronId }, version, text) =>
      pool.query(`insert into patron_fees_event (transaction, ${COLUMNS}) values (${values})`, [
        institution,
        patronId,
        version,
        at,
        text,
      ]),
    fill: (events) =>
      pool.query(
        `insert into patron_fees_event (transaction, ${COLUMNS})
         select pg_current_xact_id()::text::bigint, 'many', 'p' || n, 1, now(), $1
         from generate_series(1, $2::integer) n`,
        [encodeEvent(eventOf('f1')), events],
      ),
    read: async ({ institution, patronId }) =>
      (
        await pool.query(
          `select version, recorded_at::text, event from patron_fees_event
           where institution = $1 and patron_id = $2 order by version`,
          [institution, patronId],
        )
      ).rows,
    readAll: async () => {
      for (let position = '0'; ; ) {
        const { rows } = await pool.query(
          `select position, institution, patron_id, version, recorded_at::text, event from patron_fees_event
           where (transaction, position) > (select transaction, position from patron_fees_event where position = $1
             union all select 0, 0 limit 1)
           order by transaction, position limit 1000`,
          [position],
        );
        for (const { event } of rows) JSON.parse(event);
        if (rows.length === 0) return;
        position = rows.at(-1).position;
      }
    },
  });
  await pool.end();
  await server.remove();
}

await sqlite();
await postgres();
