import { type FeePolicy, feeTypeRule } from '../policy/feePolicy.js';

/** The label of a code, or the code itself where no table has it: old codes stay readable. */
export function codeLabel(labels: Readonly<Record<string, string>> | undefined, code: string): string {
  return labels !== undefined && Object.hasOwn(labels, code) ? (labels[code] as string) : code;
}

/** The label of a fee type, or its code where the policy (if there is one) does not know it. */
export function feeTypeLabel(policy: FeePolicy | undefined, feeType: string): string {
  return (policy && feeTypeRule(policy, feeType)?.label) ?? feeType;
}
