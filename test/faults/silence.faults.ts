// A connection whose packets are lost, without a reset: it neither answers nor ends.
import { mkdtempSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { migrate, postgresEventStore } from '../../src/stores/postgres/index.js';
import { assessedFee } from '../support/assessedFee.js';
import { newPool, type PostgresServer, postgresServer } from '../support/postgresServer.js';

const CONNECTIONS = 5;

let server: PostgresServer;

beforeEach(async () => {
  server = await postgresServer();
});

afterEach(() => server.remove());

const account = (patronId: string) => ({ institution: 'north', patronId });

for (const options of [{}, { query_timeout: 5_000, connectionTimeoutMillis: 5_000, keepAlive: true }]) {
  const name = Object.keys(options).join(', ') || 'no option';
  it(`lone callers go on while a batch hangs on a silent connection, with ${name}`, async () => {
    const direct = newPool(server.connection);
    await migrate(direct);
    await direct.end();
    const proxy = await silentProxy(server);
    const pool = new pg.Pool({ ...server.connection, host: proxy.folder, max: CONNECTIONS, ...options });
    pool.on('error', () => undefined);
    const store = postgresEventStore(pool);
    const append = (id: string) => store.append(account(id), [assessedFee('f1')], { expectedVersion: 'any' });
    await Promise.all(Array.from({ length: 10 }, (_, n) => append(`p${n}`)));
    const hanging = Array.from({ length: 10 }, (_, n) => append(`hanging${n}`));
    const outcomes = Promise.allSettled(hanging);
    proxy.fallSilent();
    // One after the other, as at a desk; only connections that are opened from now on answer.
    let answered = 0;
    for (let call = 0; call < 40; call++) {
      const outcome = append(`desk${call}`).then(
        () => 1,
        () => 0,
      );
      answered += await Promise.race([outcome, pause(15_000, 0)]);
    }
    // Each of the silent connections can have been given to one call.
    expect(answered).toBeGreaterThanOrEqual(40 - CONNECTIONS);
    if ('query_timeout' in options)
      for (const outcome of await outcomes) expect(outcome.status).toBe('rejected');
    proxy.end();
    await outcomes;
    await pool.end();
    await proxy.close();
  });
}

/** Passes on all bytes, until it falls silent: then it swallows those of the connections that it has. */
async function silentProxy({ folder }: PostgresServer) {
  const here = mkdtempSync(join(folder, 'proxy-'));
  const silences: (() => void)[] = [];
  const ends: (() => void)[] = [];
  const proxy = createServer((client) => {
    const upstream = connect(join(folder, '.s.PGSQL.5432'));
    let isSilent = false;
    silences.push(() => {
      isSilent = true;
    });
    ends.push(() => client.destroy());
    client.on('data', (bytes) => isSilent || upstream.write(bytes));
    upstream.on('data', (bytes) => isSilent || client.write(bytes));
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
    fallSilent: () => {
      for (const silence of silences.splice(0)) silence();
    },
    end: () => {
      for (const end of ends.splice(0)) end();
    },
    close: () => new Promise<void>((resolve) => proxy.close(() => resolve())),
  };
}
