import { describe, expect, it, vi } from 'vitest';
import {
  catchUp,
  checkedStore,
  type EventStore,
  follow,
  followShards,
  memoryEventStore,
  parked,
  type StoreAdapter,
  type StoredAccountEvent,
  type StreamId,
} from '../../src/history/index.js';
import { keyedEventStore, memoryKeys } from '../../src/stores/keys/index.js';
import { assessedFee } from '../support/assessedFee.js';
import { parkingProjection } from '../support/parkingProjection.js';

const stream = { institution: 'north', patronId: 'p1' };
const at = '2026-03-02T09:00:00Z';
const fee = { type: 'FeeDisputed' as const, data: { disputeId: 'd1', feeId: 'f1', at } };
const purge = {
  type: 'AccountPurged' as const,
  data: { purgeId: 'x', events: 3, currency: 'USD', totals: [], at },
};

/** A store with events of these versions; those in `purges` are what a purge left. */
function storeOf(versions: readonly number[], purges: readonly number[] = []) {
  const events = versions.map((version) => ({
    version,
    recordedAt: at,
    event: purges.includes(version) ? purge : fee,
  }));
  const adapter: StoreAdapter = {
    read: (_stream, { after, limit }) => ({
      version: versions.at(-1) ?? 0,
      events: events.filter(({ version }) => version > after).slice(0, limit),
    }),
    append: () => ({ version: 0 }),
    readAll: ({ after = '0', limit }) => {
      const rest = events.slice(Number(after)).slice(0, limit);
      return {
        events: rest.map((one) => ({ ...stream, ...one, event: JSON.stringify(one.event) })),
        cursor: String(Number(after) + rest.length),
      };
    },
    accounts: () => ({ accounts: [stream], cursor: '1' }),
  };
  return checkedStore(adapter);
}

describe('a stream', () => {
  it.each<[versions: number[], purges: number[], message: RegExp]>([
    [[2, 3], [], /north\/p1: expected version 1, found 2: events are missing/],
    [[1, 2, 4], [], /expected version 3, found 4/],
    [[1, 1], [], /expected version 2, found 1/],
    [[1, 2, 3, 4], [4], /event 4 is AccountPurged, which can only be the first event/],
    [[4, 5], [4, 5], /event 5 is AccountPurged/],
    [[4, 6], [4], /expected version 5, found 6/],
  ])('with versions %j, purged at %j, is refused', async (versions, purges, message) => {
    const store = storeOf(versions, purges);
    await expect(store.read(stream)).rejects.toThrow(message);
    await expect(store.read(stream)).rejects.toMatchObject({ code: 'CORRUPT_HISTORY' });
    await expect(store.readAll()).rejects.toThrow(message);
  });

  it.each<[versions: number[], purges: number[]]>([
    [[], []],
    [[1, 2, 3], []],
    [[4], [4]],
    [[4, 5, 6], [4]],
  ])('with versions %j, purged at %j, is read', async (versions, purges) => {
    const store = storeOf(versions, purges);
    for (let after = 0; after <= 7; after++) {
      const { events } = await store.read(stream, { after });
      expect(events.map(({ version }) => version)).toEqual(versions.filter((version) => version > after));
    }
    expect((await store.readAll()).events).toHaveLength(versions.length);
  });

  it('is refused from any version on if it has events before its purge', async () => {
    const store = storeOf([1, 2, 3, 4, 5], [4]);
    for (const after of [0, 1, 2, 3]) await expect(store.read(stream, { after })).rejects.toThrow(/event 4/);
    expect((await store.read(stream, { after: 4 })).events).toHaveLength(1);
  });

  it('is refused if the adapter does not return its last events', async () => {
    const adapter = { read: () => ({ version: 3, events: [{ version: 1, recordedAt: at, event: fee }] }) };
    const store = checkedStore(adapter as never as StoreAdapter);
    await expect(store.read(stream)).rejects.toThrow(/expected version 2, found 3/);
    expect((await store.read(stream, { limit: 1 })).version).toBe(3);
  });
});

it('a page of all events may begin in the middle of a stream', async () => {
  const store = storeOf([1, 2, 4, 5]);
  const { events, cursor } = await store.readAll({ limit: 2 });
  expect(events).toHaveLength(2);
  expect((await store.readAll({ after: cursor })).events).toHaveLength(2);
  await expect(store.readAll({ after: '1' })).rejects.toThrow(/expected version 3, found 4/);
});

it('the event of a purge cannot be appended', async () => {
  const append = storeOf([]).append(stream, [fee, purge], { expectedVersion: 0 });
  await expect(append).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
});

const now = () => '2026-03-02T09:00:00Z';
const account = (index: number): StreamId => ({ institution: 'north', patronId: `p${index}` });

const readsOnly: Omit<StoreAdapter, 'read'> = {
  append: () => ({ version: 0 }),
  readAll: () => ({ events: [], cursor: '0' }),
  accounts: () => ({ accounts: [], cursor: '0' }),
};

async function filled(count: number): Promise<EventStore> {
  const store = memoryEventStore({ now });
  for (let index = 0; index < count; index++)
    await store.append(account(index), [assessedFee('f1')], { expectedVersion: 0 });
  return store;
}

/** A projection whose `apply` first does something else with each event. */
function after(made: ReturnType<typeof parkingProjection>, first: (event: StoredAccountEvent) => unknown) {
  const apply: typeof made.projection.apply = async (events, ...rest) => {
    for (const event of events) await first(event);
    await made.projection.apply(events, ...rest);
  };
  return { ...made.projection, apply };
}

