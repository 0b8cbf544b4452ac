import * as v from 'valibot';
import { checkedArgument } from '../input/checkedArgument.js';
import { onlyFields } from '../input/plainObject.js';
import { defineFineRule } from './defineFineRule.js';
import type { FineRule, FineRuleInput } from './fineRule.js';
import { amountOrZero, currencyField, lengthField } from './fineRuleSchema.js';

/** A circulation rule of Koha with the system preferences for fines, in Koha's names. Amounts are decimal strings. */
export type KohaFineRule = {
  /** ISO 4217 code of all amounts. */
  readonly currency: string;
  /** The amount of each `chargeperiod`. */
  readonly fine: string;
  /**
   * The number of units in a period.
   *
   * @defaultValue 1
   */
  readonly chargeperiod?: number;
  /**
   * Whether a period is charged when it ends (0) or when it begins (1).
   *
   * @defaultValue 0
   */
  readonly chargeperiod_charge_at?: 0 | 1;
  /**
   * The unit of lateness.
   *
   * @defaultValue `"days"`
   */
  readonly lengthunit?: 'days' | 'hours';
  /**
   * Grace: the number of units that must be exceeded.
   *
   * @defaultValue 0
   */
  readonly firstremind?: number;
  /**
   * The maximum of a fine; `"0"` for no limit.
   *
   * @defaultValue no limit
   */
  readonly overduefinescap?: string;
  /**
   * Whether the item's replacement price limits the fine.
   *
   * @defaultValue false
   */
  readonly cap_fine_to_replacement_price?: boolean;
  /**
   * The amount of each period while the item is recalled.
   *
   * @defaultValue as without a recall
   */
  readonly recall_overdue_fine?: string;
  /**
   * The price of items without one (`useDefaultReplacementCost`, from the item type).
   *
   * @defaultValue no default price
   */
  readonly defaultReplacementCost?: string;
  /**
   * Whether closed days count.
   *
   * @defaultValue `"noFinesWhenClosed"`
   */
  readonly finesCalendar?: 'ignoreCalendar' | 'noFinesWhenClosed';
  /**
   * Whether the units of grace are charged once grace is exceeded.
   *
   * @defaultValue true
   */
  readonly FinesIncludeGracePeriod?: boolean;
};

const ruleSchema = v.lazy((input) => {
  const amount = amountOrZero((input as { readonly currency?: unknown } | null | undefined)?.currency);
  return onlyFields({
    currency: currencyField,
    fine: amount,
    chargeperiod: v.optional(lengthField, 1),
    chargeperiod_charge_at: v.optional(v.picklist([0, 1], '0 or 1'), 0),
    lengthunit: v.optional(v.picklist(['days', 'hours'], 'days or hours'), 'days'),
    firstremind: v.optional(v.union([v.literal(0), lengthField], '0, or a whole number'), 0),
    overduefinescap: v.exactOptional(amount),
    cap_fine_to_replacement_price: v.optional(v.boolean(), false),
    recall_overdue_fine: v.exactOptional(amount),
    defaultReplacementCost: v.exactOptional(amount),
    finesCalendar: v.optional(
      v.picklist(['ignoreCalendar', 'noFinesWhenClosed'], 'ignoreCalendar or noFinesWhenClosed'),
      'noFinesWhenClosed',
    ),
    FinesIncludeGracePeriod: v.optional(v.boolean(), true),
  });
});

/**
 * Returns the fine rule that is equivalent to a circulation rule of Koha.
 *
 * Days are dates of the library's zone. Only completed hours count, except that the first one counts from its
 * beginning. Periods are charged when they end, or when they begin. A due date on a closed day counts as the next open
 * day, which is the effect of Koha subtracting closed days at both ends. A recall changes the rate of the whole time: a
 * cheaper rate lowers the fine, as in Koha (bug 37942).
 *
 * Differences from Koha: hours exclude the actual length of closed days, not 24 hours a day, so that the fine never
 * falls within a closed day; without `recall_overdue_fine` a recall changes nothing, while Koha's fine becomes 0.
 * `MaxFine`, over all fines of a patron, corresponds to the policy's `accrualLimits`.
 *
 * @param rule - the rule and the preferences, in Koha's names
 * @returns the fine rule
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` with every fault and its path in
 * `details.faults`
 * @source Koha: C4/Overdues.pm (CalcFine, get_chargeable_units), Koha/Calendar.pm
 *
 * @example
 * ```ts
 * import { defineCalendar, likeKoha, overdueFine } from 'patron-fees/overdue';
 *
 * const rule = likeKoha({ currency: 'USD', fine: '0.50', chargeperiod: 7 });
 * const calendar = defineCalendar({ timeZone: 'UTC' });
 * const due = { dueAt: '2026-03-01T23:59:00Z', rule, calendar };
 * overdueFine({ ...due, until: '2026-03-05T10:00:00Z' }).amount; //=> '0.00'
 * overdueFine({ ...due, until: '2026-03-10T10:00:00Z' }).amount; //=> '0.50'
 * ```
 */
export function likeKoha(rule: KohaFineRule): FineRule {
  const koha = checkedArgument(ruleSchema, rule, 'rule');
  const days = koha.lengthunit === 'days';
  const unit = days ? 'day' : 'hour';
  const skipsClosed = koha.finesCalendar === 'noFinesWhenClosed';
  const { recall_overdue_fine: recallFine, overduefinescap: cap, firstremind } = koha;
  const input: FineRuleInput = {
    currency: koha.currency,
    amount: koha.fine,
    period: { length: koha.chargeperiod, unit },
    measure: days ? 'calendarDays' : 'wholeHours',
    closedTime: skipsClosed ? 'daysExcluded' : 'counted',
    closedDueDate: skipsClosed ? 'movesToNextOpenDay' : 'stays',
    charged: koha.chargeperiod_charge_at === 1 ? 'started' : 'completed',
    grace:
      firstremind === 0
        ? null
        : { length: firstremind, unit, mode: koha.FinesIncludeGracePeriod ? 'allOrNothing' : 'excluded' },
    maximum: cap === undefined || Number(cap) === 0 ? null : cap,
    priceCap: koha.cap_fine_to_replacement_price
      ? { percent: 100, defaultPrice: koha.defaultReplacementCost ?? null, withoutPrice: 'noLimit' }
      : null,
    recalled: recallFine === undefined ? null : { charges: 'allPeriods', amount: recallFine },
  };
  return defineFineRule(input);
}
