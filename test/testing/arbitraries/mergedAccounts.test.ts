import fc from 'fast-check';
import { expect, it } from 'vitest';
import { accountsOf } from '../../../src/patron/index.js';
import { arbitraries } from '../../../src/testing/index.js';
import { mergedAccounts, patron, storeOf } from '../../support/mergedGroups.js';
import { tried } from '../../support/seeded.js';

it('are the groups that accountsOf finds from any of their accounts: chains, trees, crossed and separated merges', async () => {
  const seen = { chains: 0, trees: 0, crossed: 0, separated: 0, apart: 0 };
  await fc.assert(
    fc.asyncProperty(mergedAccounts(), async (given) => {
      const store = await storeOf(given);
      for (const group of given.groups) {
        for (const patronId of group) {
          const accounts = await accountsOf(store, patron(patronId));
          expect(accounts.map((one) => one.patronId)).toEqual(group);
        }
        const [top] = await accountsOf(store, patron(group[0] as string));
        const joined = top?.account.merges.filter(
          ({ direction, separatedAt }) => direction === 'from' && separatedAt === null,
        );
        if (group.length === 1) seen.apart += 1;
        if ((joined?.length ?? 0) > 1) seen.trees += 1;
        if ((joined?.length ?? 0) + 1 < group.length) seen.chains += 1;
      }
      for (const { events } of given.accounts) {
        const ids = (type: string) =>
          events.flatMap((event) =>
            event.type === type && 'mergeId' in event.data ? event.data.mergeId : [],
          );
        const all = given.accounts.flatMap((account) => account.events);
        for (const mergeId of ids('AccountMerged').filter((id) => ids('AccountSeparated').includes(id))) {
          const isJoined = all.some(
            (event) => event.type === 'AccountJoined' && event.data.mergeId === mergeId,
          );
          seen[isJoined ? 'separated' : 'crossed'] += 1;
        }
      }
    }),
    { numRuns: 150, seed: 1 },
  );
  for (const [name, count] of Object.entries(seen)) expect(count, name).toBeGreaterThan(5);
});

it('have the given policies and length, and refuse others', () => {
  const all = arbitraries(fc);
  fc.assert(
    fc.property(all.mergedAccounts({ maxCommands: 1 }), ({ accounts, groups }) => {
      expect(groups.flat().sort()).toEqual(accounts.map(({ patronId }) => patronId));
      for (const { events } of accounts) {
        const own = events.filter(({ type }) => !/^Account(Merged|Joined|Separated)$/.test(type));
        expect(own.length).toBeLessThan(5);
      }
    }),
    tried(50),
  );
  for (const wrong of [{ maxCommands: 0 }, { policies: [] }, null])
    expect(() => all.mergedAccounts(wrong as never)).toThrow('INVALID_ARGUMENT');
});
