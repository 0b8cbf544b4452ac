import { definePolicy } from '../../../src/index.js';
import type { ProviderStep, ProviderStory } from '../../../src/testing/online/providerStory.js';

/** A story in which `ann` owes 5.00 and `ben` 4.00, nothing is refused, and nobody dies; the service fee is 0.50. */
export const quiet: ProviderStory = {
  policy: definePolicy({ currency: 'USD' }),
  fees: [[500], [400]],
  serviceFee: 'fixed',
  isShared: false,
  begun: 0,
  answers: true,
  steps: [],
};

/** A step in which nobody dies. */
export const step = (kind: ProviderStep['kind'], numbers: Partial<ProviderStep> = {}): ProviderStep => ({
  kind,
  which: 0,
  other: 1,
  amount: 0,
  dies: 0,
  isStored: false,
  meets: 0,
  ...numbers,
});
