import { type Fault, PatronFeesError } from '../errors.js';
import { faultText, MISSING } from '../input/faults.js';
import { definedPolicy, definePolicy, type FeePolicy } from './feePolicy.js';

/** Labels of a policy's codes in one language: what people see in place of a code. */
export type PolicyLabels = {
  /** The labels of fee types, by code. */
  readonly feeTypes: Readonly<Record<string, string>>;
  /** The labels of payment methods, by code. */
  readonly paymentMethods: Readonly<Record<string, string>>;
  /** The labels of reasons for waivers, by code. */
  readonly waiveReasons: Readonly<Record<string, string>>;
  /** The labels of reasons for credits, by code. */
  readonly creditReasons: Readonly<Record<string, string>>;
  /** The labels of external billing systems, by code. */
  readonly destinations: Readonly<Record<string, string>>;
};

const tables = ['paymentMethods', 'creditReasons', 'destinations'] as const;

/**
 * Returns the policy with labels in another language, for the views, receipts and statements of one reader. Rules and
 * codes stay the same, so decisions do too.
 *
 * @param policy - the institution's policy
 * @param labels - a label for every code of the policy; labels of other codes are ignored
 * @returns the policy with these labels
 * @throws {@link PatronFeesError} `INVALID_ARGUMENT` if a code has no label, with every such code in `details.faults`;
 * `INVALID_POLICY` if the policy is invalid
 *
 * @example
 * ```ts
 * import { definePolicy, withLabels } from 'patron-fees';
 *
 * const policy = definePolicy({
 *   currency: 'EUR',
 *   feeTypes: { OVERDUEFINE: { label: 'Overdue fine' } },
 *   paymentMethods: { CASH: 'Cash' },
 *   waiveReasons: {},
 *   creditReasons: {},
 *   destinations: {},
 * });
 * const german = withLabels(policy, {
 *   feeTypes: { OVERDUEFINE: 'Säumnisgebühr' },
 *   paymentMethods: { CASH: 'bar' },
 *   waiveReasons: {},
 *   creditReasons: {},
 *   destinations: {},
 * });
 * german.feeTypes.OVERDUEFINE?.label; //=> 'Säumnisgebühr'
 * ```
 */
export function withLabels(policy: FeePolicy, labels: PolicyLabels): FeePolicy {
  const known = definedPolicy(policy);
  const faults: Fault[] = [];
  const labelOf = (table: keyof PolicyLabels, code: string): string => {
    const given = labels[table];
    const label = Object.hasOwn(given, code) ? given[code] : undefined;
    if (label === undefined)
      faults.push({ path: `labels.${table}.${code}`, expected: 'a label', found: MISSING });
    return label ?? code;
  };
  const relabelled = <Rule extends object>(
    table: 'feeTypes' | 'waiveReasons',
    rules: Readonly<Record<string, Rule>>,
  ) =>
    Object.fromEntries(
      Object.entries(rules).map(([code, rule]) => [code, { ...rule, label: labelOf(table, code) }]),
    );
  const feeTypes = relabelled('feeTypes', known.feeTypes);
  const waiveReasons = relabelled('waiveReasons', known.waiveReasons);
  const others = tables.map((table) => [
    table,
    Object.fromEntries(Object.keys(known[table]).map((code) => [code, labelOf(table, code)])),
  ]);
  if (faults.length > 0) {
    const list = faults.map((fault) => faultText(fault));
    throw new PatronFeesError('INVALID_ARGUMENT', list.join('; '), { faults });
  }
  return definePolicy({ ...known, feeTypes, waiveReasons, ...Object.fromEntries(others) });
}
