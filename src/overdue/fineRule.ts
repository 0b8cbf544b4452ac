/** What time is counted in. */
export type PeriodUnit = 'minute' | 'hour' | 'day' | 'week' | 'month' | 'year';

/** For how long one amount is charged. */
export type FinePeriod = {
  /** How many units, a whole number from 1 on. */
  readonly length: number;
  /** The unit. */
  readonly unit: PeriodUnit;
};

/**
 * How lateness is measured.
 *
 * - `calendarDays`: by the dates of the library's zone, whatever the time of day: due on the 6th at any time, returned on
 *   the 8th at any time, is 2 days late. Days on which clocks are set are days like others.
 * - `time`: from the moment at which the loan was due. Minutes and hours are real ones; a day ends at the same time of the
 *   next day, a month at the same time of the same day of the next month.
 * - `wholeHours`: hours, of which parts are dropped, but the first counts as soon as it has begun (Koha's hourly loans).
 */
export type FineMeasure = 'calendarDays' | 'time' | 'wholeHours';

/**
 * What becomes of time during which the library is closed.
 *
 * - `counted`: it counts like other time.
 * - `daysExcluded`: days on which the library does not open do not count; other days count whole.
 * - `hoursExcluded`: only time within opening hours counts.
 */
export type ClosedTime = 'counted' | 'daysExcluded' | 'hoursExcluded';

/** What the periods with these numbers cost, each. */
export type FineStep = {
  /** The number of the first period, from 1 on. */
  readonly from: number;
  /** The number of the last one; all that follow if left out. */
  readonly to?: number;
  /** The amount of each period; may be zero. */
  readonly amount: string;
};

/** How long an overdue loan costs nothing. */
export type FineGrace = {
  /** How many units, a whole number from 1 on. */
  readonly length: number;
  /** The unit. */
  readonly unit: PeriodUnit;
  /**
   * What happens after it: with `allOrNothing` all that is late is charged, days of grace included; with `excluded` the days
   * of grace are never charged.
   */
  readonly mode: 'allOrNothing' | 'excluded';
  /** Whether closed time uses grace up. */
  readonly closedTime: ClosedTime;
  /** Whether its very last moment (or day) is still free. */
  readonly end: 'free' | 'charged';
  /** Whether grace that ends on a closed day lasts until the next open one. Only for grace in days or longer units. */
  readonly endsOnOpenDay: boolean;
};

/** What another rate applies to once an item is recalled. */
export type RecallCharges = 'laterPeriods' | 'allPeriods';

/** What an overdue loan costs once its item was recalled. */
export type RecallTerms = {
  /**
   * `laterPeriods`: periods that begin at the recall or after it; the fine never falls because of a recall. `allPeriods`: the
   * whole time, as FOLIO and Koha do; where these terms are cheaper, the fine falls when the recall comes.
   */
  readonly charges: RecallCharges;
  /** What the periods cost, by number. */
  readonly steps: readonly FineStep[];
  /** For how long one amount is charged. */
  readonly period: FinePeriod;
  /** How long it costs nothing, from the due date on; null for no grace. */
  readonly grace: FineGrace | null;
  /** The most that the fine can be; null for no limit. */
  readonly maximum: string | null;
};

/** A limit that depends on the item's price. */
export type PriceCap = {
  /** The most that the fine can be, in percent of the price. */
  readonly percent: number;
  /** The price of items without one, or with a price of zero, which says that nobody recorded it; null for none. */
  readonly defaultPrice: string | null;
  /** What happens without any price: the computation is refused with an error, or the price is no limit. */
  readonly withoutPrice: 'refuse' | 'noLimit';
};

/** How overdue fines are computed: plain JSON, frozen, complete. Made by {@link defineFineRule}. */
export type FineRule = {
  /** ISO 4217 code of all amounts. */
  readonly currency: string;
  /** What the periods cost, by number. */
  readonly steps: readonly FineStep[];
  /** For how long one amount is charged. */
  readonly period: FinePeriod;
  /** How lateness is measured. */
  readonly measure: FineMeasure;
  /** What becomes of time during which the library is closed. */
  readonly closedTime: ClosedTime;
  /** Whether a period is charged as soon as it has begun, or when it has ended. */
  readonly charged: 'started' | 'completed';
  /** What the due time and the time of return are cut to. */
  readonly precision: 'minute' | 'second';
  /** What a due date on a closed day means: itself, or the same time of the next open day. */
  readonly closedDueDate: 'stays' | 'movesToNextOpenDay';
  /** How long it costs nothing; null for no grace. */
  readonly grace: FineGrace | null;
  /** The most that the fine can be; null for no limit. With zero there is no fine. */
  readonly maximum: string | null;
  /** A limit by the item's price; null for none. */
  readonly priceCap: PriceCap | null;
  /** What is different once the item is recalled; null for nothing. */
  readonly recalled: RecallTerms | null;
};

