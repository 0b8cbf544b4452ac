import fc from 'fast-check';
import { expect, it } from 'vitest';
import { usualPolicies } from '../../../src/testing/arbitraries/policies.js';
import { playProviderStory } from '../../../src/testing/online/playProviderStory.js';
import { type ProviderStep, providerStories } from '../../../src/testing/online/providerStory.js';
import { LAW_TIMEOUT_MS, tried } from '../../support/seeded.js';

const SEED = 26_300;
const RUNS = 200;

it(
  'everything that a provider did is in the books, or in a finding that people can end',
  async () => {
    const found = { kills: 0, captures: 0, returns: 0, back: 0, rows: 0, settled: 0, payments: 0 };
    const property = fc.asyncProperty(providerStories(fc, usualPolicies, 40), async (story) => {
      const { seen, provider, settledKept } = await playProviderStory(story);
      found.kills += seen.kills;
      found.payments += provider.checkouts.length;
      for (const fact of provider.facts) {
        found[fact.kind === 'capture' ? 'captures' : 'returns'] += 1;
        if (fact.kind === 'capture' && fact.back !== null) found.back += 1;
      }
      found.rows += provider.rows.length;
      found.settled += settledKept.size;
    });
    // Always the same stories, unless STORY_SEED says others: a person or the library fails in one of some thousands of those.
    const seed = Number(process.env.STORY_SEED ?? SEED);
    const { numRuns } = tried(2_000);
    for (let played = 0; played < numRuns; played += RUNS) {
      await fc.assert(property, { seed: seed + played / RUNS, numRuns: Math.min(RUNS, numRuns - played) });
    }
    if (numRuns < 60) return;
    for (const [what, count] of Object.entries(found)) expect(`${what} ${count > 3}`).toBe(`${what} true`);
  },
  LAW_TIMEOUT_MS,
);

it('records a share of a return beside a refund of the same amount that staff entered under its id', async () => {
  const step = (kind: ProviderStep['kind'], more: Partial<ProviderStep> = {}): ProviderStep => ({
    ...{ kind, which: 0, other: 1, amount: 0, dies: 0, isStored: false, meets: 0 },
    ...more,
  });
  const settled = [step('monitor'), step('settle')];
  await playProviderStory({
    policy: usualPolicies.find(({ currency }) => currency === 'USD') as (typeof usualPolicies)[0],
    ...{
      fees: [[100], [100]],
      serviceFee: 'percent',
      isShared: false,
      begun: 0,
      answers: false,
    },
    steps: [
      ...[step('start'), step('break'), step('take'), step('tell'), ...settled, step('reopen'), ...settled],
      ...[step('giveBack', { other: 0, amount: 104 }), step('comesBack'), step('settle', { other: 0 })],
      ...[
        step('portal', { other: 0 }),
        step('giveBack', { other: 0, amount: 9 }),
        step('refund', { other: 13 }),
      ],
    ],
  });
});
