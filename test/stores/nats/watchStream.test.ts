import { setTimeout as pause } from 'node:timers/promises';
import type { EventStore } from 'patron-fees/history';
import { natsEventStore } from 'patron-fees/nats';
import { expect, it } from 'vitest';
import { assessedFee } from '../../support/assessedFee.js';
import { clientError, fakeJetStream } from '../../support/fakeJetStream.js';
import { type NatsServers, prefixOf, startNatsServers } from '../../support/natsServers.js';
import { describeWith } from '../../support/programs.js';
import { until } from '../../support/until.js';

const stream = { institution: 'north', patronId: 'p1' };

const append = (store: EventStore, feeId: string) =>
  store.append(stream, [assessedFee(feeId)], { expectedVersion: 'any' });

describeWith(['nats-server'], 'a NATS store that is watched', () => {
  it('calls at every append of any process, even after its server was killed, and stops', async () => {
    const servers = await startNatsServers(1);
    try {
      const { store, other } = await opened(servers);
      let calls = 0;
      const stop = await store.watch(() => {
        calls += 1;
      });
      expect(calls).toBe(1);
      const appends = async (feeId: string) => {
        const before = calls;
        await append(other, feeId);
        await until(() => calls > before);
      };
      await appends('f1');
      await appends('f2');
      await servers.kill(0);
      await pause(200);
      servers.restart(0);
      await appends('f3');
      await stop();
      const end = calls;
      await append(other, 'late');
      await pause(300);
      expect(calls).toBe(end);
    } finally {
      await servers.stop();
    }
  });
});

async function opened(servers: NatsServers) {
  const name = await servers.newStream();
  const open = async () =>
    natsEventStore({
      ...(await servers.connect()),
      stream: name,
      prefix: prefixOf(name),
      // On a slow machine a server takes long to start.
      timeouts: { totalMs: 600_000 },
    });
  return { stream: name, store: await open(), other: await open() };
}

it('polls the last sequence of the stream if it may not create consumers', async () => {
  const fake = fakeJetStream();
  const manager = {
    ...fake.manager,
    consumers: {
      ...fake.manager.consumers,
      add: async () => {
        throw clientError('PermissionViolationError');
      },
    },
  };
  const store = natsEventStore({ connection: fake.connection, manager, stream: 'FEES' });
  let calls = 0;
  const stop = await store.watch(() => {
    calls += 1;
  });
  await append(store, 'f1');
  await until(() => calls === 2);
  await append(store, 'f2');
  await until(() => calls === 3);
  await stop();
});

it('rejects if the stream cannot be reached, and after it is closed', async () => {
  const fake = fakeJetStream();
  const streams = {
    ...fake.manager.streams,
    info: async () => {
      throw clientError('StreamNotFoundError', { code: 10059, status: 404 });
    },
  };
  const store = natsEventStore({
    connection: fake.connection,
    manager: { ...fake.manager, streams },
    stream: 'FEES',
  });
  await expect(store.watch(() => undefined)).rejects.toMatchObject({ name: 'StreamNotFoundError' });
  await store.close();
  await expect(store.watch(() => undefined)).rejects.toMatchObject({ code: 'STORE_CLOSED' });
});
