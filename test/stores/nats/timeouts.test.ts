import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { definePolicy } from 'patron-fees';
import { runPurge, runRetention } from 'patron-fees/jobs';
import { createNatsStream, natsEventStore } from 'patron-fees/nats';
import { expect, it } from 'vitest';
import { assessedFee } from '../../support/assessedFee.js';
import { fakeJetStream } from '../../support/fakeJetStream.js';
import { freePorts } from '../../support/natsServers.js';
import { itWith, programPath } from '../../support/programs.js';

const account = { institution: 'north', patronId: 'p1' };

/** A server with a storage limit. */
async function smallServer(maxBytes: number) {
  const [port] = await freePorts(1);
  const folder = mkdtempSync(join(tmpdir(), 'patron-fees-nats-'));
  const config = join(folder, 'server.conf');
  const storage = `jetstream { store_dir: "${folder}", max_file_store: ${maxBytes}, max_memory_store: ${maxBytes} }`;
  writeFileSync(config, [`listen: "127.0.0.1:${port}"`, storage].join('\n'));
  const program = programPath('nats-server') ?? 'nats-server';
  const server = spawn(program, ['-c', config], { stdio: 'ignore' });
  // A test process that ends early takes its server with it.
  const endAtExit = () => server.kill('SIGKILL');
  process.once('exit', endAtExit);
  const ended = new Promise((resolve) => server.once('exit', resolve));
  const servers = `127.0.0.1:${port}`;
  const connection = await connect({ servers, waitOnFirstConnect: true, reconnectTimeWait: 50 });
  return {
    connection,
    manager: await jetstreamManager(connection, { timeout: 600_000, checkAPI: false }),
    stop: async () => {
      await connection.close();
      server.kill('SIGKILL');
      await ended;
      process.off('exit', endAtExit);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

it('cannot erase: retention and purges refuse the store before they read it', async () => {
  const { connection, manager, queries } = fakeJetStream();
  const store = natsEventStore({ connection, manager, stream: 'FEES' });
  for (const name of ['redact', 'purge']) expect(store).not.toHaveProperty(name);
  const policy = definePolicy({ currency: 'USD' });
  const by = { userId: 'mo', roles: ['USER_MANAGER'] };
  const form = { institution: 'north', at: '2036-06-01T09:00:00Z', by, settledForDays: 365 };
  const refused = /^INVALID_ARGUMENT.*NATS/;
  await expect(runRetention(store as never, policy, form)).rejects.toThrow(refused);
  const purge = { ...form, jobId: '2036', timeZone: 'UTC' };
  await expect(runPurge(store as never, policy, purge)).rejects.toThrow(refused);
  expect(queries).toEqual([]);
  await store.close();
});

itWith(['nats-server'], "an append to a full storage fails soon, with the server's own reason", async () => {
  const { connection, manager, stop } = await smallServer(50_000);
  try {
    await createNatsStream(manager, { stream: 'FEES', replicas: 1 });
    // The test would not end before this time: the append must.
    const timeouts = { totalMs: 3_600_000 };
    const store = natsEventStore({ connection, manager, stream: 'FEES', timeouts });
    let version = 0;
    const fill = async () => {
      for (; version < 20; version++) {
        await store.append(account, [assessedFee(`f${version}`, { comment: 'x'.repeat(5_000) })], {
          expectedVersion: version,
        });
      }
    };
    await expect(fill()).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
      details: { code: 10023, reason: expect.stringMatching(/insufficient/) },
    });
    expect(version).toBeGreaterThan(2);
    expect((await store.read(account)).version).toBe(version);
  } finally {
    await stop();
  }
});

it('a read and a publish without an answer are sent again', async () => {
  const fake = fakeJetStream();
  const silent = { reads: 2, publishes: 1 };
  const { streams } = fake.manager;
  const never = () => new Promise<never>(() => undefined);
  const client = fake.manager.jetstream();
  const timed = (ms: number) =>
    new Promise<never>((_, reject) => setTimeout(() => reject(new Error('late')), ms));
  const manager = {
    consumers: fake.manager.consumers,
    streams: {
      ...streams,
      getMessage: (...query: Parameters<typeof streams.getMessage>) =>
        silent.reads-- > 0 ? never() : streams.getMessage(...query),
    },
    jetstream: () => ({
      consumers: client.consumers,
      // Like the client, whose option is the timeout.
      publish: (...given: Parameters<typeof client.publish>) =>
        silent.publishes-- > 0 ? timed(given[2].timeout) : client.publish(...given),
    }),
  };
  const timeouts = { readMs: 20, publishMs: 20, totalMs: 60_000 };
  const store = natsEventStore({ ...fake, manager, stream: 'FEES', timeouts });
  expect(await store.append(account, [assessedFee('f1')], { expectedVersion: 'any' })).toEqual({
    version: 1,
  });
  expect((await store.read(account)).version).toBe(1);
  expect(silent).toMatchObject({ publishes: -1 });
});
