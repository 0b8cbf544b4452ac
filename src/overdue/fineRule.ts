/** The units of time. */
export type PeriodUnit = 'minute' | 'hour' | 'day' | 'week' | 'month' | 'year';

/** The period that one amount is charged for. */
export type FinePeriod = {
  /** The number of units, a whole number of at least 1. */
  readonly length: number;
  /** The unit. */
  readonly unit: PeriodUnit;
};

/**
 * The way in which lateness is measured.
 *
 * - `calendarDays`: by the dates of the library's zone, regardless of the time of day: due on the 6th at any time,
 *   returned on the 8th at any time, is 2 days late. Days with a clock change are days like others.
 * - `time`: from the moment when the loan was due. Minutes and hours are elapsed time; a day ends at the same time of
 *   the next day, a month at the same time of the same day of the next month.
 * - `wholeHours`: completed hours, but the first one counts as soon as it begins (Koha's hourly loans).
 */
export type FineMeasure = 'calendarDays' | 'time' | 'wholeHours';

/**
 * How time while the library is closed counts.
 *
 * - `counted`: like other time.
 * - `daysExcluded`: days on which the library does not open do not count; other days count in full. If days are
 *   measured by `time`, none begins on a closed day, and the rest of an open day before a closed one is free.
 * - `hoursExcluded`: only time within opening hours counts.
 */
export type ClosedTime = 'counted' | 'daysExcluded' | 'hoursExcluded';

/** The amount of each period in a range of numbers. Amounts are decimal strings. */
export type FineStep = {
  /** The number of the first period, at least 1. */
  readonly from: number;
  /** The number of the last period; all later periods if left out. */
  readonly to?: number;
  /** The amount of each period; may be zero. */
  readonly amount: string;
};

/** The time for which an overdue loan is not charged. */
export type FineGrace = {
  /** The number of units, a whole number of at least 1. */
  readonly length: number;
  /** The unit. */
  readonly unit: PeriodUnit;
  /**
   * What happens after grace: with `allOrNothing` the whole overdue time is charged, grace included; with `excluded`
   * the time of grace is never charged.
   */
  readonly mode: 'allOrNothing' | 'excluded';
  /** How closed time counts towards grace. */
  readonly closedTime: ClosedTime;
  /** Whether the last moment (or day) of grace is still free. */
  readonly end: 'free' | 'charged';
  /**
   * Whether grace that ends on a closed day is extended to the next open day. Only for grace in days or longer units.
   */
  readonly endsOnOpenDay: boolean;
};

/**
 * The periods that a recall's terms apply to.
 *
 * - `laterPeriods`: periods that begin at the recall or later; the fine never falls because of a recall.
 * - `allPeriods`: all periods, as in FOLIO and Koha; if the recall's terms are cheaper, the fine falls at the recall.
 */
export type RecallCharges = 'laterPeriods' | 'allPeriods';

/** The terms for an overdue loan whose item was recalled. Amounts are decimal strings. */
export type RecallTerms = {
  /** The periods that these terms apply to. */
  readonly charges: RecallCharges;
  /** The amounts of the periods, by number. */
  readonly steps: readonly FineStep[];
  /** The period that one amount is charged for. */
  readonly period: FinePeriod;
  /** Grace, counted from the due date; null for no grace. */
  readonly grace: FineGrace | null;
  /** The maximum of the fine; null for no limit. */
  readonly maximum: string | null;
};

/** A limit by the item's price. Amounts are decimal strings. */
export type PriceCap = {
  /** The maximum of the fine, in percent of the price. */
  readonly percent: number;
  /**
   * The price of items without one, or with a price of zero, which means that it was not recorded; null for no default.
   */
  readonly defaultPrice: string | null;
  /** What happens without any price: `refuse` throws an error, `noLimit` does not limit the fine. */
  readonly withoutPrice: 'refuse' | 'noLimit';
};

/**
 * A rule for overdue fines: plain JSON, frozen, complete. Made by {@link defineFineRule}. Amounts are decimal strings.
 */
export type FineRule = {
  /** ISO 4217 code of all amounts. */
  readonly currency: string;
  /** The amounts of the periods, by number. */
  readonly steps: readonly FineStep[];
  /** The period that one amount is charged for. */
  readonly period: FinePeriod;
  /** The way in which lateness is measured. */
  readonly measure: FineMeasure;
  /** How time while the library is closed counts. */
  readonly closedTime: ClosedTime;
  /** Whether a period is charged as soon as it begins, or when it ends. */
  readonly charged: 'started' | 'completed';
  /** The precision that the due time and the time of return are truncated to. */
  readonly precision: 'minute' | 'second';
  /** How a due date on a closed day counts: unchanged, or moved to the same time of the next open day. */
  readonly closedDueDate: 'stays' | 'movesToNextOpenDay';
  /** The time for which nothing is charged; null for no grace. */
  readonly grace: FineGrace | null;
  /** The maximum of the fine; null for no limit. Zero means no fine. */
  readonly maximum: string | null;
  /** A limit by the item's price; null for no limit. */
  readonly priceCap: PriceCap | null;
  /** The terms for a recalled item; null if a recall changes nothing. */
  readonly recalled: RecallTerms | null;
};

