import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import type { EventStore } from '../../src/history/index.js';
import { type CloudEvent, type Outbox, postgresOutbox, sqliteOutbox } from '../../src/stores/feed/index.js';
import { postgresEventStore, migrate as preparePostgres } from '../../src/stores/postgres/index.js';
import { migrate as prepareSqlite, sqliteEventStore } from '../../src/stores/sqlite/index.js';
import { assessedFee } from '../support/assessedFee.js';
import { bundledProgram } from '../support/bundledProgram.js';
import { newPool, postgresServer } from '../support/postgresServer.js';
import { libsql, temporaryFile } from '../support/sqliteDrivers.js';
import { until } from '../support/until.js';
import { timesOf } from './timesOf.js';

const KILLS = timesOf(200);
const ACCOUNTS = 5;
const relayer = fileURLToPath(new URL('./relayer.ts', import.meta.url));

/** Random numbers of a seed, from 0 to 1: mulberry32. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * Keeps two relays running while events are appended, and kills the one that sends, 100 times: before it gets the answer for
 * an event, or right after. The receiver drops what it knows; it must have each event once, each account in its order.
 */
async function killRelays(
  engine: string,
  database: string,
  store: EventStore,
  outbox: Outbox,
): Promise<void> {
  const seed = Number(process.env.FC_SEED ?? Math.floor(Math.random() * 2 ** 31));
  console.log(`relays killed in ${engine}: seed ${seed}`);
  const random = randomOf(seed);
  const known = new Set<string>();
  const received = new Map<string, number[]>();
  const relays = new Map<number, ChildProcess>();
  const counts = { kills: 0, doubles: 0, unanswered: 0, refused: 0 };
  /** The relay of each request without an answer. */
  const underWay = new Map<string, number>();
  let untilKill = 1 + Math.floor(random() * 12);

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<unknown> => {
    const event = JSON.parse(await text(request)) as CloudEvent;
    const pid = Number(request.headers['x-relay']);
    // What a killed relay has sent before may arrive after it.
    if (!relays.has(pid)) return response.destroy();
    // One relay at a time sends.
    expect([...underWay.values()].filter((other) => other !== pid && relays.has(other))).toEqual([]);
    underWay.set(event.id, pid);
    const answer = (status: number) => {
      underWay.delete(event.id);
      response.writeHead(status).end();
    };
    if (counts.kills < KILLS && random() < 0.05) {
      counts.refused += 1;
      return answer(503);
    }
    if (known.has(event.id)) counts.doubles += 1;
    else {
      known.add(event.id);
      received.set(event.subject, [...(received.get(event.subject) ?? []), Number(event.sequence)]);
    }
    untilKill -= 1;
    if (untilKill > 0 || counts.kills === KILLS) return answer(200);
    const answersFirst = random() < 0.5;
    if (answersFirst) {
      answer(200);
      await new Promise((resolve) => setTimeout(resolve, Math.floor(random() * 4)));
    } else counts.unanswered += 1;
    await kill(pid);
    return answersFirst || response.destroy();
  };
  const failures: unknown[] = [];
  const server = createServer((request, response) => {
    handle(request, response).catch((error) => failures.push(error));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const start = () => {
    const arguments_ = [bundledProgram(relayer), engine, database, url];
    const child = spawn(process.execPath, arguments_, { stdio: ['ignore', 'ignore', 'inherit'] });
    relays.set(child.pid as number, child);
  };
  const kill = async (pid: number) => {
    const child = relays.get(pid);
    if (child === undefined) return;
    relays.delete(pid);
    counts.kills += 1;
    untilKill = 1 + Math.floor(random() * 12);
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
    start();
  };

  start();
  start();
  const versions = Array.from({ length: ACCOUNTS }, () => 0);
  const append = async () => {
    const account = Math.floor(random() * ACCOUNTS);
    const version = versions[account] as number;
    const count = 1 + Math.floor(random() * 3);
    const events = Array.from({ length: count }, (_, n) => assessedFee(`f${version + n}`));
    versions[account] = version + count;
    const stream = { institution: 'north', patronId: `p${account}` };
    await store.append(stream, events, { expectedVersion: version });
  };
  const waiting = () => versions.reduce((sum, version) => sum + version, 0) - known.size;
  while (counts.kills < KILLS && failures.length === 0) {
    if (waiting() < 60) await append();
    else await new Promise((resolve) => setTimeout(resolve, 2));
  }
  await until(async () => failures.length > 0 || (await outbox.waiting(1)).length === 0);
  for (const child of relays.values()) child.kill('SIGKILL');
  server.closeAllConnections();
  server.close();
  expect(failures).toEqual([]);
  console.log(`${known.size} events`, counts);
  for (const [account, version] of versions.entries())
    expect(received.get(`north/p${account}`)).toEqual(
      Array.from({ length: version }, (_, index) => index + 1),
    );
  expect(counts.kills).toBe(KILLS);
  // An event without an answer is not removed, so it is sent again.
  expect(counts.doubles).toBeGreaterThanOrEqual(counts.unanswered);
}

it('hands on each event, in the order of its account, while relays over SQLite are killed (kill -9) 100 times', async () => {
  const { file, remove } = temporaryFile();
  const database = libsql.open(file);
  prepareSqlite(database);
  const outbox = sqliteOutbox(database, { source: '/fees' });
  await killRelays(
    'sqlite',
    file,
    sqliteEventStore(database, { synchronous: 'normal', busyTimeoutMs: 60_000, inline: [outbox] }),
    outbox,
  );
  database.close();
  remove();
});

it('hands on each event, in the order of its account, while relays over PostgreSQL are killed (kill -9) 100 times', async () => {
  const server = await postgresServer();
  onTestFinished(() => server.remove());
  const pool = newPool(server.connection);
  await preparePostgres(pool);
  const outbox = await postgresOutbox(pool, { source: '/fees' });
  await killRelays('postgres', server.url, postgresEventStore(pool, { inline: [outbox] }), outbox);
  await pool.end();
});
