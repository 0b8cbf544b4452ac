import { definePolicy, type FeePolicy, type FeePolicyInput } from '../../src/index.js';

/** Returns the policy of the explorations, in yen: an ordinary type, a fine, and lost items of which half comes back. */
export function smallPolicy(input: Partial<FeePolicyInput> = {}): FeePolicy {
  return definePolicy({
    currency: 'JPY',
    feeTypes: {
      OTHER: { label: 'Other' },
      FINE: { label: 'Fine' },
      LOST: { label: 'Lost item', lostItem: true, refundPercent: 50 },
    },
    transfers: { expectsSettlement: true },
    ...input,
  });
}
