import fc from 'fast-check';
import { definePolicy, type FeePolicy, type FeePolicyInput } from '../../src/index.js';

/** Lost-item types with percentages that round and that do not. */
export const lostTypes = { LOST100: 100, LOST50: 50, LOST33: 33.3, LOST0: 0 } as const;

const lostItemTypes = Object.fromEntries(
  Object.entries(lostTypes).map(([type, refundPercent]) => [
    type,
    { label: type, lostItem: true, refundPercent },
  ]),
);

/** Policies of every kind that changes a rule. */
const policyInputs: readonly FeePolicyInput[] = [
  { currency: 'USD' },
  { currency: 'USD', overpayment: 'credit', unpaidOnReturn: 'all', transfers: { expectsSettlement: true } },
  {
    currency: 'JPY',
    overpayment: 'credit',
    paymentOrder: 'proportional',
    transfers: { expectsSettlement: true },
  },
  { currency: 'KWD', paymentOrder: 'evenly', unpaidOnReturn: 'all' },
];

export const policies: readonly FeePolicy[] = policyInputs.map((input) => {
  const { feeTypes } = definePolicy(input);
  const others = {
    FIXED: { label: 'May not be waived', waiveable: false },
    OLD: { label: 'Charged no more', retired: true },
  };
  return definePolicy({ ...input, feeTypes: { ...feeTypes, ...lostItemTypes, ...others } });
});

export const anyPolicy: fc.Arbitrary<FeePolicy> = fc.constantFrom(...policies);

/**
 * The policy as it is at some other time or place, since an account outlives a policy: the next one's rules, types
 * that are gone, another currency.
 */
export const policyVariants = ['same', 'next', 'later', 'foreign'] as const;

export type PolicyVariant = (typeof policyVariants)[number];

const variantsOf = new Map(
  policies.map((policy, index) => {
    const other = policies[(index + 1) % policies.length] as FeePolicy;
    const { OTHER, LOST50, LOST0, ...rest } = policy.feeTypes;
    const later = {
      ...rest,
      OTHER: { label: 'Other', retired: true },
      LOST50: { label: 'Lost', lostItem: true, refundPercent: 80 },
    };
    const variants: Readonly<Record<PolicyVariant, FeePolicy>> = {
      same: policy,
      next: definePolicy({ ...other, currency: policy.currency, transfers: policy.transfers }),
      later: definePolicy({ ...policy, feeTypes: later, waiveReasons: { OTHER: 'Other' } }),
      foreign: policies.find(({ currency }) => currency !== policy.currency) as FeePolicy,
    };
    return [policy, variants] as const;
  }),
);

export function variantOf(policy: FeePolicy, variant: PolicyVariant): FeePolicy {
  return variantsOf.get(policy)?.[variant] ?? policy;
}
