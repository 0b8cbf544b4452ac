import fc from 'fast-check';
import { type ErasingEventStore, memoryEventStore } from '../../src/history/index.js';
import { arbitraries, type MergedAccounts, type MergedAccountsOptions } from '../../src/testing/index.js';
import { institution, patron } from './merging.js';

/** Random accounts, some of which are merged. */
export const mergedAccounts = (options?: MergedAccountsOptions): fc.Arbitrary<MergedAccounts> =>
  arbitraries(fc).mergedAccounts(options);

/** Returns a store with the accounts of one institution; each event is recorded a minute after the one before it. */
export async function storeOf({ accounts }: MergedAccounts): Promise<ErasingEventStore> {
  let time = Date.parse('2026-01-01T00:00:00Z');
  const store = memoryEventStore({ now: () => new Date(time).toISOString() });
  const left = accounts.map(({ patronId, events }) => ({ patronId, events, next: 0 }));
  while (left.some(({ events, next }) => next < events.length)) {
    for (const account of left) {
      const event = account.events[account.next];
      if (event === undefined) continue;
      await store.append(patron(account.patronId), [event], { expectedVersion: account.next });
      account.next += 1;
      time += 60_000;
    }
  }
  return store;
}

export { institution, patron };
