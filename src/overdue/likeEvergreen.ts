import * as v from 'valibot';
import { checkedArgument } from '../input/checkedArgument.js';
import { onlyFields } from '../input/plainObject.js';
import { defineFineRule } from './defineFineRule.js';
import type { FinePeriod, FineRule } from './fineRule.js';
import { amountOrZero, currencyField, lengthField, unitField } from './fineRuleSchema.js';

/** A circulation's fine rules in Evergreen, with the library settings for fines. Amounts are decimal strings. */
export type EvergreenFineRule = {
  /** ISO 4217 code of all amounts. */
  readonly currency: string;
  /** The amount of each interval. */
  readonly recurring_fine: string;
  /** The interval, e.g. `{ length: 1, unit: 'day' }`. */
  readonly fine_interval: FinePeriod;
  /** The maximum of a fine: an amount, or a percentage of the item's price. Zero means no fine. */
  readonly max_fine:
    | string
    | {
        /** The percentage of the item's price. */
        readonly percent: number;
      };
  /**
   * The time for which nothing is charged.
   *
   * @defaultValue no grace
   */
  readonly grace_period?: FinePeriod;
  /**
   * The setting `circ.fines.charge_when_closed`.
   *
   * @defaultValue false
   */
  readonly chargeWhenClosed?: boolean;
  /**
   * The setting `circ.max_fine.cap_at_price`.
   *
   * @defaultValue false
   */
  readonly capAtPrice?: boolean;
  /**
   * The settings `circ.grace.extend` (grace that ends on a closed day is extended to the next open day) and
   * `circ.grace.extend.all` (every closed day extends it).
   *
   * @defaultValue `"no"`
   */
  readonly extendGrace?: 'no' | 'atEnd' | 'all';
};

const period = onlyFields({ length: lengthField, unit: unitField });

const ruleSchema = v.lazy((input) => {
  const amount = amountOrZero((input as { readonly currency?: unknown } | null | undefined)?.currency);
  const percent = onlyFields({ percent: v.number() });
  return onlyFields({
    currency: currencyField,
    recurring_fine: amount,
    fine_interval: period,
    max_fine: v.union([amount, percent], 'an amount, or a percentage of the price'),
    grace_period: v.exactOptional(period),
    chargeWhenClosed: v.optional(v.boolean(), false),
    capAtPrice: v.optional(v.boolean(), false),
    extendGrace: v.optional(v.picklist(['no', 'atEnd', 'all']), 'no'),
  });
});

/**
 * Returns the fine rule that is equivalent to a circulation's rules in Evergreen.
 *
 * Time is counted from the due time, to the second. An interval is charged as soon as it begins; days end at the same
 * time of the next day. Grace is all or nothing, and its last moment is charged; grace shorter than a day is never
 * extended. Closed days do not count unless they are charged.
 *
 * Differences from Evergreen: the last interval is cut to the maximum, as with `circ.fines.truncate_to_max_fine`, since
 * a maximum is never exceeded here. An interval of months cannot exclude closed days. If closed days do not count, no
 * day begins on one, and a longer or shorter interval that one interrupts ends later, while Evergreen skips intervals
 * that end on one; the result is the same for intervals of one day and loans due at the end of a day.
 *
 * @param rule - the rule and the settings, in Evergreen's names
 * @returns the fine rule
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` with every fault and its path in
 * `details.faults`
 * @source Evergreen: CircCommon.pm (generate_fines, extend_grace_period), Circulate.pm (get_max_fine_amount)
 *
 * @example
 * ```ts
 * import { defineCalendar, likeEvergreen, overdueFine } from 'patron-fees/overdue';
 *
 * const rule = likeEvergreen({
 *   currency: 'USD',
 *   recurring_fine: '0.10',
 *   fine_interval: { length: 1, unit: 'day' },
 *   max_fine: '5.00',
 *   grace_period: { length: 2, unit: 'day' },
 * });
 * const due = { dueAt: '2026-03-01T23:59:59Z', rule, calendar: defineCalendar({ timeZone: 'UTC' }) };
 * overdueFine({ ...due, until: '2026-03-03T20:00:00Z' }).amount; //=> '0.00'
 * overdueFine({ ...due, until: '2026-03-04T09:00:00Z' }).amount; //=> '0.30'
 * ```
 */
export function likeEvergreen(rule: EvergreenFineRule): FineRule {
  const evergreen = checkedArgument(ruleSchema, rule, 'rule');
  const { max_fine: max, grace_period: grace } = evergreen;
  const ofPrice = typeof max === 'object';
  const canExtend = grace !== undefined && grace.unit !== 'minute' && grace.unit !== 'hour';
  return defineFineRule({
    currency: evergreen.currency,
    amount: evergreen.recurring_fine,
    period: evergreen.fine_interval,
    measure: 'time',
    precision: 'second',
    closedTime: evergreen.chargeWhenClosed ? 'counted' : 'daysExcluded',
    grace: grace
      ? {
          ...grace,
          end: 'charged',
          closedTime: canExtend && evergreen.extendGrace === 'all' ? 'daysExcluded' : 'counted',
          endsOnOpenDay: canExtend && evergreen.extendGrace !== 'no',
        }
      : null,
    maximum: ofPrice ? null : max,
    priceCap: ofPrice
      ? { percent: max.percent, withoutPrice: 'noLimit' }
      : evergreen.capAtPrice
        ? { percent: 100, withoutPrice: 'noLimit' }
        : null,
  });
}
