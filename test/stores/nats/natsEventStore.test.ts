import { isPatronFeesError } from 'patron-fees';
import {
  copyEvents,
  type EventStore,
  follow,
  memoryEventStore,
  type StreamId,
  splitEventStore,
  type WatchableEventStore,
} from 'patron-fees/history';
import { natsEventStore } from 'patron-fees/nats';
import { officeEvents, type TillEvent } from 'patron-fees/office';
import { storeConformance } from 'patron-fees/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { open, tillEvents } from '../../office/till/tills.js';
import { assessedFee } from '../../support/assessedFee.js';
import { damageable } from '../../support/damageable.js';
import { type NatsServers, prefixOf, startNatsServers } from '../../support/natsServers.js';
import { describeWith } from '../../support/programs.js';

const account = { institution: 'north', patronId: 'p1' };

const sizes = [
  ['a single server', 1],
  ['a cluster of three servers', 3],
] as const;

for (const [title, count] of sizes)
  describeWith(['nats-server'], `natsEventStore on ${title}`, () => runSuite(count));

function runSuite(count: 1 | 3): void {
  let servers: NatsServers;
  /** Streams of the next tests: a cluster takes longer to create one, electing a leader, than most tests take. */
  const ahead: Promise<string>[] = [];

  beforeAll(async () => {
    servers = await startNatsServers(count);
    for (let n = 0; n < count; n++) ahead.push(servers.newStream());
  });

  afterAll(async () => {
    await Promise.all(ahead);
    await servers.stop();
  });

  const open = async () => {
    ahead.push(servers.newStream());
    const stream = (await ahead.shift()) as string;
    const clients = await Promise.all([servers.connect(0), servers.connect(count - 1)]);
    const { codec, damage } = damageable();
    const [store, second] = clients.map((client) =>
      natsEventStore({ ...client, stream, prefix: prefixOf(stream), codec }),
    ) as [EventStore, EventStore];
    return {
      store,
      second,
      damageEvent: (id: StreamId, version: number) => damage(store, id, version),
      release: async () => {
        await Promise.all(clients.map(({ connection }) => connection.close()));
      },
    };
  };

  for (const { title, run } of storeConformance(open, { modelRuns: 10, damages: true })) it(title, run);
}

describeWith(['nats-server'], 'natsEventStore split over several streams', () => {
  let servers: NatsServers;

  beforeAll(async () => {
    servers = await startNatsServers(1);
  });

  afterAll(() => servers.stop());

  /** Returns a function that opens a store over two new streams, on a connection of its own. */
  const newSplit = async () => {
    const streams = [await servers.newStream(), await servers.newStream()];
    return async () => {
      const client = await servers.connect();
      const [east, west] = streams.map((stream) =>
        natsEventStore({ ...client, stream, prefix: prefixOf(stream) }),
      ) as [WatchableEventStore, WatchableEventStore];
      const partOf = (institution: string) => (institution.length % 2 === 0 ? 'east' : 'west');
      return { client, parts: { east, west }, store: splitEventStore({ parts: { east, west }, partOf }) };
    };
  };

  const open = async () => {
    const openOne = await newSplit();
    const [first, second] = [await openOne(), await openOne()];
    return {
      store: first.store,
      second: second.store,
      release: async () => {
        await Promise.all([first.client.connection.close(), second.client.connection.close()]);
      },
    };
  };

  for (const { title, run } of storeConformance(open, { modelRuns: 10 })) it(title, run);

  it('is followed without polling, and is copied', async () => {
    const openOne = await newSplit();
    const { store, parts } = await openOne();
    const { store: writer } = await openOne();
    const seen: string[] = [];
    let saved: string | undefined;
    const ending = new AbortController();
    const following = follow(
      store,
      {
        reset: () => undefined,
        apply: (events, cursor) => {
          saved = cursor;
          for (const { institution, version } of events) seen.push(`${institution} ${version}`);
          if (seen.length === 40) ending.abort();
        },
        checkpoint: { load: async () => saved, save: async () => undefined },
      },
      { signal: ending.signal, pollMs: 3_600_000 },
    );
    const expected: string[] = [];
    for (let version = 0; version < 20; version++) {
      for (const institution of ['north', 'east']) {
        await writer.append({ institution, patronId: 'p1' }, [assessedFee(`f${version}`)], {
          expectedVersion: version,
        });
        expected.push(`${institution} ${version + 1}`);
      }
    }
    await following;
    expect(seen.sort()).toEqual(expected.sort());
    expect((await parts.east.accounts()).accounts).toEqual([{ institution: 'east', patronId: 'p1' }]);

    const copy = memoryEventStore({ now: () => '2026-03-02T09:00:00Z' });
    expect((await copyEvents(store, copy, { pageSize: 7 })).events).toBe(40);
    const { store: back } = await (await newSplit())();
    await copyEvents(copy, back, { pageSize: 7 });
    expect(await back.read(account)).toEqual(await store.read(account));
  });
});

