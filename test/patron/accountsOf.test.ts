import { describe, expect, it } from 'vitest';
import { definePolicy } from '../../src/index.js';
import { accountsOf, mergeAccounts, separateAccounts } from '../../src/patron/index.js';
import { at } from '../support/account.js';
import { group, institution, merge, patron } from '../support/merging.js';
import { tickingStore } from '../support/stores.js';

const policy = definePolicy({ currency: 'USD' });

describe('accountsOf', () => {
  it('returns an account without merges alone, even without events', async () => {
    const store = tickingStore();
    expect(await accountsOf(store, patron('nobody'))).toMatchObject([
      { institution, patronId: 'nobody', version: 0, account: { eventCount: 0 } },
    ]);
  });

  it.each([null, undefined, {}, 'p1'])('throws for the account %j', async (stream) => {
    await expect(accountsOf(tickingStore(), stream as never)).rejects.toThrow('INVALID_ARGUMENT: stream');
  });

  it('follows joins both ways: the same accounts in the same order from each of them', async () => {
    const store = tickingStore();
    for (const [from, into] of [
      ['c', 'b'],
      ['e', 'a'],
      ['b', 'a'],
      ['d', 'b'],
    ] as const) {
      expect(await mergeAccounts(store, policy, merge(from, into))).toMatchObject({ accepted: true });
    }
    for (const name of ['a', 'b', 'c', 'd', 'e']) {
      expect(await group(store, name)).toEqual(['a', 'e', 'b', 'c', 'd']);
    }
    await separateAccounts(store, policy, { from: patron('b'), mergeId: 'b>a', at });
    expect(await group(store, 'c')).toEqual(['b', 'c', 'd']);
    expect(await group(store, 'e')).toEqual(['a', 'e']);
  });
});
