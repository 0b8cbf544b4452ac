import { type Fee, owed } from '../../account/fee.js';
import { type FeePolicy, feeTypeRule } from '../../policy/feePolicy.js';
import type { BulkWaiveFee } from './bulkWaiveEntry.js';

/**
 * Returns what a bulk waive does with a fee that has an amount owed.
 *
 * @param chosen - the chosen fee types; undefined for all
 * @param money - formats minor units
 */
export function bulkWaiveFee(
  fee: Fee,
  chosen: ReadonlySet<string> | undefined,
  policy: FeePolicy,
  money: (minor: number) => string,
): BulkWaiveFee {
  const because = feeForbids(fee, chosen, policy);
  return {
    feeId: fee.feeId,
    feeType: fee.feeType,
    owed: money(owed(fee)),
    waived: money(because === null ? owed(fee) : 0),
    asCredit: because === null && fee.lostItem,
    because,
  };
}

function feeForbids(
  { feeType }: Fee,
  chosen: ReadonlySet<string> | undefined,
  policy: FeePolicy,
): BulkWaiveFee['because'] {
  if (chosen !== undefined && !chosen.has(feeType)) return 'FeeTypeNotChosen';
  const rule = feeTypeRule(policy, feeType);
  if (rule === undefined) return 'FeeTypeUnknown';
  return rule.waiveable ? null : 'FeeTypeNotWaiveable';
}
