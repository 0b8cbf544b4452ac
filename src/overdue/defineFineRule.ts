import { checkedArgument } from '../input/checkedArgument.js';
import type { FineRule, FineRuleInput } from './fineRule.js';
import { fineRuleSchema } from './fineRuleSchema.js';
import { frozen } from './frozen.js';

/** The rules checked here; any other rule is checked when it is used. */
const defined = /* @__PURE__ */ new WeakSet<FineRule>();

/**
 * Checks a fine rule, adds defaults and freezes it.
 *
 * The result is plain JSON and can be stored. A rule read back is checked when it is first used. The input is not
 * changed. For the rules of other systems see {@link likeFolio}, {@link likeKoha}, {@link likeEvergreen} and
 * {@link likeAlma}.
 *
 * @param input - the amount and length of a period, and the settings that differ from the defaults
 * @returns the complete rule
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` with every fault and its path in
 * `details.faults`: an invalid amount, steps that overlap, a unit that the rule's measure does not support
 *
 * @example
 * ```ts
 * import { defineFineRule } from 'patron-fees/overdue';
 *
 * const rule = defineFineRule({
 *   currency: 'USD',
 *   amount: '0.25',
 *   period: { length: 1, unit: 'day' },
 *   closedTime: 'daysExcluded',
 *   grace: { length: 2, unit: 'day' },
 *   maximum: '10',
 * });
 * rule.measure; //=> 'calendarDays'
 * rule.steps; //=> [{ from: 1, amount: '0.25' }]
 * rule.maximum; //=> '10.00'
 *
 * // The first hour is dearer.
 * const laptops = defineFineRule({
 *   currency: 'USD',
 *   steps: [{ from: 1, to: 1, amount: '5.00' }, { from: 2, amount: '2.00' }],
 *   period: { length: 1, unit: 'hour' },
 * });
 * laptops.measure; //=> 'time'
 * ```
 */
export function defineFineRule(input: FineRuleInput): FineRule {
  const rule = frozen(structuredClone(checkedArgument(fineRuleSchema, input, 'rule'))) as FineRule;
  defined.add(rule);
  return rule;
}

/** Returns a rule that {@link defineFineRule} made; defines any other first. */
export function definedFineRule(rule: FineRule): FineRule {
  return defined.has(rule) ? rule : defineFineRule(rule);
}
