import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { type EventStore, parked, retryParked, type Shard } from '../../src/history/index.js';
import * as postgres from '../../src/stores/postgres/index.js';
import * as sqlite from '../../src/stores/sqlite/index.js';
import { assessedFee } from '../support/assessedFee.js';
import { bundledProgram } from '../support/bundledProgram.js';
import { newPool, postgresServer } from '../support/postgresServer.js';
import { seenInPostgres, seenInSqlite, seenTables } from '../support/seenVersions.js';
import { libsql, temporaryFile } from '../support/sqliteDrivers.js';
import { timesOf } from './timesOf.js';

const KILLS = timesOf(60);
const PATRONS = 40;
const program = fileURLToPath(new URL('./shardFollower.ts', import.meta.url));
const patron = (index: number) => ({ institution: 'north', patronId: `p${index}` });

/** A database with the events, and with the projection that the processes share. */
type Place = {
  readonly given: object;
  readonly store: EventStore;
  readonly projectionOf: (shard: Shard) => ReturnType<typeof seenInPostgres>;
  readonly query: (text: string) => Promise<readonly Record<string, unknown>[]>;
};

type Follower = {
  readonly process: ChildProcess;
  readonly ended: Promise<unknown>;
  pages: number;
  /** Whether it ended before it was killed. */
  hasFailed: boolean;
};

function startFollower(place: Place, index: number, of: number): Follower {
  const given = [JSON.stringify(place.given), String(index), String(of)];
  const child = spawn(process.execPath, [bundledProgram(program), ...given], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const follower: Follower = {
    process: child,
    ended: new Promise((resolve) => child.once('close', resolve)),
    pages: 0,
    hasFailed: false,
  };
  child.once('close', () => {
    follower.hasFailed = !child.killed;
  });
  createInterface({ input: child.stdout as NodeJS.ReadableStream }).on('line', () => {
    follower.pages += 1;
  });
  return follower;
}

/** Kills processes that share a projection while events are appended, and changes their number. */
async function expectEachEventOnce(place: Place): Promise<void> {
  const { store, query } = place;
  // One account has an event that only a later release can read, before anybody follows.
  for (let version = 0; version < 6; version++)
    await store.append(patron(0), [assessedFee(`f${version}`)], { expectedVersion: version });
  await query(
    `update patron_fees_event set event = replace(event, 'FeeAssessed', 'FeeOfLater') where version = 6`,
  );
  let writing = true;
  let appended = 6;
  const writer = (async () => {
    for (; writing; await pause(1)) {
      const stream = patron(appended % PATRONS);
      const { version } = await store.append(stream, [], { expectedVersion: 'any' });
      await store.append(stream, [assessedFee(`f${version}`)], { expectedVersion: version });
      appended += 1;
    }
  })();
  let of = 3;
  let followers = [0, 1, 2].map((index) => startFollower(place, index, of));
  const kill = async (follower: Follower) => {
    follower.process.kill('SIGKILL');
    await follower.ended;
  };
  const whileAllRun = async () => {
    expect(followers.filter(({ hasFailed }) => hasFailed)).toEqual([]);
    await pause(20);
  };
  for (let kills = 0; kills < KILLS; kills++) {
    if (kills % 5 === 4) {
      // All are killed, and others are started: more or fewer.
      await Promise.all(followers.map(kill));
      of = 2 + (kills % 4);
      followers = Array.from({ length: of }, (_, index) => startFollower(place, index, of));
    } else {
      const victim = kills % followers.length;
      const before = appended;
      while ((followers[victim]?.pages ?? 0) === 0 && appended < before + 300) await whileAllRun();
      await pause(Math.random() * 30);
      await kill(followers[victim] as Follower);
      // Every third time nobody replaces it for a while: the others take over its shards.
      if (kills % 3 === 0) await pause(600);
      followers[victim] = startFollower(place, victim, of);
    }
  }
  writing = false;
  await writer;
  const waits = async () => {
    const lists = await Promise.all(
      Array.from({ length: 8 }, (_, index) => parked(place.projectionOf({ index, of: 8 }).checkpoint)),
    );
    return lists.flat();
  };
  const { version: last } = await store.append(patron(0), [], { expectedVersion: 'any' });
  const seen = async () => Number((await query('select count(*) as count from seen'))[0]?.count);
  while ((await seen()) < appended - (last - 5)) await whileAllRun();
  while ((await waits())[0]?.lastVersion !== last) await whileAllRun();
  expect(await waits()).toMatchObject([{ ...patron(0), version: 6, reason: { code: 'INVALID_EVENT' } }]);
  // The release that can read it, while the followers go on.
  await query(`update patron_fees_event set event = replace(event, 'FeeOfLater', 'FeeAssessed')`);
  for (let index = 0; index < 8; index++) {
    const projection = place.projectionOf({ index, of: 8 });
    await retryParked(store, projection, projection.checkpoint);
  }
  expect(await waits()).toEqual([]);
  await Promise.all(followers.map(kill));
  const rows = await query('select patron_id, version from seen order by place');
  expect(rows).toHaveLength(appended);
  for (let index = 0; index < PATRONS; index++) {
    const { patronId } = patron(index);
    const versions = rows.filter((row) => row.patron_id === patronId).map(({ version }) => Number(version));
    expect(versions).toEqual(versions.map((_, place) => place + 1));
  }
  console.log(`${KILLS} kills, ${appended} events, each applied once`);
}

it(`processes that share a projection apply each event once and in order over PostgreSQL, after ${KILLS} kills (kill -9)`, async () => {
  const server = await postgresServer();
  const pool = newPool(server.connection);
  await postgres.migrate(pool);
  await pool.query(seenTables.postgres);
  await expectEachEventOnce({
    given: { postgres: server.folder },
    store: postgres.postgresEventStore(pool),
    projectionOf: (shard) => seenInPostgres(pool, shard),
    query: async (text) => (await pool.query(text)).rows,
  });
  await pool.end();
  await server.remove();
});

it(`processes that share a projection apply each event once and in order over SQLite, after ${KILLS} kills (kill -9)`, async () => {
  const { file, remove } = temporaryFile();
  const database = libsql.open(file);
  sqlite.migrate(database);
  database.exec(seenTables.sqlite);
  await expectEachEventOnce({
    given: { sqlite: file },
    store: sqlite.sqliteEventStore(database, { synchronous: 'normal', busyTimeoutMs: 60_000 }),
    projectionOf: (shard) => seenInSqlite(database, shard),
    query: async (text) => database.prepare(text).all() as Record<string, unknown>[],
  });
  database.close();
  remove();
});
