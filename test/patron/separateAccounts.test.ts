import { describe, expect, it } from 'vitest';
import { definePolicy } from '../../src/index.js';
import { mergeAccounts, separateAccounts } from '../../src/patron/index.js';
import { at } from '../support/account.js';
import { account, cutAfter, group, merge, patron, typesOf } from '../support/merging.js';
import { tickingStore } from '../support/stores.js';

const policy = definePolicy({ currency: 'USD' });

describe('separateAccounts', () => {
  it('separates both accounts, and does nothing when sent again', async () => {
    const store = tickingStore();
    await mergeAccounts(store, policy, merge('b', 'a'));
    const end = { from: patron('b'), mergeId: 'b>a', at, reason: 'two persons' };
    expect(await separateAccounts(store, policy, end)).toEqual({ accepted: true, written: 2 });
    expect(await separateAccounts(store, policy, end)).toEqual({ accepted: true, written: 0 });
    expect(await group(store, 'a')).toEqual(['a']);
    expect(await group(store, 'b')).toEqual(['b']);
    expect((await account(store, 'b')).merges).toEqual([
      { mergeId: 'b>a', direction: 'into', patronId: 'a', mergedAt: at, separatedAt: at },
    ]);
    const [, separated] = (await store.read(patron('a'))).events;
    const data = { mergeId: 'b>a', at, reason: 'two persons' };
    expect(separated?.event).toEqual({ type: 'AccountSeparated', data });
  });

  it('does not repeat a merge that was done before', async () => {
    const store = tickingStore();
    await mergeAccounts(store, policy, merge('b', 'a'));
    await separateAccounts(store, policy, { from: patron('b'), mergeId: 'b>a', at });
    expect(await mergeAccounts(store, policy, merge('b', 'a'))).toEqual({ accepted: true, written: 0 });
    expect(await group(store, 'b')).toEqual(['b']);
    expect(await mergeAccounts(store, policy, merge('b', 'a', 'm2'))).toEqual({ accepted: true, written: 2 });
    expect(await group(store, 'b')).toEqual(['a', 'b']);
  });

  it('finishes a separation that was interrupted between its two events', async () => {
    const store = tickingStore();
    await mergeAccounts(store, policy, merge('b', 'a'));
    const end = { from: patron('b'), mergeId: 'b>a', at };
    await expect(separateAccounts(cutAfter(store, 1), policy, end)).rejects.toThrow('power cut');
    expect(await group(store, 'b')).toEqual(['b']);
    // Until then, the account can neither be charged nor merged elsewhere.
    expect(await mergeAccounts(store, policy, merge('b', 'c'))).toMatchObject({
      rejection: { type: 'AccountMerged', into: 'a' },
    });
    expect(await separateAccounts(store, policy, end)).toEqual({ accepted: true, written: 1 });
    expect(await mergeAccounts(store, policy, merge('b', 'c'))).toMatchObject({ accepted: true });
  });

  it('leaves another merge with the same id unchanged, and each account in a group', async () => {
    const store = tickingStore();
    await expect(mergeAccounts(cutAfter(store, 1), policy, merge('c', 'b', 'm'))).rejects.toThrow(
      'power cut',
    );
    await mergeAccounts(store, policy, merge('b', 'a', 'm'));
    expect([await group(store, 'c'), await group(store, 'b')]).toEqual([['c'], ['a', 'b']]);
    const given = { from: patron('c'), mergeId: 'm', at };
    expect(await separateAccounts(store, policy, given)).toEqual({ accepted: true, written: 1 });
    expect(await typesOf(store, 'b')).toEqual(['AccountMerged']);
    expect(await group(store, 'b')).toEqual(['a', 'b']);
  });

  it('undoes half a merge', async () => {
    const store = tickingStore();
    await expect(mergeAccounts(cutAfter(store, 1), policy, merge('b', 'a'))).rejects.toThrow('power cut');
    const end = { from: patron('b'), mergeId: 'b>a', at };
    expect(await separateAccounts(store, policy, end)).toEqual({ accepted: true, written: 1 });
    expect(await mergeAccounts(store, policy, merge('b', 'a'))).toEqual({
      accepted: false,
      rejection: { type: 'AlreadyUndone', kind: 'conflict', id: 'b>a' },
    });
  });

  it.each([
    ['an unknown merge', 'b', 'other'],
    ['the account that was kept', 'a', 'b>a'],
    ['an account without merges', 'c', 'b>a'],
  ])('refuses %s', async (_title, from, mergeId) => {
    const store = tickingStore();
    await mergeAccounts(store, policy, merge('b', 'a'));
    expect(await separateAccounts(store, policy, { from: patron(from), mergeId, at })).toEqual({
      accepted: false,
      rejection: { type: 'MergeNotFound', kind: 'notFound', mergeId },
    });
  });
});
