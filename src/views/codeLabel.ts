import { type FeePolicy, feeTypeRule } from '../policy/feePolicy.js';

/** A table of labels, or of rules with labels. */
export type LabelTable = Readonly<Record<string, string | { readonly label: string }>>;

/** Returns the label of a code, or the code if the table does not have it (any more). */
export function codeLabel(labels: LabelTable | undefined, code: string): string {
  const entry = labels !== undefined && Object.hasOwn(labels, code) ? labels[code] : undefined;
  return (typeof entry === 'string' ? entry : entry?.label) ?? code;
}

/** Returns the label of a fee type, or its code if the policy does not have it (any more). */
export function feeTypeLabel(policy: FeePolicy | undefined, feeType: string): string {
  return (policy && feeTypeRule(policy, feeType)?.label) ?? feeType;
}
