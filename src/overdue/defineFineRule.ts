import { checkedArgument } from '../input/checkedArgument.js';
import type { FineRule, FineRuleInput } from './fineRule.js';
import { fineRuleSchema } from './fineRuleSchema.js';
import { frozen } from './frozen.js';

/** The rules that were checked here; any other is checked when it is used. */
const defined = /* @__PURE__ */ new WeakSet<FineRule>();

/**
 * Completes a fine rule with defaults, checks it and freezes it.
 *
 * It is plain JSON, and can be kept as such; a rule read back is checked when it is first used. The input is left as it
 * was. For rules as other systems have them see {@link likeFolio}, {@link likeKoha}, {@link likeEvergreen} and {@link likeAlma}.
 *
 * @param input - what a period costs, how long it is, and what differs from the defaults
 * @returns the complete rule
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` with every fault and its path in `details.faults`: an
 * amount that is none, steps that overlap, a unit that cannot be measured as the rule measures
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

/** The rule itself if {@link defineFineRule} made it; anything else is defined first. */
export function definedFineRule(rule: FineRule): FineRule {
  return defined.has(rule) ? rule : defineFineRule(rule);
}
