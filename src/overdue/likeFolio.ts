import * as v from 'valibot';
import { checkedArgument } from '../input/checkedArgument.js';
import { onlyFields } from '../input/plainObject.js';
import { defineFineRule } from './defineFineRule.js';
import type { FineGraceInput, FinePeriod, FineRule } from './fineRule.js';
import { amountOrZero, currencyField, lengthField } from './fineRuleSchema.js';

/** FOLIO's number of minutes in an interval; a month has 31 days. */
const minutes = {
  minute: 1,
  hour: 60,
  day: 1440,
  week: 10_080,
  month: 44_640,
  year: 525_600,
} as const satisfies Record<FolioInterval, number>;

/** An interval of FOLIO's overdue fine policies. */
export type FolioInterval = 'minute' | 'hour' | 'day' | 'week' | 'month' | 'year';

/** A rate of an overdue fine policy. */
export type FolioRate = {
  /** The amount of each interval. */
  readonly quantity: string;
  /** The interval. */
  readonly intervalId: FolioInterval;
};

/**
 * An overdue fine policy of FOLIO, in FOLIO's names, with the grace period of the loan policy. Amounts are decimal
 * strings.
 */
export type FolioFinePolicy = {
  /** ISO 4217 code of all amounts. */
  readonly currency: string;
  /**
   * The rate.
   *
   * @defaultValue no fine
   */
  readonly overdueFine?: FolioRate;
  /**
   * The maximum of a fine; `"0"` for no limit.
   *
   * @defaultValue no fine, as in FOLIO
   */
  readonly maxOverdueFine?: string;
  /**
   * Whether time counts while the service point is closed.
   *
   * @defaultValue false
   */
  readonly countClosed?: boolean;
  /**
   * The rate while the item is recalled.
   *
   * @defaultValue no fine
   */
  readonly overdueRecallFine?: FolioRate;
  /**
   * The maximum of a fine while the item is recalled; `"0"` for no limit.
   *
   * @defaultValue no fine
   */
  readonly maxOverdueRecallFine?: string;
  /**
   * Whether grace is ignored while the item is recalled.
   *
   * @defaultValue false
   */
  readonly gracePeriodRecall?: boolean;
  /**
   * The loan policy's grace period.
   *
   * @defaultValue no grace
   */
  readonly gracePeriod?: {
    /** The number of intervals. */
    readonly duration: number;
    /** The interval, as named in loan policies. */
    readonly intervalId: 'Minutes' | 'Hours' | 'Days' | 'Weeks' | 'Months';
  };
};

const graceMinutes = { Minutes: 1, Hours: 60, Days: 1440, Weeks: 10_080, Months: 44_640 } as const;

const policySchema = v.lazy((input) => {
  const amount = amountOrZero((input as { readonly currency?: unknown } | null | undefined)?.currency);
  const names = Object.keys(minutes) as FolioInterval[];
  const rate = onlyFields({ quantity: amount, intervalId: v.picklist(names) });
  const graceNames = Object.keys(graceMinutes) as (keyof typeof graceMinutes)[];
  return onlyFields({
    currency: currencyField,
    overdueFine: v.exactOptional(rate),
    maxOverdueFine: v.exactOptional(amount),
    countClosed: v.optional(v.boolean(), false),
    overdueRecallFine: v.exactOptional(rate),
    maxOverdueRecallFine: v.exactOptional(amount),
    gracePeriodRecall: v.optional(v.boolean(), false),
    gracePeriod: v.exactOptional(
      onlyFields({
        duration: lengthField,
        intervalId: v.picklist(graceNames),
      }),
    ),
  });
});

/**
 * Returns the fine rule that is equivalent to an overdue fine policy of FOLIO.
 *
 * Time is counted in minutes, within opening hours unless `countClosed`; a day is 1,440 minutes and a month 31 days, so
 * a day on which clocks are set back costs two. Intervals are charged as soon as they begin. Grace is all or nothing,
 * and compared with the minutes that count. A recall changes the rate of the whole time. A policy without a rate or
 * without a maximum charges nothing; a maximum of zero means no limit.
 *
 * Differences from FOLIO: an opening of 00:00 to 23:59 is a minute shorter than a day here too, but a calendar can use
 * `"00:00-24:00"`; a grace period with an unknown unit is a fault here. Whether a renewal forgives the fine is up to
 * the caller, who then does not compute one.
 *
 * @param policy - the policy, in FOLIO's names
 * @returns the fine rule
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` with every fault and its path in
 * `details.faults`
 * @source folio-org/mod-circulation: OverdueFineService, OverduePeriodCalculatorService, OverdueFineInterval
 *
 * @example
 * ```ts
 * import { likeFolio } from 'patron-fees/overdue';
 *
 * const rule = likeFolio({
 *   currency: 'USD',
 *   overdueFine: { quantity: '5', intervalId: 'day' },
 *   maxOverdueFine: '50',
 *   countClosed: true,
 * });
 * rule.period; //=> { length: 1440, unit: 'minute' }
 * ```
 */
export function likeFolio(policy: FolioFinePolicy): FineRule {
  const folio = checkedArgument(policySchema, policy, 'policy');
  const terms = (rate: FolioRate | undefined, maximum: string | undefined) => ({
    amount: rate?.quantity ?? '0',
    period: { length: rate ? minutes[rate.intervalId] : 1, unit: 'minute' } satisfies FinePeriod,
    // Without a rate or a maximum there is no fine; a maximum of zero is no limit.
    maximum: rate === undefined || maximum === undefined ? '0' : Number(maximum) === 0 ? null : maximum,
  });
  const { gracePeriod } = folio;
  const grace: FineGraceInput | null = gracePeriod
    ? { length: gracePeriod.duration * graceMinutes[gracePeriod.intervalId], unit: 'minute' }
    : null;
  return defineFineRule({
    currency: folio.currency,
    ...terms(folio.overdueFine, folio.maxOverdueFine),
    measure: 'time',
    closedTime: folio.countClosed ? 'counted' : 'hoursExcluded',
    grace,
    recalled: {
      charges: 'allPeriods',
      ...terms(folio.overdueRecallFine, folio.maxOverdueRecallFine),
      grace: folio.gracePeriodRecall ? null : grace,
    },
  });
}
