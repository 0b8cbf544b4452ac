import { describe, expect, it } from 'vitest';
import { checkedStore } from '../../src/history/checkedStore.js';
import type { AccountEvent } from '../../src/index.js';

const stream = { institution: 'north', patronId: 'p1' };
const at = '2026-03-02T09:00:00Z';
const data = { feeId: 'f1', feeType: 'OTHER', amount: '2.50', currency: 'USD', owner: 'MAIN', at };
const event: AccountEvent = { type: 'FeeAssessed', data };

const purged = {
  type: 'AccountPurged',
  data: { purgeId: 'x', events: 8, currency: 'USD', totals: [], at },
} as const;

/** An adapter that stores nothing, and its calls. */
function recording() {
  const calls: unknown[][] = [];
  const store = checkedStore({
    read: (...given) => {
      calls.push(['read', ...given]);
      return { version: 0, events: [] };
    },
    append: async (...given) => {
      calls.push(['append', ...given]);
      return { version: 1 };
    },
    readAll: (...given) => {
      calls.push(['readAll', ...given]);
      return { events: [], cursor: '0' };
    },
    accounts: (...given) => {
      calls.push(['accounts', ...given]);
      return { accounts: [], cursor: '0' };
    },
    redact: (...given) => {
      calls.push(['redact', ...given]);
      throw new Error('no room');
    },
    purge: (...given) => {
      calls.push(['purge', ...given]);
      return { version: 9 };
    },
  });
  return { store, calls };
}

describe('a checked store', () => {
  it('passes checked arguments and encoded events to the adapter', async () => {
    const { store, calls } = recording();
    await store.read({ ...stream, name: 'Ada' } as never);
    await store.append(stream, [event], { expectedVersion: 0, recordedAt: '2026-03-02T09:00:00.123456789Z' });
    await store.readAll({ limit: 5 });
    await store.accounts({ institution: 'north' });
    expect(calls).toEqual([
      ['read', stream, { after: 0 }],
      [
        'append',
        stream,
        [JSON.stringify(event)],
        { expectedVersion: 0, recordedAt: '2026-03-02T09:00:00.123456Z' },
      ],
      ['readAll', { limit: 5 }],
      ['accounts', { institution: 'north' }],
    ]);
  });

  it('does not call the adapter with invalid arguments', async () => {
    const { store, calls } = recording();
    const wrong = { institution: '', patronId: 'p1' };
    for (const call of [
      () => store.read(wrong),
      () => store.append(stream, [event], { expected: 0 } as never),
      () => store.readAll({ limit: 0 }),
      () => store.accounts({ after: 5 as never }),
      () => store.redact(wrong),
      () => store.purge(wrong, purged),
      () => store.purge(stream, event as never),
    ])
      await expect(call()).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    await expect(
      store.append(stream, [{ type: 'None' }] as never, { expectedVersion: 0 }),
    ).rejects.toMatchObject({ code: 'INVALID_EVENT' });
    expect(calls).toEqual([]);
  });

  it("rejects with the adapter's errors, and with STORE_CLOSED once it is closed", async () => {
    const { store, calls } = recording();
    await expect(store.redact(stream)).rejects.toThrow('no room');
    await store.close();
    await store.close();
    for (const call of [
      () => store.read(stream),
      () => store.append(stream, [event], { expectedVersion: 0 }),
      () => store.readAll(),
      () => store.accounts(),
      () => store.redact(stream),
      () => store.purge(stream, purged),
    ])
      await expect(call()).rejects.toMatchObject({ code: 'STORE_CLOSED' });
    expect(calls).toHaveLength(1);
  });

  it('has no redact if the adapter has none', () => {
    const { store } = recording();
    const { read, append, readAll, accounts } = store;
    expect('redact' in checkedStore({ read, append, readAll, accounts } as never)).toBe(false);
  });
});
