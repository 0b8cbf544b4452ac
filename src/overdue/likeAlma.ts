import * as v from 'valibot';
import { checkedArgument } from '../input/checkedArgument.js';
import { onlyFields } from '../input/plainObject.js';
import { defineFineRule } from './defineFineRule.js';
import type { FineRule } from './fineRule.js';
import { amountOrZero, currencyField, lengthField } from './fineRuleSchema.js';

/** A rate of an overdue fine policy of Alma. Amounts are decimal strings. */
export type AlmaRate = {
  /** The amount of each unit. */
  readonly amount: string;
  /** The unit. */
  readonly per: 'minute' | 'hour' | 'day';
};

/** The fine policies of Alma's terms of use. Amounts are decimal strings. */
export type AlmaFinePolicies = {
  /** ISO 4217 code of all amounts. */
  readonly currency: string;
  /** Overdue fine. */
  readonly overdueFine: AlmaRate;
  /**
   * Maximum fine: `"none"`, or the amount of "Other"; zero means no fine.
   *
   * @defaultValue `"none"`
   */
  readonly maximumFine?: string;
  /**
   * Grace period.
   *
   * @defaultValue no grace
   */
  readonly gracePeriod?: {
    /** The number of units. */
    readonly length: number;
    /** The unit. */
    readonly unit: 'minute' | 'hour' | 'day';
    /**
     * Whether its unit is "Excluded from Fine"; otherwise its time is charged once grace is exceeded.
     *
     * @defaultValue false
     */
    readonly excludedFromFine?: boolean;
  };
  /**
   * Recalled overdue fine.
   *
   * @defaultValue as without a recall
   */
  readonly recalledOverdueFine?: AlmaRate;
  /**
   * Maximum of the recalled overdue fine: `"none"`, or an amount.
   *
   * @defaultValue as without a recall
   */
  readonly maximumRecalledFine?: string;
};

const policiesSchema = v.lazy((input) => {
  const amount = amountOrZero((input as { readonly currency?: unknown } | null | undefined)?.currency);
  const unit = v.picklist(['minute', 'hour', 'day'], 'one of minute, hour, day');
  const rate = onlyFields({ amount, per: unit });
  const maximum = v.union([v.literal('none'), amount], '"none", or an amount');
  return onlyFields({
    currency: currencyField,
    overdueFine: rate,
    maximumFine: v.optional(maximum, 'none'),
    gracePeriod: v.exactOptional(
      onlyFields({
        length: lengthField,
        unit,
        excludedFromFine: v.optional(v.boolean(), false),
      }),
    ),
    recalledOverdueFine: v.exactOptional(rate),
    maximumRecalledFine: v.exactOptional(maximum),
  });
});

/**
 * Returns the fine rule that is equivalent to Alma's fine policies.
 *
 * Only time during opening hours counts: minutes and hours within opening hours, or open days. A library without
 * opening hours charges nothing (give its calendar `openingHours: {}`). Units are charged as soon as they begin, as
 * Aleph's figures show; Alma's documentation does not say. While an item is recalled, the recalled overdue fine
 * replaces the overdue fine. Leave `recalledAt` out once the recall is cancelled; then the overdue fine applies again,
 * as in Alma.
 *
 * Difference from Alma: the two fines need the same kind of unit, either days, or minutes and hours.
 *
 * @param policies - the policies
 * @returns the fine rule
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` with every fault and its path in
 * `details.faults`
 * @source Ex Libris knowledge base: maximum fine (2021-11), opening hours (2013), grace periods (Vanderbilt, 2020-07)
 *
 * @example
 * ```ts
 * import { defineCalendar, likeAlma, overdueFine } from 'patron-fees/overdue';
 *
 * const rule = likeAlma({
 *   currency: 'USD',
 *   overdueFine: { amount: '1.00', per: 'hour' },
 *   gracePeriod: { length: 60, unit: 'minute' },
 * });
 * const loan = { dueAt: '2026-03-02T08:00:00Z', rule, calendar: defineCalendar({ timeZone: 'UTC' }) };
 * overdueFine({ ...loan, until: '2026-03-02T09:00:00Z' }).amount; //=> '0.00'
 * overdueFine({ ...loan, until: '2026-03-02T09:06:00Z' }).amount; //=> '2.00'
 * ```
 */
export function likeAlma(policies: AlmaFinePolicies): FineRule {
  const alma = checkedArgument(policiesSchema, policies, 'policies');
  const { overdueFine, gracePeriod, recalledOverdueFine: recalled, maximumRecalledFine } = alma;
  const byDay = overdueFine.per === 'day';
  const maximumOf = (maximum: string) => (maximum === 'none' ? null : maximum);
  const hasRecall = recalled !== undefined || maximumRecalledFine !== undefined;
  return defineFineRule({
    currency: alma.currency,
    amount: overdueFine.amount,
    period: { length: 1, unit: overdueFine.per },
    measure: byDay ? 'calendarDays' : 'time',
    closedTime: byDay ? 'daysExcluded' : 'hoursExcluded',
    maximum: maximumOf(alma.maximumFine),
    grace: gracePeriod
      ? {
          length: gracePeriod.length,
          unit: gracePeriod.unit,
          mode: gracePeriod.excludedFromFine ? 'excluded' : 'allOrNothing',
          closedTime: gracePeriod.unit === 'day' ? 'daysExcluded' : 'hoursExcluded',
        }
      : null,
    recalled: hasRecall
      ? {
          charges: 'allPeriods',
          ...(recalled ? { amount: recalled.amount, period: { length: 1, unit: recalled.per } } : {}),
          ...(maximumRecalledFine === undefined ? {} : { maximum: maximumOf(maximumRecalledFine) }),
        }
      : null,
  });
}
