import fc from 'fast-check';
import { expect } from 'vitest';
import { definePolicy } from '../../src/index.js';
import { mergeAccounts } from '../../src/patron/index.js';
import { everyStore } from '../support/everyStore.js';
import { checkPair, pairs } from '../support/mergedPairs.js';
import { group, merge, typesOf } from '../support/merging.js';
import { itWith } from '../support/programs.js';
import { LAW_TIMEOUT_MS, tried } from '../support/seeded.js';

const policy = definePolicy({ currency: 'USD' });

/** A clock that advances by a second with every append. */
function ticking(): () => string {
  let time = Date.parse('2026-06-01T10:00:00Z');
  return () => {
    time += 1000;
    return new Date(time).toISOString();
  };
}

for (const { name, programs, open } of everyStore(ticking)) {
  itWith(
    programs,
    `${name}: a merge changes no figure and no answer, wherever it is interrupted (property)`,
    async () => {
      const store = await open();
      let institutions = 0;
      const checked = fc.asyncProperty(pairs, async (pair) => {
        institutions += 1;
        await checkPair(store, `i${institutions}`, pair);
      });
      await fc.assert(checked, tried(100));
      await store.close();
    },
    LAW_TIMEOUT_MS,
  );

  itWith(programs, `${name}: of merges that cross, one wins and the other is separated again`, async () => {
    const store = await open();
    for (let round = 0; round < 10; round++) {
      const [a, b] = [`a${round}`, `b${round}`];
      const results = await Promise.all([
        mergeAccounts(store, policy, merge(a, b)),
        mergeAccounts(store, policy, merge(b, a)),
      ]);
      expect(results.filter(({ accepted }) => accepted)).toHaveLength(1);
      const [kept, merged] = results[0]?.accepted === true ? [b, a] : [a, b];
      expect(await group(store, a)).toEqual([kept, merged]);
      expect(await group(store, b)).toEqual([kept, merged]);
    }
    await store.close();
  });

  itWith(programs, `${name}: twenty accounts can be merged into one at the same time`, async () => {
    const store = await open();
    const names = Array.from({ length: 20 }, (_, index) => `p${index}`);
    const results = await Promise.all(
      names.map((patronId) => mergeAccounts(store, policy, merge(patronId, 'kept'))),
    );
    for (const result of results) expect(result).toEqual({ accepted: true, written: 2 });
    expect((await group(store, 'p7')).sort()).toEqual(['kept', ...names].sort());
    expect(await typesOf(store, 'kept')).toEqual(names.map(() => 'AccountJoined'));
    await store.close();
  });
}
