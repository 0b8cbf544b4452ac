import fc from 'fast-check';
import { describe, expect } from 'vitest';
import { usualPolicies } from '../../src/testing/arbitraries/policies.js';
import type { OpenedStores } from '../../src/testing/online/onlineWorld.js';
import { playProviderStory } from '../../src/testing/online/playProviderStory.js';
import { providerStories } from '../../src/testing/online/providerStory.js';
import { everyStore } from '../support/everyStore.js';
import { itWith } from '../support/programs.js';
import { timesOf } from './timesOf.js';

/** At each store. */
const KILLS = timesOf(300);
/** The number of stories that share stores, each with an institution of its own. */
const SHARING = 20;
const SEED = 20_261_202;

const now = () => '2026-03-02T09:00:00Z';

describe.each(everyStore(() => now))('law 14 over $name', ({ programs, open, openOffice }) => {
  itWith(
    programs,
    'holds whatever processes die at which write, and whoever settles at the same moment',
    async () => {
      const found = { stories: 0, kills: 0, settled: 0 };
      let shared: OpenedStores | undefined;
      const openStores = async () => {
        if (found.stories % SHARING === 0) shared = { accounts: await open(), office: await openOffice() };
        found.stories += 1;
        return { ...(shared as OpenedStores), institution: `north${found.stories}` };
      };
      const property = fc.asyncProperty(providerStories(fc, usualPolicies, 40), async (story) => {
        const { seen, settledKept } = await playProviderStory(story, openStores);
        found.kills += seen.kills;
        found.settled += settledKept.size;
      });
      for (let seed = SEED; found.kills < KILLS; seed++)
        await fc.assert(property, { seed, numRuns: 10, endOnFailure: true });
      console.log(`${found.stories} stories, ${found.kills} kills`);
      expect(found.settled).toBeGreaterThan(0);
    },
    3_600_000,
  );
});
