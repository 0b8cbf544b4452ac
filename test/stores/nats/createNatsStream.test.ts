import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JetStreamManager } from '@nats-io/jetstream';
import type { StreamId } from 'patron-fees/history';
import { createNatsStream, natsEventStore } from 'patron-fees/nats';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { assessedFee } from '../../support/assessedFee.js';
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
    { stream: 'FEES', deletable: 'yes' },
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

  it('that may be deleted from is refused unless that is asked for, and the other way round', async () => {
    for (const deletable of [true, false]) {
      const options = { stream: `DELETABLE-${deletable}`, prefix: `deletable${deletable}`, replicas: 1 };
      await createNatsStream(manager, { ...options, deletable });
      await createNatsStream(manager, { ...options, deletable });
      await expect(createNatsStream(manager, { ...options, deletable: !deletable })).rejects.toThrow(
        `deny_delete is ${!deletable} instead of ${deletable}`,
      );
    }
  });

  it('that may be deleted from has a message overwritten, and its account is then refused as corrupt', async () => {
    await createNatsStream(manager, { stream: 'ERASING', prefix: 'erasing', replicas: 1, deletable: true });
    await createNatsStream(manager, { stream: 'KEEPING', prefix: 'keeping', replicas: 1 });
    const { connection } = await servers.connect();
    // A file may vanish, as one that the server replaces does.
    const bytesOf = (file: string) => {
      try {
        return readFileSync(file, 'latin1');
      } catch {
        return '';
      }
    };
    const isInFiles = (text: string) =>
      readdirSync(servers.folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .some(({ parentPath, name }) => bytesOf(join(parentPath, name)).includes(text));
    const [ada, ben] = ['ada', 'ben'].map((patronId) => ({ institution: 'north', patronId })) as [
      StreamId,
      StreamId,
    ];
    for (const [stream, text] of [
      ['ERASING', 'was-in-hospital'],
      ['KEEPING', 'was-in-prison'],
    ] as const) {
      const store = natsEventStore({ connection, manager, stream, prefix: stream.toLowerCase() });
      await store.append(ada, [assessedFee('f1', { comment: text })], { expectedVersion: 0 });
      await store.append(ben, [assessedFee('f1')], { expectedVersion: 0 });
    }
    expect([isInFiles('was-in-hospital'), isInFiles('was-in-prison')]).toEqual([true, true]);
    await manager.streams.deleteMessage('ERASING', 1);
    await expect(manager.streams.deleteMessage('KEEPING', 1)).rejects.toThrow('delete not permitted');
    expect([isInFiles('was-in-hospital'), isInFiles('was-in-prison')]).toEqual([false, true]);
    const store = natsEventStore({ connection, manager, stream: 'ERASING', prefix: 'erasing' });
    expect((await store.read(ben)).version).toBe(1);
    expect(await store.read(ada)).toEqual({ version: 0, events: [] });
    await expect(store.readAll()).rejects.toMatchObject({ code: 'CORRUPT_HISTORY' });
    await expect(store.accounts()).rejects.toMatchObject({ code: 'CORRUPT_HISTORY' });
  });

  it('passes on any other error of the client', async () => {
    await createNatsStream(manager, { stream: 'FIRST', prefix: 'taken', replicas: 1 });
    await expect(
      createNatsStream(manager, { stream: 'SECOND', prefix: 'taken', replicas: 1 }),
    ).rejects.toMatchObject({ code: 10065 });
  });
});