/** Grace, in the input of a rule. */
export type FineGraceInput = {
  /** The number of units, a whole number of at least 1. */
  readonly length: number;
  /** The unit. Days and longer units are measured as the rule measures; minutes and hours are elapsed time. */
  readonly unit: PeriodUnit;
  /**
   * What happens after grace: see {@link FineGrace}.
   *
   * @defaultValue `"allOrNothing"`
   */
  readonly mode?: 'allOrNothing' | 'excluded';
  /**
   * How closed time counts towards grace.
   *
   * @defaultValue as for the fine
   */
  readonly closedTime?: ClosedTime;
  /**
   * Whether the last moment (or day) of grace is still free.
   *
   * @defaultValue `"free"`
   */
  readonly end?: 'free' | 'charged';
  /**
   * Whether grace that ends on a closed day is extended to the next open day.
   *
   * @defaultValue false
   */
  readonly endsOnOpenDay?: boolean;
};

/** The terms for a recalled item, in the input of a rule. Amounts are decimal strings. */
export type RecallTermsInput = {
  /**
   * The periods that the terms apply to.
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
   * The amounts of the periods, by number; replaces `amount`.
   *
   * @defaultValue as without a recall
   */
  readonly steps?: readonly FineStep[];
  /**
   * The period that one amount is charged for. Allowed only if the recall changes all periods.
   *
   * @defaultValue as without a recall
   */
  readonly period?: FinePeriod;
  /**
   * Grace, counted from the due date; null for no grace. Grace that differs from the rule's is allowed only if the
   * recall changes all periods.
   *
   * @defaultValue as without a recall
   */
  readonly grace?: FineGraceInput | null;
  /**
   * The maximum of the fine; null for no limit.
   *
   * @defaultValue as without a recall
   */
  readonly maximum?: string | null;
};

/** A limit by price, in the input of a rule. Amounts are decimal strings. */
export type PriceCapInput = {
  /** The maximum of the fine, in percent of the price: 0 to 1000, decimals allowed. */
  readonly percent: number;
  /**
   * The price of items without one.
   *
   * @defaultValue no default price
   */
  readonly defaultPrice?: string | null;
  /**
   * What happens without any price.
   *
   * @defaultValue `"refuse"`
   */
  readonly withoutPrice?: 'refuse' | 'noLimit';
};

/**
 * The input of a fine rule: the currency, the amount and the length of a period; everything else has a default. Amounts
 * are decimal strings.
 */
export type FineRuleInput = {
  /** ISO 4217 code of all amounts. */
  readonly currency: string;
  /**
   * The amount of each period; may be zero.
   *
   * @defaultValue the amounts of `steps`; one of the two is required
   */
  readonly amount?: string;
  /**
   * The amounts of the periods, by number; replaces `amount`. Periods without a step are free.
   *
   * @defaultValue `amount` for every period
   */
  readonly steps?: readonly FineStep[];
  /** The period that one amount is charged for. */
  readonly period: FinePeriod;
  /**
   * The way in which lateness is measured.
   *
   * @defaultValue `"time"` for minutes and hours, else `"calendarDays"`
   */
  readonly measure?: FineMeasure;
  /**
   * How time while the library is closed counts.
   *
   * @defaultValue `"counted"`
   */
  readonly closedTime?: ClosedTime;
  /**
   * Whether a period is charged as soon as it begins, or when it ends.
   *
   * @defaultValue `"started"`
   */
  readonly charged?: 'started' | 'completed';
  /**
   * The precision that the due time and the time of return are truncated to.
   *
   * @defaultValue `"minute"`
   */
  readonly precision?: 'minute' | 'second';
  /**
   * How a due date on a closed day counts.
   *
   * @defaultValue `"stays"`
   */
  readonly closedDueDate?: 'stays' | 'movesToNextOpenDay';
  /**
   * The time for which nothing is charged.
   *
   * @defaultValue no grace
   */
  readonly grace?: FineGraceInput | null;
  /**
   * The maximum of the fine. Zero means no fine.
   *
   * @defaultValue no limit
   */
  readonly maximum?: string | null;
  /**
   * A limit by the item's price.
   *
   * @defaultValue no limit
   */
  readonly priceCap?: PriceCapInput | null;
  /**
   * The terms for a recalled item.
   *
   * @defaultValue a recall changes nothing
   */
  readonly recalled?: RecallTermsInput | null;
};
