import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { EventStore } from '../../src/history/index.js';
import { runAccrual } from '../../src/jobs/index.js';
import { migrate, postgresEventStore } from '../../src/stores/postgres/index.js';
import { migrate as migrateSqlite, sqliteEventStore } from '../../src/stores/sqlite/index.js';
import { lateLoan, night, policy } from '../jobs/accrual/nights.js';
import { assessedFee } from '../support/assessedFee.js';
import { bundledProgram } from '../support/bundledProgram.js';
import { inlineLogTable, postgresLog } from '../support/inlineLog.js';
import { newPool, type PostgresServer, postgresServer } from '../support/postgresServer.js';
import { libsql, temporaryFile } from '../support/sqliteDrivers.js';
import { until } from '../support/until.js';
import { faultsOfCrowds, workInCrowd } from './crowd.js';
import { timesOf } from './timesOf.js';

const TIMES = timesOf(100);

describe('batches in PostgreSQL', () => {
  let server: PostgresServer;
  let pool: pg.Pool;
  let watching: pg.Pool;

  beforeEach(async () => {
    server = await postgresServer();
    pool = newPool(server.connection);
    watching = newPool({ ...server.connection, max: 1 });
    await migrate(pool);
    await pool.query(inlineLogTable);
  });

  afterEach(async () => {
    await Promise.all([pool.end(), watching.end()]);
    await server.remove();
  });

  /** Two crowds, the second with an inline projection; breaks something many times, and then compares. */
  const breaking = async (breakOnce: (acknowledged: ReadonlySet<string>) => Promise<void>) => {
    const acknowledged = new Set<string>();
    let isWorking = true;
    const crowds = [postgresEventStore(pool), postgresEventStore(pool, { inline: [postgresLog] })].map(
      (store, index) =>
        workInCrowd(
          store,
          `crowd${index}`,
          () => isWorking,
          (feeId) => acknowledged.add(feeId),
        ),
    );
    try {
      for (let time = 0; time < TIMES; time++) {
        const before = acknowledged.size;
        while (acknowledged.size < before + 50) await pause(1);
        await breakOnce(acknowledged);
      }
    } finally {
      isWorking = false;
      await Promise.all(crowds);
    }
    // A client hears of its lost connection before the server has ended the transaction, which `readAll` waits for.
    const store = postgresEventStore(pool);
    await until(async () => (await store.lag()).events === 0);
    const { events } = await store.readAll();
    expect(faultsOfCrowds(events, acknowledged)).toEqual([]);
    expect(acknowledged.size).toBeGreaterThanOrEqual(50 * TIMES);
    const unequal = await pool.query(`
      select patron_id, version from patron_fees_event where institution = 'crowd1'
      except select patron_id, version from inline_log where institution = 'crowd1'
      union all
      (select patron_id, version from inline_log where institution = 'crowd1'
       except select patron_id, version from patron_fees_event where institution = 'crowd1')`);
    expect(unequal.rows).toEqual([]);
  };

  it(`lose, double and split nothing if ${TIMES} backends are ended in the middle`, async () => {
    await breaking(async () => {
      const one = `select pg_terminate_backend(pid) from pg_stat_activity
        where pid <> pg_backend_pid() and state <> 'idle' and query like '%patron_fees_event%' limit 1`;
      while ((await watching.query(one)).rows.length === 0) await pause(0);
    });
  });

  it(`lose, double and split nothing if the server is killed (kill -9) ${TIMES} times`, async () => {
    await breaking(async () => {
      await pause(Math.random() * 20);
      await server.kill();
      await server.start();
    });
  });

  it(`lose, double and split nothing if the store is closed under load, ${TIMES} times`, async () => {
    const options = [{}, { inline: [postgresLog] }];
    await closing(TIMES, (time) => postgresEventStore(pool, options[time % 2]));
  });

  it('are all in the accounts when a job was aborted, and the next run charges the others', async () => {
    const store = postgresEventStore(pool);
    const loans = Array.from({ length: 400 }, (_, n) => lateLoan({ patronId: `p${n}`, loanId: `l${n}` }));
    const aborting = new AbortController();
    let seen = 0;
    const onLoan = () => {
      seen += 1;
      if (seen === 100) aborting.abort();
    };
    const job = runAccrual(store, policy, night(5), { loans, onLoan, signal: aborting.signal });
    await expect(job).rejects.toMatchObject({ code: 'JOB_CANCELLED' });
    const count = async () => (await store.readAll({ limit: 1_000 })).events.length;
    const stored = await count();
    expect(stored).toBeGreaterThanOrEqual(100);
    expect(stored).toBeLessThan(400);
    const report = await runAccrual(store, policy, night(5), { loans });
    expect(report.total.charged.count).toBe(400);
    expect(await count()).toBe(400);
    await store.close();
  });
});