/** Grace as one writes it. */
export type FineGraceInput = {
  /** How many units, a whole number from 1 on. */
  readonly length: number;
  /** The unit. Days and longer units are measured as the rule measures, minutes and hours in time. */
  readonly unit: PeriodUnit;
  /**
   * What happens after it: see {@link FineGrace}.
   *
   * @defaultValue `"allOrNothing"`
   */
  readonly mode?: 'allOrNothing' | 'excluded';
  /**
   * Whether closed time uses grace up.
   *
   * @defaultValue as for the fine
   */
  readonly closedTime?: ClosedTime;
  /**
   * Whether its very last moment (or day) is still free.
   *
   * @defaultValue `"free"`
   */
  readonly end?: 'free' | 'charged';
  /**
   * Whether grace that ends on a closed day lasts until the next open one.
   *
   * @defaultValue false
   */
  readonly endsOnOpenDay?: boolean;
};

/** What is different once an item is recalled, as one writes it. */
export type RecallTermsInput = {
  /**
   * What it applies to.
   *
   * @defaultValue `"laterPeriods"`
   */
  readonly charges?: RecallCharges;
  /**
   * The amount of each period.
   *
   * @defaultValue as without a recall
   */
  readonly amount?: string;
  /**
   * What the periods cost, by number; in place of `amount`.
   *
   * @defaultValue as without a recall
   */
  readonly steps?: readonly FineStep[];
  /**
   * For how long one amount is charged; only where a recall changes all periods.
   *
   * @defaultValue as without a recall
   */
  readonly period?: FinePeriod;
  /**
   * How long it costs nothing, from the due date on; null takes grace away. Another grace than that of the rule only where
   * a recall changes all periods.
   *
   * @defaultValue as without a recall
   */
  readonly grace?: FineGraceInput | null;
  /**
   * The most that the fine can be; null for no limit.
   *
   * @defaultValue as without a recall
   */
  readonly maximum?: string | null;
};

/** A limit by price as one writes it. */
export type PriceCapInput = {
  /** The most that the fine can be, in percent of the price: 0 to 1000, decimals are fine. */
  readonly percent: number;
  /**
   * The price of items without one.
   *
   * @defaultValue none
   */
  readonly defaultPrice?: string | null;
  /**
   * What happens without any price.
   *
   * @defaultValue `"refuse"`
   */
  readonly withoutPrice?: 'refuse' | 'noLimit';
};

/** A fine rule as one writes it: the currency, what a period costs, and how long it is; all else has a default. */
export type FineRuleInput = {
  /** ISO 4217 code of all amounts. */
  readonly currency: string;
  /**
   * The amount of each period; may be zero.
   *
   * @defaultValue that of `steps`, one of the two is needed
   */
  readonly amount?: string;
  /**
   * What the periods cost, by number; in place of `amount`. Periods that no step names cost nothing.
   *
   * @defaultValue `amount` for every period
   */
  readonly steps?: readonly FineStep[];
  /** For how long one amount is charged. */
  readonly period: FinePeriod;
  /**
   * How lateness is measured.
   *
   * @defaultValue `"time"` for minutes and hours, else `"calendarDays"`
   */
  readonly measure?: FineMeasure;
  /**
   * What becomes of time during which the library is closed.
   *
   * @defaultValue `"counted"`
   */
  readonly closedTime?: ClosedTime;
  /**
   * Whether a period is charged as soon as it has begun, or when it has ended.
   *
   * @defaultValue `"started"`
   */
  readonly charged?: 'started' | 'completed';
  /**
   * What the due time and the time of return are cut to.
   *
   * @defaultValue `"minute"`
   */
  readonly precision?: 'minute' | 'second';
  /**
   * What a due date on a closed day means.
   *
   * @defaultValue `"stays"`
   */
  readonly closedDueDate?: 'stays' | 'movesToNextOpenDay';
  /**
   * How long it costs nothing.
   *
   * @defaultValue none
   */
  readonly grace?: FineGraceInput | null;
  /**
   * The most that the fine can be. With zero there is no fine.
   *
   * @defaultValue no limit
   */
  readonly maximum?: string | null;
  /**
   * A limit by the item's price.
   *
   * @defaultValue none
   */
  readonly priceCap?: PriceCapInput | null;
  /**
   * What is different once the item is recalled.
   *
   * @defaultValue nothing
   */
  readonly recalled?: RecallTermsInput | null;
};
