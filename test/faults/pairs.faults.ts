import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createNatsStream } from '../../src/stores/nats/index.js';
import { bundledProgram } from '../support/bundledProgram.js';
import { runInMemory } from '../support/commandLine.js';
import { pairsWith, type StoreName, storesWith } from '../support/featurePairs.js';
import { type NatsServers, startNatsServers } from '../support/natsServers.js';
import { PGlite } from '../support/pglite.js';
import { newPool, type PostgresServer, postgresServer } from '../support/postgresServer.js';
import { describeWith } from '../support/programs.js';
import { libsql, type SqliteDriver, sqliteDrivers } from '../support/sqliteDrivers.js';
import { temporaryFolder } from '../support/temporaryFolder.js';
import { openFile, type PairPlace, type PairStore, pairStore } from './pairStores.js';
import { type PairPlan, workOn } from './pairWork.js';
import { faultsOfPair, prepareFollower } from './pairWorld.js';
import { USUAL_STEP } from './timesOf.js';

const program = fileURLToPath(new URL('./pairWorker.ts', import.meta.url));

/** Chooses the eighth of each store that a usual run plays, and its kills: `.ci/run` makes it of the source. */
const seed = Number(process.env.FC_SEED ?? Date.now());
const cells = pairsWith('+')
  .flatMap((features) => storesWith(features).map((store) => ({ features, store })))
  .map((cell, index) => ({ ...cell, index }));
const chosenOf = (store: StoreName) =>
  cells
    .filter((cell) => cell.store === store)
    .filter((_, place) => process.env.FAULTS === 'all' || (place + seed) % USUAL_STEP === 0);

let server: PostgresServer;
let admin: pg.Pool;
let nats: NatsServers;

/** Runs a process with the features, and kills it after so many acknowledged commands; it may end before. */
async function runProcess(
  plan: PairPlan,
  killedAfter: number,
  acknowledge: (id: string) => void,
): Promise<void> {
  const child = spawn(process.execPath, [bundledProgram(program), JSON.stringify(plan)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let errors = '';
  child.stderr.on('data', (text) => {
    errors += text;
  });
  let count = 0;
  createInterface({ input: child.stdout }).on('line', (id) => {
    acknowledge(id);
    count += 1;
    if (count === 5) void outage(plan);
    if (count === killedAfter) void pause((plan.seed * count) % 15).then(() => child.kill('SIGKILL'));
  });
  const [code, signal] = await new Promise<unknown[]>((resolve) =>
    child.once('close', (...how) => resolve(how)),
  );
  if (code !== 0 && signal !== 'SIGKILL') throw new Error(errors);
}

/** Ends the connections of a process to PostgreSQL, or kills the server of NATS and starts it again. */
async function outage({ store, postgres, run }: PairPlan): Promise<void> {
  if (store === 'PostgreSQL')
    await admin.query('select pg_terminate_backend(pid) from pg_stat_activity where application_name = $1', [
      postgres?.schema,
    ]);
  if (store === 'NATS' && run === 1) {
    await nats.kill(0);
    nats.restart(0);
  }
}

/** Where the events of a cell are. */
async function placeOf({ features, store, index }: (typeof cells)[number]): Promise<PairPlace> {
  const folder = temporaryFolder();
  // What is written beside another store is in libsql.
  const { name: driver } =
    store === 'SQLite' ? (sqliteDrivers[(index + seed) % sqliteDrivers.length] as SqliteDriver) : libsql;
  const place = { features, store, folder, driver };
  if (store === 'PostgreSQL')
    return { ...place, postgres: { connection: server.connection, schema: `pair_${index}` } };
  if (store !== 'NATS') return place;
  const { connection, manager } = await nats.connect();
  const stream = `PAIR-${index}`;
  // All of them have the usual prefix, so one at a time exists.
  for await (const old of manager.streams.names()) await manager.streams.delete(old);
  await createNatsStream(manager, { stream, replicas: 1 });
  await connection.close();
  return { ...place, nats: { address: nats.addresses[0] as string, stream } };
}

/** The place in a URL of the command line. */
function urlOf({ store, folder, postgres, nats: where }: PairPlace): string {
  if (store === 'NATS') return `nats://${where?.address}/${where?.stream}?replicas=1`;
  if (store === 'SQLite') return `sqlite:${join(folder, 'events.db')}`;
  return `${server.url}&options=${encodeURIComponent(`-c search_path=${postgres?.schema}_events`)}`;
}

function keysOf({ store, folder, postgres }: PairPlace): string {
  if (store !== 'PostgreSQL') return `sqlite:${join(folder, 'keys.db')}`;
  return `${server.url}&options=${encodeURIComponent(`-c search_path=${postgres?.schema}_keys`)}`;
}

async function copyByCommandLine(place: PairPlace): Promise<void> {
  const keys = place.features.includes('keys') ? ['--keys', keysOf(place)] : [];
  const copied = join(place.folder, 'copied.jsonl');
  const exported = ['export', urlOf(place), '-o', copied, ...keys];
  expect(await runInMemory(exported)).toMatchObject({ exitCode: 0 });
  const again = await runInMemory(['copy', copied, urlOf(place), ...keys]);
  expect(again).toMatchObject({ exitCode: 0, errors: '' });
}

async function play(cell: (typeof cells)[number]): Promise<void> {
  const { features, index, store } = cell;
  const place = await placeOf(cell);
  const databases = new Map<string, PGlite>();
  const lite = (part: string) => {
    const database = databases.get(part) ?? new PGlite();
    databases.set(part, database);
    return database;
  };
  const pair: PairStore = await pairStore(place, store === 'PGlite' ? lite : undefined);
  await pair.prepare();
  const seen = openFile(place, 'seen');
  prepareFollower(seen);
  seen.close();
  const acknowledged = new Set<string>();
  const acknowledge = (id: string) => acknowledged.add(id);
  for (const run of [0, 1, 2]) {
    const closesAt = (seed + index * 5 + run) % 20;
    const plan = { ...place, run, commands: run < 2 ? 60 : 20, seed: run < 2 ? seed % 97 : 0, closesAt };
    // PGlite is in this process: nothing of it outlives the process.
    if (store === 'PGlite') await workOn({ ...plan, commands: 20 }, pair, acknowledge);
    else {
      const killedAfter = run < 2 ? 8 + ((seed + index * 7) % 25) : Number.POSITIVE_INFINITY;
      await runProcess(plan, killedAfter, acknowledge);
    }
  }
  if (features.includes('commandLine')) await copyByCommandLine(place);
  expect(acknowledged.size).toBeGreaterThan(20);
  expect(await faultsOfPair(place, pair, acknowledged)).toEqual([]);
  await pair.end();
  rmSync(place.folder, { recursive: true });
}

const needs: Readonly<Partial<Record<StoreName, readonly 'nats-server'[]>>> = { NATS: ['nats-server'] };

for (const store of ['SQLite', 'PostgreSQL', 'PGlite', 'NATS'] as const) {
  describeWith(needs[store] ?? [], `pairs of features in ${store}`, () => {
    beforeAll(async () => {
      if (store === 'PostgreSQL') {
        server = await postgresServer();
        admin = newPool(server.connection);
      }
      if (store === 'NATS') nats = await startNatsServers(1);
    });
    afterAll(async () => {
      if (store === 'PostgreSQL') {
        await admin.end();
        await server.remove();
      }
      if (store === 'NATS') await nats.stop();
    });
    it.for(chosenOf(store))(
      '$features.0 and $features.1 keep what they say beside each other, in $store',
      play,
    );
  });
}
