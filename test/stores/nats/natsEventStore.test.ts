import { natsEventStore } from 'patron-fees/nats';
import { storeConformance } from 'patron-fees/testing';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { hasNatsServer, type NatsServers, prefixOf, startNatsServers } from '../../support/natsServers.js';

describe.runIf(hasNatsServer).each([
  ['a single server', 1],
  ['a cluster of three servers', 3],
] as const)('natsEventStore on %s', (_title, count) => {
  let servers: NatsServers;

  beforeAll(async () => {
    servers = await startNatsServers(count);
  }, 90_000);

  afterAll(() => servers.stop());

  const open = async () => {
    const stream = await servers.newStream();
    const clients = await Promise.all([servers.connect(0), servers.connect(count - 1)]);
    const [store, second] = clients.map((client) =>
      natsEventStore({ ...client, stream, prefix: prefixOf(stream) }),
    );
    return {
      store: store as ReturnType<typeof natsEventStore>,
      second: second as ReturnType<typeof natsEventStore>,
      release: async () => {
        await Promise.all(clients.map(({ connection }) => connection.close()));
      },
    };
  };

  for (const { title, run } of storeConformance(open, { modelRuns: 10 })) it(title, run, 60_000);
});
