import { describe, expect, it } from 'vitest';
import { type EventStore, memoryEventStore } from '../../src/history/index.js';
import { definePolicy } from '../../src/index.js';
import { mergeAccounts } from '../../src/patron/index.js';
import { at } from '../support/account.js';
import { cutAfter, group, leadsBack, merge, patron, typesOf } from '../support/merging.js';
import { slowStore, storeWith, tickingStore } from '../support/stores.js';

const policy = definePolicy({ currency: 'USD' });

/** Records the first half of a merge, as a call does that is interrupted. */
async function begin(store: EventStore, from: string, into: string) {
  const { version } = await store.read(patron(from));
  const data = { mergeId: `${from}>${into}`, into, at };
  await store.append(patron(from), [{ type: 'AccountMerged', data }], { expectedVersion: version });
}

describe('mergeAccounts beside crossing merges', () => {
  it('lets one of two calls that cross win, and separates the later one again', async () => {
    const store = tickingStore();
    const slow = slowStore(store);
    const results = await Promise.all([
      mergeAccounts(slow, policy, merge('b', 'a')),
      mergeAccounts(slow, policy, merge('a', 'b')),
    ]);
    expect(results).toEqual([
      { accepted: true, written: expect.any(Number) },
      { accepted: false, rejection: leadsBack('b', 'a') },
    ]);
    expect(await group(store, 'a')).toEqual(['a', 'b']);
    expect(await group(store, 'b')).toEqual(['a', 'b']);
    expect(await typesOf(store, 'a')).toEqual(['AccountMerged', 'AccountSeparated', 'AccountJoined']);
    // The loser again: nothing changed, so neither does the answer.
    expect(await mergeAccounts(store, policy, merge('a', 'b'))).toEqual(results[1]);
  });

  // Found on PostgreSQL: both calls undid their own merge.
  it('reads again if the other call undid its merge while this one read the circle', async () => {
    const store = tickingStore();
    await begin(store, 'a', 'b');
    await begin(store, 'b', 'a');
    let reads = 0;
    const racing = storeWith(store, {
      read: async (...given) => {
        reads += 1;
        // After `from`, `into`, and `from` again as a part of the circle.
        if (reads === 4)
          expect(await mergeAccounts(store, policy, merge('b', 'a'))).toMatchObject({ accepted: false });
        return store.read(...given);
      },
    });
    expect(await mergeAccounts(racing, policy, merge('a', 'b'))).toEqual({ accepted: true, written: 1 });
    expect(await group(store, 'a')).toEqual(['b', 'a']);
  });

  it('undoes the later of two crossing merges even if both calls were interrupted', async () => {
    const store = tickingStore();
    await expect(mergeAccounts(cutAfter(store, 1), policy, merge('b', 'a'))).rejects.toThrow('power cut');
    await store.append(patron('a'), [{ type: 'AccountMerged', data: { mergeId: 'a>b', into: 'b', at } }], {
      expectedVersion: 0,
    });
    expect(await mergeAccounts(store, policy, merge('b', 'a'))).toEqual({ accepted: true, written: 2 });
    expect(await group(store, 'a')).toEqual(['a', 'b']);
  });

  it('undoes the latest of three', async () => {
    const store = tickingStore();
    await begin(store, 'a', 'b');
    await begin(store, 'b', 'c');
    await begin(store, 'c', 'a');
    expect(await mergeAccounts(store, policy, merge('c', 'a'))).toEqual({
      accepted: false,
      rejection: leadsBack('a', 'b', 'c'),
    });
    for (const [from, into] of [
      ['a', 'b'],
      ['b', 'c'],
    ] as const) {
      expect(await mergeAccounts(store, policy, merge(from, into))).toEqual({ accepted: true, written: 1 });
    }
    expect(await group(store, 'a')).toEqual(['c', 'b', 'a']);
  });

  it('never undoes a merge that both accounts have recorded, even if it was recorded last', async () => {
    const store = tickingStore();
    await begin(store, 'a', 'b');
    await begin(store, 'b', 'a');
    const joined = { type: 'AccountJoined', data: { mergeId: 'b>a', from: 'b', at } } as const;
    await store.append(patron('a'), [joined], { expectedVersion: 1 });
    expect(await mergeAccounts(store, policy, merge('a', 'b'))).toEqual({
      accepted: false,
      rejection: leadsBack('b', 'a'),
    });
    expect(await group(store, 'a')).toEqual(['a', 'b']);
  });

  it('chooses by the patron id if the store recorded both at the same time', async () => {
    const store = memoryEventStore({ now: () => at });
    await begin(store, 'a', 'b');
    await begin(store, 'b', 'a');
    expect(await mergeAccounts(store, policy, merge('b', 'a'))).toMatchObject({ accepted: false });
    expect(await mergeAccounts(store, policy, merge('a', 'b'))).toMatchObject({ accepted: true });
    expect(await group(store, 'a')).toEqual(['b', 'a']);
  });

  it('follows a path that ends in a circle of other accounts, and finds no way back', async () => {
    const store = tickingStore();
    await begin(store, 'b', 'c');
    await begin(store, 'c', 'b');
    expect(await mergeAccounts(store, policy, merge('a', 'b'))).toEqual({ accepted: true, written: 2 });
    expect(await group(store, 'a')).toEqual(['b', 'a']);
  });
});
