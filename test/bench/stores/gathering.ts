// `npm run bench -- gathering`, after `npm run build`, compares stores whose concurrent calls share round trips and commits
// with the same stores without (`gather: false`), and with a plain insert of the same bytes, in rounds of changing order: a
// line of JSON each, after one with the time of a flush to the disk. Words select engines (postgres, sqlite) and measurements by the beginning of their names, for example
// `-- postgres new held`. BENCH_PAIRS=3 BENCH_COMMANDS=480 is a short run.
import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';
import { Agent, createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { performance } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { type Command, decide, definePolicy, emptyAccount } from 'patron-fees';
import {
  type EventStore,
  encodeEvent,
  execute,
  loadAccount,
  openAccount,
  type StreamId,
} from 'patron-fees/history';
import { runAccrual } from 'patron-fees/jobs';
import { defineCalendar, defineFineRule } from 'patron-fees/overdue';
import {
  migrate as migratePostgres,
  postgresEventStore,
  inlineAccounts as postgresTable,
  rebuildAccounts,
} from 'patron-fees/postgres';
import { migrate as migrateSqlite, sqliteEventStore } from 'patron-fees/sqlite';
import { newPool, postgresServer } from '../../support/postgresServer.js';
import { libsql, sqliteDrivers, temporaryFile } from '../../support/sqliteDrivers.js';

const PAIRS = Number(process.env.BENCH_PAIRS ?? 7);
const COMMANDS = Number(process.env.BENCH_COMMANDS ?? 1_920);
const policy = definePolicy({ currency: 'USD', overpayment: 'credit' });
const at = '2026-03-02T09:00:00Z';

const words = process.argv.slice(2);
const engines = ['postgres', 'sqlite'];
const wanted = words.filter((word) => !engines.includes(word));
const isWanted = (engine: string) => words.includes(engine) || !words.some((word) => engines.includes(word));

function assess(id: string): Command {
  return { type: 'AssessFee', id, feeType: 'OTHER', amount: '2.50', owner: 'MAIN', at };
}

const text = encodeEvent(decide(assess('f1'), emptyAccount(), policy).events[0] as never);

/** Work of one alternative: does a number of commands and returns the times of some of them, in milliseconds. */
type Work = (round: string) => Promise<readonly number[] | undefined>;

const median = (list: readonly number[], part = 0.5) =>
  [...list].sort((a, b) => a - b)[Math.floor(part * (list.length - 1))] ?? 0;
const rounded = (value: number) => Number(value.toPrecision(3));

/** Prints the time of a flush to the disk that the databases of this run are on. */
function reportFlush(): void {
  const { file, remove } = temporaryFile();
  const descriptor = openSync(file, 'w');
  const page = Buffer.alloc(8_192, 1);
  const times = Array.from({ length: 200 }, () => {
    writeSync(descriptor, page);
    const start = performance.now();
    fsyncSync(descriptor);
    return performance.now() - start;
  });
  closeSync(descriptor);
  remove();
  const [p50, p99] = [rounded(median(times)), rounded(median(times, 0.99))];
  console.log(JSON.stringify({ what: 'fsync of 8 kB', ms: { p50, p99 } }));
}

/** Runs alternatives in rounds; reports rates, times, and the median ratios of the first to each other in one round. */
async function compare(engine: string, what: string, count: number, works: Readonly<Record<string, Work>>) {
  if (wanted.length > 0 && !wanted.some((word) => what.startsWith(word))) return;
  const names = Object.keys(works);
  const rates: Record<string, number>[] = [];
  const times: Record<string, readonly number[]> = {};
  for (let round = 0; round <= PAIRS; round++) {
    const rate: Record<string, number> = {};
    for (const name of round % 2 === 0 ? names : [...names].reverse()) {
      const start = performance.now();
      const taken = await works[name]?.(`${what} ${name} ${round}`);
      rate[name] = (1_000 * count) / (performance.now() - start);
      if (round > 0 && taken !== undefined) times[name] = [...(times[name] ?? []), ...taken];
    }
    // The first round warms up.
    if (round > 0) rates.push(rate);
  }
  const [first = '', ...others] = names;
  const of = (name: string) => rates.map((rate) => rate[name] ?? 0);
  console.log(
    JSON.stringify({
      engine,
      what,
      perSecond: Object.fromEntries(names.map((name) => [name, Math.round(median(of(name)))])),
      ratios: Object.fromEntries(
        others.map((name) => [
          `${first} / ${name}`,
          rounded(median(rates.map((rate) => (rate[first] ?? 0) / (rate[name] ?? 1)))),
        ]),
      ),
      ...Object.fromEntries(
        Object.entries(times).map(([name, list]) => [
          `${name}, ms`,
          { p50: rounded(median(list)), p99: rounded(median(list, 0.99)) },
        ]),
      ),
    }),
  );
}

/** Runs commands by concurrent writers, each on a new account; returns the time of each command. */
async function byWriters(writers: number, write: (account: string) => Promise<unknown>): Promise<number[]> {
  const times: number[] = [];
  let next = 0;
  await Promise.all(
    Array.from({ length: writers }, async () => {
      while (next < COMMANDS) {
        const account = `p${next++}`;
        const start = performance.now();
        await write(account);
        times.push(performance.now() - start);
      }
    }),
  );
  return times;
}

const onNew = (store: EventStore, writers: number): Work => {
  return (institution) =>
    byWriters(writers, (patronId) => execute(store, policy, { institution, patronId }, assess('f1')));
};

const onHeld = (store: EventStore, writers: number): Work => {
  return async (institution) => {
    const each = Math.ceil(COMMANDS / writers);
    await Promise.all(
      Array.from({ length: writers }, async (_, writer) => {
        const held = await openAccount(store, policy, { institution, patronId: `p${writer}` });
        for (let n = 0; n < each; n++) await held.execute(assess(`f${n}`));
      }),
    );
    return undefined;
  };
};

/** Commands that arrive at random times, at a rate, whether or not earlier ones are done. */
const arrivals = (store: EventStore, perSecond: number): Work => {
  return async (institution) => {
    const times: number[] = [];
    const running: Promise<unknown>[] = [];
    const start = performance.now();
    let due = 0;
    for (let n = 0; n < COMMANDS; n++) {
      due += (-Math.log(1 - Math.random()) * 1_000) / perSecond;
      while (performance.now() - start < due) await pause(0);
      const from = start + due;
      const done = execute(store, policy, { institution, patronId: `p${n}` }, assess('f1'));
      running.push(done.then(() => times.push(performance.now() - from)));
    }
    await Promise.all(running);
    return times;
  };
};

/** Commands through an HTTP server in this process, by connections that are kept open. */
const overHttp = (store: EventStore, connections: number): Work => {
  return async (institution) => {
    const server = createServer(async (asked, answer) => {
      const patronId = String(asked.url).slice(1);
      const { version } = await execute(store, policy, { institution, patronId }, assess('f1'));
      answer.end(String(version));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const agent = new Agent({ keepAlive: true, maxSockets: connections });
    const times = await byWriters(
      connections,
      (patronId) =>
        new Promise<void>((resolve, reject) => {
          const asking = request({ port, agent, path: `/${patronId}`, method: 'POST' }, (answer) => {
            answer.resume();
            answer.on('end', resolve);
          });
          asking.on('error', reject);
          asking.end();
        }),
    );
    agent.destroy();
    await new Promise((resolve) => server.close(resolve));
    return times;
  };
};

const LOADED = 64;

const loadsAtOnce = (store: EventStore, streams: readonly StreamId[]): Work => {
  return async () => void (await Promise.all(streams.map((stream) => loadAccount(store, stream))));
};

const loadsInTurn = (store: EventStore, streams: readonly StreamId[]): Work => {
  return async () => {
    for (const stream of streams) await loadAccount(store, stream);
    return undefined;
  };
};

/** The nightly job over accounts with an overdue loan each. */
const night = (store: EventStore, accounts: number, concurrency?: number): Work => {
  return async (institution) => {
    const form = {
      jobId: institution,
      at: '2026-03-10T02:00:00-04:00',
      institution,
      rules: {
        books: defineFineRule({ currency: 'USD', amount: '0.25', period: { length: 1, unit: 'day' } }),
      },
      calendars: { MAIN: defineCalendar({ timeZone: 'America/New_York' }) },
    };
    const late = { dueAt: '2026-03-06T23:59:00-05:00', owner: 'MAIN', rule: 'books', calendar: 'MAIN' };
    const loans = Array.from({ length: accounts }, (_, n) => ({
      ...late,
      patronId: `p${n}`,
      loanId: `l${n}`,
    }));
    await runAccrual(store, policy, form, { loans, ...(concurrency !== undefined && { concurrency }) });
    return undefined;
  };
};

async function filled(store: EventStore): Promise<readonly StreamId[]> {
  const streams = Array.from({ length: LOADED }, (_, n) => ({ institution: 'loaded', patronId: `p${n}` }));
  for (const stream of streams) {
    const held = await openAccount(store, policy, stream);
    for (let n = 0; n < 20; n++) await held.execute(assess(`f${n}`));
  }
  return streams;
}

async function postgres(): Promise<void> {
  const engine = 'PostgreSQL (pg)';
  const server = await postgresServer();
  const pool = newPool({ ...server.connection, max: 16 });
  await migratePostgres(pool);
  const insert = `insert into patron_fees_event (transaction, institution, patron_id, version, recorded_at, event)
    values (pg_current_xact_id()::text::bigint, $1, $2, $3, $4, $5)`;
  const bare = (writers: number): Work => {
    return (institution) =>
      byWriters(writers, (patronId) =>
        pool.query({ name: 'bare', text: insert, values: [institution, patronId, 1, at, text] }),
      );
  };
  const named = { namedStatements: true };
  const on = postgresEventStore(pool, named);
  const off = postgresEventStore(pool, { ...named, gather: false });
  for (const writers of [1, 16, 64]) {
    await compare(engine, `new accounts, ${writers} writers`, COMMANDS, {
      gathered: onNew(on, writers),
      single: onNew(off, writers),
      insert: bare(writers),
    });
    await compare(engine, `held accounts, ${writers} writers`, COMMANDS, {
      gathered: onHeld(on, writers),
      single: onHeld(off, writers),
      insert: bare(writers),
    });
  }
  for (const rate of [2_000, 8_000])
    await compare(engine, `arrivals at random, ${rate} a second`, COMMANDS, {
      gathered: arrivals(on, rate),
      single: arrivals(off, rate),
    });
  await compare(engine, 'notify, 16 writers', COMMANDS, {
    gathered: onNew(postgresEventStore(pool, { ...named, notify: true }), 16),
    single: onNew(postgresEventStore(pool, { ...named, notify: true, gather: false }), 16),
  });
  // A database of its own: a store refuses an inline table that others wrote beside.
  await pool.query('create database inline');
  const ownPool = newPool({ ...server.connection, database: 'inline', max: 16 });
  await migratePostgres(ownPool);
  await rebuildAccounts(ownPool);
  const inline = { ...named, inline: [postgresTable] };
  await compare(engine, 'inline table, 16 writers', COMMANDS, {
    gathered: onNew(postgresEventStore(ownPool, inline), 16),
    single: onNew(postgresEventStore(ownPool, { ...inline, gather: false }), 16),
  });
  await ownPool.end();
  await compare(engine, 'HTTP server, 16 connections', COMMANDS, {
    gathered: overHttp(on, 16),
    single: overHttp(off, 16),
  });
  const streams = await filled(on);
  await compare(engine, `loads of ${LOADED} accounts of 20 events`, LOADED, {
    'at once': loadsAtOnce(on, streams),
    'at once, single': loadsAtOnce(off, streams),
    'one after another': loadsInTurn(on, streams),
  });
  await compare(engine, 'nightly job', COMMANDS, {
    'gathered, 64': night(on, COMMANDS),
    'single, 8': night(off, COMMANDS, 8),
    'gathered, 8': night(on, COMMANDS, 8),
  });
  await pool.end();
  await server.remove();
}

async function sqlite(): Promise<void> {
  const driver = sqliteDrivers.find(({ name }) => name === 'better-sqlite3') ?? libsql;
  for (const synchronous of ['full', 'normal'] as const) {
    const engine = `SQLite ${synchronous.toUpperCase()} (${driver.name})`;
    const { file, remove } = temporaryFile();
    const database = driver.open(file);
    migrateSqlite(database);
    const on = sqliteEventStore(database, { synchronous });
    const off = sqliteEventStore(database, { synchronous, gather: false });
    const begin = database.prepare('begin immediate');
    const commit = database.prepare('commit');
    const insert = database.prepare(
      'insert into patron_fees_event (institution, patron_id, version, recorded_at, event) values (?, ?, ?, ?, ?)',
    );
    const bare = (writers: number): Work => {
      return (institution) =>
        byWriters(writers, async (patronId) => {
          begin.run();
          insert.run(institution, patronId, 1, at, text);
          commit.run();
        });
    };
    for (const writers of [1, 16, 64])
      await compare(engine, `new accounts, ${writers} writers`, COMMANDS, {
        gathered: onNew(on, writers),
        single: onNew(off, writers),
        insert: bare(writers),
      });
    await compare(engine, 'arrivals at random, 2000 a second', COMMANDS, {
      gathered: arrivals(on, 2_000),
      single: arrivals(off, 2_000),
    });
    await compare(engine, 'HTTP server, 16 connections', COMMANDS, {
      gathered: overHttp(on, 16),
      single: overHttp(off, 16),
    });
    await compare(engine, 'nightly job', COMMANDS, {
      'gathered, 64': night(on, COMMANDS),
      'single, 8': night(off, COMMANDS, 8),
    });
    database.close();
    remove();
  }
}

reportFlush();
if (isWanted('postgres')) await postgres();
if (isWanted('sqlite')) await sqlite();
