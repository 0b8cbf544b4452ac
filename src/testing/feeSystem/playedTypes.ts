import type { FeePolicy } from '../../policy/feePolicy.js';
import type { FeeTypeRule } from '../../policy/feeType.js';

/**
 * The fee types of a policy that stories are made of: one ordinary type and all lost-item types. Such as may not be
 * waived only where there are no others, since a system is not told which may.
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
