import { describe, expect, it } from 'vitest';
import { checkedStore, type StoreAdapter } from '../../src/history/index.js';

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
