import { describe, expect, it } from 'vitest';
import { loadAccount } from '../../src/history/loadAccount.js';
import { emptyAccount, fold } from '../../src/index.js';
import { goldenLogs } from '../support/goldenEvents.js';
import { storeWith, stream, tickingStore, watched } from '../support/stores.js';

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

  it('names the stream that does not fold, and the position', async () => {
    const store = tickingStore();
    await store.append(stream, events.slice(1, 2).concat(events), { expectedVersion: 0 });
    await expect(loadAccount(store, stream)).rejects.toMatchObject({
      code: 'CORRUPT_HISTORY',
      details: { stream: 'north/p1', position: 3 },
    });
  });

  it('names the stream even if the store returns an invalid event', async () => {
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
