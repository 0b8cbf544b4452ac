import { mkdtempSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { execute } from '../../src/history/index.js';
import { migrate, postgresEventStore } from '../../src/stores/postgres/index.js';
import { faultsAfter, policy, workAtDesk, workOf } from '../support/deskWork.js';
import { newPool, type PostgresServer, postgresServer } from '../support/postgresServer.js';
import { timesOf } from './timesOf.js';

const KILLS = timesOf(20);

let server: PostgresServer;

beforeEach(async () => {
  server = await postgresServer();
});

afterEach(() => server.remove());

it(`loses and duplicates nothing in PostgreSQL if its server is killed (kill -9) ${KILLS} times with 4 writers`, async () => {
  const pool = newPool(server.connection);
  await migrate(pool);
  const store = postgresEventStore(pool);
  const acknowledged = new Set<string>();
  let writing = true;
  const desks = ['a', 'b', 'c', 'd'].map((desk) =>
    workAtDesk(
      store,
      desk,
      0,
      () => writing,
      (id) => acknowledged.add(id),
    ),
  );
  try {
    for (let kills = 0; kills < KILLS; kills++) {
      const before = acknowledged.size;
      while (acknowledged.size < before + 20) await pause(5);
      await pause(Math.random() * 50);
      await server.kill();
      const known = [...acknowledged];
      await server.start();
      expect(await faultsAfter(store, known)).toEqual([]);
    }
  } finally {
    writing = false;
    await Promise.all(desks);
  }
  expect(await faultsAfter(store, acknowledged, 'at rest')).toEqual([]);
  expect(acknowledged.size).toBeGreaterThanOrEqual(20 * KILLS);
  await pool.end();
});

it('executes each of 100 commands once, although they are repeated after a lost answer', async () => {
  const direct = newPool(server.connection);
  await migrate(direct);
  const proxy = await cuttingProxy(server);
  const pool = newPool({ ...server.connection, host: proxy.folder, max: 1 });
  const store = postgresEventStore(pool);
  let cut = 0;
  const ids: string[] = [];
  for (let n = 0; n < 100; n++) {
    const { stream, command } = workOf('desk', n);
    ids.push(command.id);
    proxy.cutAfterAppend();
    // The read succeeds; the append is stored, but its answer is lost.
    const first = await execute(store, policy, stream, command).then(
      () => 'answered',
      () => 'cut off',
    );
    if (first === 'cut off') cut += 1;
    const again = await execute(store, policy, stream, command);
    expect(again.decision).toMatchObject({ accepted: true, events: [], repeats: {} });
  }
  expect(cut).toBe(100);
  expect(await faultsAfter(postgresEventStore(direct), ids, 'at rest')).toEqual([]);
  await pool.end();
  await direct.end();
  await proxy.close();
});

type Proxy = {
  readonly folder: string;
  /** Passes on the next append to the server, and cuts the connection at its answer. */
  readonly cutAfterAppend: () => void;
  readonly close: () => Promise<void>;
};

async function cuttingProxy({ folder }: PostgresServer): Promise<Proxy> {
  const here = mkdtempSync(join(folder, 'proxy-'));
  let armed = false;
  const proxy: Server = createServer((client: Socket) => {
    const upstream = connect(join(folder, '.s.PGSQL.5432'));
    let appending = false;
    client.on('data', (bytes) => {
      if (armed && bytes.includes('insert into patron_fees_event')) {
        armed = false;
        appending = true;
      }
      upstream.write(bytes);
    });
    upstream.on('data', (bytes) => {
      if (appending) client.destroy();
      else client.write(bytes);
    });
    for (const [one, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      one.on('error', () => undefined);
      one.on('close', () => other.destroy());
    }
  });
  await new Promise<void>((resolve) => proxy.listen(join(here, '.s.PGSQL.5432'), resolve));
  return {
    folder: here,
    cutAfterAppend: () => {
      armed = true;
    },
    close: () => new Promise((resolve) => proxy.close(() => resolve())),
  };
}
