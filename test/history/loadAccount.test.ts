import { describe, expect, it } from 'vitest';
import { loadAccount } from '../../src/history/loadAccount.js';
import { encodeSnapshot, saveSnapshot } from '../../src/history/snapshots.js';
import { emptyAccount, fold } from '../../src/index.js';
import { goldenLogs } from '../support/goldenEvents.js';
import { memorySnapshots, storeWith, stream, tickingStore, watched } from '../support/stores.js';

const events = goldenLogs.get('at-the-desk') ?? [];

const stored = async () => {
  const store = tickingStore();
  await store.append(stream, events, { expectedVersion: 0 });
  return watched(store);
};

describe('loadAccount', () => {
  it('returns the folded account and the version', async () => {
    const { store } = await stored();
    expect(await loadAccount(store, stream)).toEqual({ version: events.length, account: fold(events) });
  });

  it('returns an empty account for an empty stream', async () => {
    expect(await loadAccount(tickingStore(), stream)).toEqual({ version: 0, account: emptyAccount() });
  });

  it('reads only the events after a snapshot', async () => {
    const { store, calls } = await stored();
    const snapshots = memorySnapshots();
    await saveSnapshot(snapshots, stream, fold(events.slice(0, 5)));
    expect(await loadAccount(store, stream, { snapshots })).toEqual({
      version: events.length,
      account: fold(events),
    });
    expect(calls).toEqual(['read after 5']);
  });

  it('reads all events without a snapshot, or with one of another reducer', async () => {
    const { store, calls } = await stored();
    const snapshots = memorySnapshots();
    await loadAccount(store, stream, { snapshots });
    const other = encodeSnapshot(emptyAccount()).replace('"reducerVersion":1', '"reducerVersion":0');
    await snapshots.save(stream, other);
    expect((await loadAccount(store, stream, { snapshots })).account).toEqual(fold(events));
    expect(calls).toEqual(['read after 0', 'read after 0']);
  });

  it('refuses a snapshot that is damaged, or ahead of its stream', async () => {
    const snapshots = memorySnapshots();
    await snapshots.save(stream, '{}');
    await expect(loadAccount(tickingStore(), stream, { snapshots })).rejects.toMatchObject({
      code: 'INVALID_SNAPSHOT',
    });
    await saveSnapshot(snapshots, stream, fold(events));
    await expect(loadAccount(tickingStore(), stream, { snapshots })).rejects.toMatchObject({
      code: 'INVALID_SNAPSHOT',
      details: { stream: 'north/p1', expected: 0, found: events.length },
    });
  });

  it('names the stream that does not fold, and the position', async () => {
    const store = tickingStore();
    await store.append(stream, events.slice(1, 2).concat(events), { expectedVersion: 0 });
    await expect(loadAccount(store, stream)).rejects.toMatchObject({
      code: 'CORRUPT_HISTORY',
      details: { stream: 'north/p1', position: 3 },
    });
  });

  it('names the stream also if the store returns an invalid event', async () => {
    const { store } = await stored();
    const broken = storeWith(store, {
      read: async () => ({
        version: 1,
        events: [{ version: 1, recordedAt: '', event: { type: 'FeeAssessed' } as never }],
      }),
    });
    await expect(loadAccount(broken, stream)).rejects.toMatchObject({
      code: 'CORRUPT_HISTORY',
      details: { stream: 'north/p1', fault: 'MalformedEvent' },
    });
  });

  it('refuses a slice whose events do not end at its version', async () => {
    const { store } = await stored();
    const short = storeWith(store, { read: (id, options) => store.read(id, { ...options, limit: 3 }) });
    await expect(loadAccount(short, stream)).rejects.toMatchObject({
      code: 'CORRUPT_HISTORY',
      details: { stream: 'north/p1', expected: events.length, found: 3 },
    });
  });
});
