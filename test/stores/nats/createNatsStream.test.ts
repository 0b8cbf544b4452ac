import type { JetStreamManager } from '@nats-io/jetstream';
import { createNatsStream } from 'patron-fees/nats';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clientError, fakeJetStream } from '../../support/fakeJetStream.js';
import { type NatsServers, startNatsServers } from '../../support/natsServers.js';
import { describeWith } from '../../support/programs.js';

describe('createNatsStream', () => {
  it('creates three replicas that forbid deleting and purging', async () => {
    const fake = fakeJetStream();
    await createNatsStream(fake.manager, { stream: 'FEES' });
    await createNatsStream(fake.manager, { stream: 'FEES', prefix: 'consortium.fees', replicas: 1 });
    const kept = { name: 'FEES', deny_delete: true, deny_purge: true, allow_direct: true };
    expect(fake.made).toEqual([
      { ...kept, subjects: ['fees.*.*'], num_replicas: 3 },
      { ...kept, subjects: ['consortium.fees.*.*'], num_replicas: 1 },
    ]);
  });

  it.each([
    {},
    { stream: '' },
    { stream: 'A.B' },
    { stream: 'A B' },
    { stream: 'FEES', prefix: 'fees.*' },
    { stream: 'FEES', prefix: '' },
    { stream: 'FEES', prefix: '.fees' },
    { stream: 'FEES', replicas: 0 },
    { stream: 'FEES', replicas: 6 },
    { stream: 'FEES', replica: 3 },
    null,
  ])('refuses invalid options: %j', async (options) => {
    const fake = fakeJetStream();
    await expect(createNatsStream(fake.manager, options as never)).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
    });
    expect(fake.made).toEqual([]);
  });
});

describeWith(['nats-server'], 'an existing stream', () => {
  let servers: NatsServers;
  let manager: JetStreamManager;

  beforeAll(async () => {
    servers = await startNatsServers(1);
    ({ manager } = await servers.connect());
  });

  afterAll(() => servers.stop());

  it('is left unchanged if only harmless settings differ', async () => {
    const options = { stream: 'DESCRIBED', prefix: 'described', replicas: 1 };
    await createNatsStream(manager, options);
    await manager.streams.update('DESCRIBED', { description: 'Fees of the north', allow_direct: false });
    await createNatsStream(manager, options);
    const { config } = await manager.streams.info('DESCRIBED');
    expect([config.description, config.allow_direct]).toEqual(['Fees of the north', false]);
  });

  it('is refused with the differences if events could be lost', async () => {
    await manager.streams.add({
      name: 'LOSSY',
      subjects: ['lossy.>'],
      max_age: 60_000_000_000,
      num_replicas: 1,
    });
    await expect(
      createNatsStream(manager, { stream: 'LOSSY', prefix: 'lossy', replicas: 1 }),
    ).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      details: {
        stream: 'LOSSY',
        differences: [
          { setting: 'subjects', expected: ['lossy.*.*'], found: ['lossy.>'] },
          { setting: 'deny_delete', expected: true, found: false },
          { setting: 'deny_purge', expected: true, found: false },
          { setting: 'max_age', expected: 0, found: 60_000_000_000 },
        ],
      },
    });
    await expect(
      createNatsStream(manager, { stream: 'LOSSY', prefix: 'lossy', replicas: 1 }),
    ).rejects.toThrow(/max_age is 60000000000 instead of 0/);
  });

  it.each([
    [{ num_replicas: 1 }, ['num_replicas is 1 instead of 3']],
    [{ num_replicas: 5 }, []],
    [{ num_replicas: 3, max_bytes: 1_000, discard: 'old' }, ['max_bytes is 1000 instead of -1']],
    [{ num_replicas: 3, max_bytes: 1_000, discard: 'new' }, []],
    [{ num_replicas: 3, storage: 'memory' }, ['storage is "memory" instead of "file"']],
  ])('with %j is refused for %j', async (found, expected) => {
    const { streams } = fakeJetStream().manager;
    const there = { subjects: ['fees.*.*'], deny_delete: true, deny_purge: true, ...found };
    const fake = {
      ...streams,
      add: () => Promise.reject(clientError('JetStreamApiError', { code: 10058, status: 400 })),
      info: async () => ({ state: { last_seq: 0 }, config: there }),
    };
    const outcome = await createNatsStream({ streams: fake } as never, { stream: 'FEES' }).then(
      () => '',
      ({ message }) => message,
    );
    expect(outcome.split(': ').slice(2).join().split(', ').filter(Boolean)).toEqual(expected);
  });

  it('passes on any other error of the client', async () => {
    await createNatsStream(manager, { stream: 'FIRST', prefix: 'taken', replicas: 1 });
    await expect(
      createNatsStream(manager, { stream: 'SECOND', prefix: 'taken', replicas: 1 }),
    ).rejects.toMatchObject({ code: 10065 });
  });
});
