import { expect, it } from 'vitest';
import { startNatsServers } from '../../support/natsServers.js';

it('needs nats-server, and does not say so', async () => {
  const servers = await startNatsServers(1, { attempts: 1 });
  expect(servers.addresses).toHaveLength(1);
  await servers.stop();
});