const failures = {
  'an error without a code': () => new Error('Connection terminated unexpectedly'),
  'an error with the code of a constraint': () => Object.assign(new Error('x'), { code: '23505' }),
  'a text': () => 'timeout',
  nothing: () => undefined,
};

it.each(Object.entries(failures))(
  'a store that fails with %s stops a projection that reads it, and no account is parked',
  async (_, failure) => {
    const store = await filled(5);
    let isDown = true;
    const failing = checkedStore({
      ...readsOnly,
      read: async (stream) => {
        if (isDown) throw failure();
        return store.read(stream);
      },
    });
    const made = parkingProjection();
    const projection = after(made, (event) => failing.read(event));
    const options = { onBadEvent: 'park' } as const;
    await expect(catchUp(store, projection, made.checkpoint, options)).rejects.toBeDefined();
    expect(await parked(made.checkpoint)).toEqual([]);
    isDown = false;
    await catchUp(store, projection, made.checkpoint, options);
    for (let index = 0; index < 5; index++) expect(made.versionsOf(account(index))).toEqual([1]);
  },
);

it('a key service that fails for some accounts parks none of them, even with shards', async () => {
  const plain = memoryEventStore({ now });
  let isDown = false;
  const master = {
    wrap: (keys: string) => keys,
    unwrap: async (keys: string, { patronId }: StreamId) => {
      if (isDown && patronId === 'p1') throw new Error('throttled');
      return keys;
    },
  };
  const keys = memoryKeys();
  const writer = keyedEventStore(plain, { keys, master });
  for (let index = 0; index < 5; index++) {
    const event = assessedFee('f1', { comment: 'The dog' });
    await writer.append(account(index), [event], { expectedVersion: 0 });
  }
  isDown = true;
  const reader = keyedEventStore(plain, { keys, master });
  const shards = new Map([0, 1].map((index) => [index, parkingProjection()]));
  const ending = new AbortController();
  let failed = 0;
  const onParked = vi.fn();
  await followShards(
    plain,
    ({ index }) => {
      const made = shards.get(index) as ReturnType<typeof parkingProjection>;
      return after(made, (event) => reader.read(event));
    },
    {
      signal: ending.signal,
      shards: 2,
      pollMs: 1,
      maxPauseMs: 1,
      onBadEvent: 'park',
      onParked,
      onFailure: () => {
        failed += 1;
        if (failed === 6) isDown = false;
      },
      onProgress: ({ state }) => state === 'current' && failed >= 6 && ending.abort(),
    },
  );
  expect(onParked).not.toHaveBeenCalled();
  const applied = [...shards.values()].flatMap((made) =>
    [0, 1, 2, 3, 4].filter((index) => made.versionsOf(account(index)).length === 1),
  );
  expect(applied.sort()).toEqual([0, 1, 2, 3, 4]);
});

it('errors of a store of another copy of the package are recognised, too', async () => {
  const store = await filled(2);
  vi.resetModules();
  const copy = await import('../../src/history/index.js');
  expect(copy.checkedStore).not.toBe(checkedStore);
  const failing = copy.checkedStore({
    ...readsOnly,
    read: () => {
      throw new Error('down');
    },
  });
  const made = parkingProjection();
  const projection = after(made, (event) => failing.read(event));
  const run = catchUp(store, projection, made.checkpoint, { onBadEvent: 'park' });
  await expect(run).rejects.toThrow('down');
  expect(await parked(made.checkpoint)).toEqual([]);
});

it('an outage of the projection itself parks no account that can be applied later', async () => {
  const store = await filled(8);
  const made = parkingProjection();
  let calls = 0;
  // Down while single events are tried, of several accounts one after the other.
  const projection = after(made, () => {
    calls += 1;
    if (calls <= 9) throw new Error('Connection terminated unexpectedly');
  });
  made.setBad(account(7));
  const onParked = vi.fn();
  const ending = new AbortController();
  await follow(
    store,
    { ...projection, checkpoint: made.checkpoint },
    {
      signal: ending.signal,
      pollMs: 1,
      maxPauseMs: 1,
      onBadEvent: 'park',
      onParked,
      onProgress: ({ state }) => state === 'current' && ending.abort(),
    },
  );
  expect(onParked.mock.calls.map(([{ patronId }]) => patronId)).toEqual(['p7']);
  expect((await parked(made.checkpoint)).map(({ patronId }) => patronId)).toEqual(['p7']);
  for (let index = 0; index < 7; index++) expect(made.versionsOf(account(index))).toEqual([1]);
});

it('a page of readAll unwraps at most 32 keys at once', async () => {
  const plain = memoryEventStore({ now });
  let [atOnce, most] = [0, 0];
  const master = {
    wrap: (keys: string) => keys,
    unwrap: async (keys: string) => {
      most = Math.max(most, ++atOnce);
      await new Promise((resolve) => setImmediate(resolve));
      atOnce -= 1;
      return keys;
    },
  };
  const keys = memoryKeys();
  const writer = keyedEventStore(plain, { keys, master });
  for (let index = 0; index < 100; index++) {
    const event = assessedFee('f1', { comment: `of ${index}` });
    await writer.append(account(index), [event], { expectedVersion: 0 });
  }
  most = 0;
  const { events } = await keyedEventStore(plain, { keys, master }).readAll();
  expect(most).toBe(32);
  expect(events.map(({ event }) => (event.data as { comment?: string }).comment)).toEqual(
    Array.from({ length: 100 }, (_, index) => `of ${index}`),
  );
});
