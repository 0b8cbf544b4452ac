import { type FeePolicy, feeTypeRule } from '../policy/feePolicy.js';

/** Returns the label of a code, or the code if the table does not have it (any more). */
export function codeLabel(labels: Readonly<Record<string, string>> | undefined, code: string): string {
  return labels !== undefined && Object.hasOwn(labels, code) ? (labels[code] as string) : code;
}

/** Returns the label of a fee type, or its code if the policy does not have it (any more). */
export function feeTypeLabel(policy: FeePolicy | undefined, feeType: string): string {
  return (policy && feeTypeRule(policy, feeType)?.label) ?? feeType;
}
