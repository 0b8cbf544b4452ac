import type { Weekday } from './localDate.js';

/**
 * Opening hours by day of the week: a list of openings, each such as `"09:00-17:00"`, in local time. An opening that
 * ends at or before the time it begins extends past midnight (`"18:00-02:00"`) and belongs to the day on which it
 * begins; `"00:00-24:00"` is the whole day. The library is closed on a weekday that is left out.
 */
export type WeeklyHours = { readonly [weekday in Weekday]?: readonly string[] };

/** Dates on which the library is closed. */
export type Closure = {
  /** The first date, or the only one, `YYYY-MM-DD`. */
  readonly from: string;
  /** The last date; the same as `from` if left out. */
  readonly to?: string;
  /** The name, e.g. `"Spring break"`. */
  readonly name?: string;
};

/** A date on which the library is closed every year. */
export type YearlyClosure = {
  /** Month and day, `MM-DD`; `02-29` only in leap years. */
  readonly everyYear: string;
  /** The name, e.g. `"Christmas Day"`. */
  readonly name?: string;
};

/** Dates with other opening hours than usual. */
export type SpecialHours = {
  /** The first date, or the only one, `YYYY-MM-DD`. */
  readonly from: string;
  /** The last date; the same as `from` if left out. */
  readonly to?: string;
  /** The openings of each of these dates, as in {@link WeeklyHours}, or hours by day of the week. */
  readonly hours: readonly string[] | WeeklyHours;
  /** The name, e.g. `"Summer hours"`. */
  readonly name?: string;
};

/** A library's calendar: plain JSON, frozen, complete. Made by {@link defineCalendar}. */
export type LibraryCalendar = {
  /** The library's time zone, an IANA name. */
  readonly timeZone: string;
  /** The usual hours; `"always"` for a library that never closes. */
  readonly openingHours: 'always' | WeeklyHours;
  /** The dates on which the library is closed. */
  readonly closures: readonly (Closure | YearlyClosure)[];
  /** The dates with other hours. */
  readonly specialHours: readonly SpecialHours[];
};

/** The input of a library's calendar. */
export type LibraryCalendarInput = {
  /** The library's time zone, an IANA name, e.g. `"America/New_York"`. */
  readonly timeZone: string;
  /**
   * The usual hours.
   *
   * @defaultValue `"always"`: open at all times
   */
  readonly openingHours?: 'always' | WeeklyHours;
  /**
   * The dates on which the library is closed. A closure overrides special hours of the same date; special hours
   * override a yearly closure.
   *
   * @defaultValue no closures
   */
  readonly closures?: readonly (Closure | YearlyClosure)[];
  /**
   * The dates with other hours. If two entries have the same date, the later one in the list applies.
   *
   * @defaultValue no special hours
   */
  readonly specialHours?: readonly SpecialHours[];
};
