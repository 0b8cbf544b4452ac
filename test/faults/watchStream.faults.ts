import { checkpointMoved, type EventStore, type FollowedProjection, follow } from 'patron-fees/history';
import { natsEventStore } from 'patron-fees/nats';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { assessedFee } from '../support/assessedFee.js';
import { type NatsServers, prefixOf, startNatsServers } from '../support/natsServers.js';
import { describeWith } from '../support/programs.js';
import { until } from '../support/until.js';

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

async function opened(servers: NatsServers) {
  const name = await servers.newStream();
  const open = async () =>
    natsEventStore({
      ...(await servers.connect()),
      stream: name,
      prefix: prefixOf(name),
      // On a slow machine a cluster takes long to elect a leader.
      timeouts: { totalMs: 600_000 },
    });
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
