import fc from 'fast-check';
import { expect, it } from 'vitest';
import { usualPolicies } from '../../../src/testing/arbitraries/policies.js';
import { METHOD, onlinePolicy, providerStories } from '../../../src/testing/online/providerStory.js';
import { fixedCases } from '../../support/seeded.js';

it('generates stories of payments that can be paid online, whatever the policy', () => {
  fc.assert(
    fc.property(providerStories(fc, usualPolicies, 10), (story) => {
      const { rules, feeType } = onlinePolicy(story, story.policy.currency === 'JPY' ? '50' : '0.50');
      expect(rules.onlinePayments).toMatchObject({ method: METHOD, shortfallFee: { feeType } });
      expect(rules.feeTypes[feeType]).not.toHaveProperty('retired', true);
      expect(story.steps.length).toBeLessThanOrEqual(10);
    }),
    fixedCases(50),
  );
});