describeWith(['nats-server'], 'natsEventStore', () => {
  let servers: NatsServers;

  beforeAll(async () => {
    servers = await startNatsServers(1);
  });

  afterAll(() => servers.stop());

  it("refuses exactly the appends that exceed the server's limit", async () => {
    const stream = await servers.newStream();
    const client = await servers.connect();
    const store = natsEventStore({ ...client, stream, prefix: prefixOf(stream) });
    const limit = client.connection.info?.max_payload ?? 0;
    const count = Math.ceil(limit / 9_000);
    /** Events with comments of so many characters together. */
    const events = (characters: number) =>
      Array.from({ length: count }, (_, index) => {
        const more = index === 0 ? characters % count : 0;
        return assessedFee(`f${index}`, { comment: 'x'.repeat(Math.floor(characters / count) + more) });
      });
    const append = (characters: number) =>
      store.append(account, events(characters), { expectedVersion: 'any' });

    let largest = limit - JSON.stringify(events(0)).length + 500;
    await expect(append(largest)).rejects.toMatchObject({ code: 'APPEND_TOO_LARGE', details: { limit } });
    for (; largest > 0; largest -= 50) {
      const outcome = await append(largest).catch((error: unknown) => error);
      if (!isPatronFeesError(outcome, 'APPEND_TOO_LARGE')) {
        expect(outcome).toEqual({ version: count });
        break;
      }
    }
    const recorded = (await store.read(account)).events;
    expect(recorded.map(({ event }) => event)).toEqual(events(largest));
  });

  it('keeps events of the office in streams with names', async () => {
    const stream = await servers.newStream();
    const client = await servers.connect();
    const office = natsEventStore({ ...client, stream, prefix: prefixOf(stream), codec: officeEvents });
    const till = { institution: 'north', stream: 'till:CIRC' };
    const [event] = tillEvents(open());
    await office.append(till, [event as TillEvent], { expectedVersion: 0 });
    expect((await office.accounts()).accounts).toEqual([till]);
    expect((await office.readAll()).events).toEqual([
      { ...till, version: 1, recordedAt: expect.any(String), event },
    ]);
    expect((await office.read(till)).version).toBe(1);
    await expect(office.read({ institution: 'north', patronId: 'till:CIRC' } as never)).rejects.toMatchObject(
      {
        details: { faults: [{ path: 'stream.stream' }] },
      },
    );
  });

  it('keeps events in a stream from which nothing can be deleted or purged', async () => {
    const stream = await servers.newStream();
    const { connection, manager } = await servers.connect();
    const store = natsEventStore({ connection, manager, stream, prefix: prefixOf(stream) });
    await store.append(account, [assessedFee('f1')], { expectedVersion: 0 });
    await expect(manager.streams.deleteMessage(stream, 1)).rejects.toThrow('message delete not permitted');
    await expect(manager.streams.purge(stream)).rejects.toThrow('stream purge not permitted');
    expect((await store.read(account)).version).toBe(1);
  });

  it('refuses to read a stream from which an administrator deleted a message', async () => {
    const stream = await servers.newStream();
    const { connection, manager } = await servers.connect();
    await manager.streams.delete(stream);
    await manager.streams.add({ name: stream, subjects: [`${prefixOf(stream)}.*.*`] });
    const open = () => natsEventStore({ connection, manager, stream, prefix: prefixOf(stream) });
    const store = open();
    const other = { institution: 'north', patronId: 'p2' };
    for (let version = 0; version < 3; version++) {
      await store.append(account, [assessedFee(`f${version}`)], { expectedVersion: version });
    }
    await store.append(other, [assessedFee('f1')], { expectedVersion: 0 });
    await manager.streams.deleteMessage(stream, 1);
    const refused = { code: 'CORRUPT_HISTORY', details: { stream, sequence: 1 } };
    const reader = open();
    await Promise.all(
      [reader.read(account), reader.read(account, { limit: 1 }), reader.readAll(), reader.accounts()].map(
        (reading) => expect(reading).rejects.toMatchObject(refused),
      ),
    );
    expect((await reader.read(other)).version).toBe(1);
    expect((await reader.read(account, { after: 2 })).events).toHaveLength(1);
  });

  it('reads the same events through consumers, in any part, as from the leader', async () => {
    const stream = await servers.newStream();
    const open = async () =>
      natsEventStore({ ...(await servers.connect()), stream, prefix: prefixOf(stream) });
    const store = await open();
    for (let version = 0; version < 150; version++) {
      await store.append(account, [assessedFee(`f${version}`)], { expectedVersion: version });
    }
    const oneByOne: unknown[] = [];
    for (let after = 0; after < 150; after++) {
      oneByOne.push(...(await store.read(account, { after, limit: 1 })).events);
    }
    expect((await store.read(account)).events).toEqual(oneByOne);
    for (const limit of [1, 40, 200]) {
      const reader = await open();
      const all: unknown[] = [];
      for (let after: string | undefined, more = true; more; ) {
        const page = await reader.readAll({ limit, ...(after && { after }) });
        all.push(...page.events);
        [after, more] = [page.cursor, page.events.length > 0];
      }
      expect(all).toEqual(oneByOne.map((event) => ({ ...account, ...(event as object) })));
    }
  });

  it('rejects with the error of the client for a closed connection and for a missing stream', async () => {
    const stream = await servers.newStream();
    const { connection, manager } = await servers.connect();
    const nowhere = natsEventStore({ connection, manager, stream: 'NOWHERE' });
    await expect(nowhere.read(account)).rejects.toMatchObject({ name: 'StreamNotFoundError' });
    const store = natsEventStore({ connection, manager, stream, prefix: prefixOf(stream) });
    await connection.close();
    await expect(store.read(account)).rejects.toMatchObject({ name: 'ClosedConnectionError' });
  });

  it('leaves the connection open when it is closed', async () => {
    const stream = await servers.newStream();
    const { connection, manager } = await servers.connect();
    await natsEventStore({ connection, manager, stream }).close();
    expect(connection.isClosed()).toBe(false);
  });
});

describe('natsEventStore without a server', () => {
  it.each([
    null,
    {},
    { connection: {}, stream: 'FEES' },
    { connection: {}, manager: {}, stream: 'FEES' },
    { connection: null, manager: { jetstream: () => ({}) }, stream: 'FEES' },
    { connection: {}, manager: { jetstream: () => ({}) }, stream: 'A.B' },
    { connection: {}, manager: { jetstream: () => ({}) }, stream: 'FEES', prefix: '*' },
    { connection: {}, manager: { jetstream: () => ({}) }, stream: 'FEES', timeouts: { publishMs: 0 } },
    { connection: {}, manager: { jetstream: () => ({}) }, stream: 'FEES', timeouts: { totalMs: '1' } },
  ])('refuses invalid options: %j', (options) => {
    expect(() => natsEventStore(options as never)).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT' }),
    );
  });
});