/** Closes stores under load, and compares what each acknowledged with what is stored. */
async function closing(times: number, open: (time: number) => EventStore): Promise<void> {
  const acknowledged = new Set<string>();
  for (let time = 0; time < times; time++) {
    const store = open(time);
    const before = acknowledged.size;
    let isOpen = true;
    const crowd = workInCrowd(
      store,
      `close${time}`,
      () => isOpen,
      (feeId) => acknowledged.add(feeId),
    );
    while (acknowledged.size < before + 50) await pause(1);
    const closed = store.close();
    isOpen = false;
    const late = store.append({ institution: 'late', patronId: 'p1' }, [assessedFee('refused-0-1')], {
      expectedVersion: 'any',
    });
    await expect(late).rejects.toMatchObject({ code: 'STORE_CLOSED' });
    await closed;
    const stored = async () => (await open(time).readAll({ limit: 100_000 })).events;
    const events = await stored();
    expect(faultsOfCrowds(events, acknowledged)).toEqual([]);
    await crowd;
    expect(await stored()).toEqual(events);
  }
}

it(`batches in SQLite lose, double and split nothing if the store is closed under load, ${TIMES} times`, async () => {
  const { file, remove } = temporaryFile();
  const database = libsql.open(file);
  migrateSqlite(database);
  await closing(TIMES, () => sqliteEventStore(database));
  database.close();
  remove();
});

it(`batches in SQLite lose, double and split nothing if a process is killed (kill -9) ${TIMES} times`, async () => {
  const { file, remove } = temporaryFile();
  const database = libsql.open(file);
  migrateSqlite(database);
  const program = fileURLToPath(new URL('./crowdWriter.ts', import.meta.url));
  const acknowledged = new Set<string>();
  type Writer = { readonly process: ChildProcess; readonly ended: Promise<unknown>; acknowledged: number };
  let named = 0;
  const startWriter = (): Writer => {
    named += 1;
    const child = spawn(process.execPath, [bundledProgram(program), file, `crowd${named}`], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = new Promise((resolve) => child.once('close', resolve));
    const writer: Writer = { process: child, ended, acknowledged: 0 };
    createInterface({ input: child.stdout as NodeJS.ReadableStream }).on('line', (feeId) => {
      acknowledged.add(feeId);
      writer.acknowledged += 1;
    });
    return writer;
  };
  let writers = [startWriter(), startWriter()];
  const kill = async ({ process: child, ended }: Writer) => {
    child.kill('SIGKILL');
    await ended;
  };
  try {
    for (let kills = 0; kills < TIMES; kills++) {
      const [victim, ...others] = writers as [Writer, ...Writer[]];
      while (victim.acknowledged < 50) await pause(1);
      await pause(Math.random() * 20);
      await kill(victim);
      writers = [...others, startWriter()];
    }
  } finally {
    await Promise.all(writers.map(kill));
  }
  const { events } = await sqliteEventStore(database).readAll();
  expect(faultsOfCrowds(events, acknowledged)).toEqual([]);
  expect(acknowledged.size).toBeGreaterThanOrEqual(50 * TIMES);
  expect(database.prepare('pragma integrity_check').get()).toMatchObject({ integrity_check: 'ok' });
  database.close();
  remove();
});
