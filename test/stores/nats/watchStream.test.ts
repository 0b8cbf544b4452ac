import { setTimeout as pause } from 'node:timers/promises';
import { checkpointMoved, type EventStore, type FollowedProjection, follow } from 'patron-fees/history';
import { natsEventStore } from 'patron-fees/nats';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { assessedFee } from '../../support/assessedFee.js';
import { clientError, fakeJetStream } from '../../support/fakeJetStream.js';
import { type NatsServers, prefixOf, startNatsServers } from '../../support/natsServers.js';
import { describeWith } from '../../support/programs.js';
import { until } from '../../support/until.js';

const stream = { institution: 'north', patronId: 'p1' };

/** So long that a follower depends on being called. */
const NEVER_MS = 3_600_000;

const append = (store: EventStore, feeId: string) =>
  store.append(stream, [assessedFee(feeId)], { expectedVersion: 'any' });

/** A projection that runners share: the ids of the fees in order, and the checkpoint. */
function feeIds(): FollowedProjection & { readonly seen: string[] } {
  const seen: string[] = [];
  let cursor: string | undefined;
  return {
    seen,
    reset: () => undefined,
    apply: (events, next, previous) => {
      if (cursor !== previous) throw checkpointMoved(previous);
      for (const { event } of events) if (event.type === 'FeeAssessed') seen.push(event.data.feeId);
      cursor = next;
    },
    checkpoint: { load: async () => cursor, save: async () => undefined },
  };
}

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
    natsEventStore({ ...(await servers.connect()), stream: name, prefix: prefixOf(name) });
  return { stream: name, store: await open(), other: await open() };
}

describeWith(['nats-server'], 'two runners that follow a NATS cluster without polling', () => {
  let servers: NatsServers;

  beforeAll(async () => {
    servers = await startNatsServers(3);
  });

  afterAll(() => servers.stop());

  it('apply every event once and in order while servers are killed, and one continues when the other ends', async () => {
    const { stream, store, other } = await opened(servers);
    const projection = feeIds();
    const endings = [new AbortController(), new AbortController()];
    const runs = [store, other].map((each, index) =>
      follow(each, projection, {
        signal: (endings[index] as AbortController).signal,
        pollMs: NEVER_MS,
        pageSize: 7,
      }),
    );
    const expected: string[] = [];
    for (let round = 0; round < 3; round++) {
      for (let n = 0; n < 20; n++) {
        const feeId = `f${expected.length}`;
        await append(n % 2 === 0 ? store : other, feeId);
        expected.push(feeId);
        if (n === 5) await servers.kill(round);
      }
      servers.restart(round);
      await servers.untilWhole(stream);
      await until(() => projection.seen.length === expected.length);
    }
    endings[0]?.abort();
    await runs[0];
    await append(store, 'last');
    await until(() => projection.seen.length === expected.length + 1);
    endings[1]?.abort();
    const totals = await Promise.all(runs);
    expect(projection.seen).toEqual([...expected, 'last']);
    expect(totals.reduce((sum, { events }) => sum + events, 0)).toBe(expected.length + 1);
  });
});

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
