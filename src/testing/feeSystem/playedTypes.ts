import type { FeePolicy } from '../../policy/feePolicy.js';
import type { FeeTypeRule } from '../../policy/policyRules.js';

/**
 * Returns the fee types used in stories: one ordinary type and all lost-item types. Types that may not be waived are used
 * only if the policy has no others, because a system does not know which types may be waived.
 */
export function playedTypes({ feeTypes }: FeePolicy): readonly (readonly [string, FeeTypeRule])[] {
  const types = Object.entries(feeTypes).filter(([, rule]) => rule.retired !== true);
  const waiveable = types.filter(([, rule]) => rule.waiveable);
  const choice = waiveable.length > 0 ? waiveable : types;
  return [
    ...choice.filter(([, rule]) => !rule.lostItem).slice(0, 1),
    ...choice.filter(([, rule]) => rule.lostItem),
  ];
}
