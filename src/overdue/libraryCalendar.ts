import type { Weekday } from './localDate.js';

/**
 * When a library opens on each day of the week: a list of openings, each `"09:00-17:00"`, in local time. An opening that
 * ends at or before the time it begins at goes on past midnight (`"18:00-02:00"`) and belongs to the day on which it
 * begins; `"00:00-24:00"` is the whole day. A weekday that is left out is closed.
 */
export type WeeklyHours = { readonly [weekday in Weekday]?: readonly string[] };

/** Dates on which the library is closed. */
export type Closure = {
  /** The first date, `YYYY-MM-DD`; or the only one. */
  readonly from: string;
  /** The last date; the same as `from` if left out. */
  readonly to?: string;
  /** What to call it, e.g. `"Spring break"`. */
  readonly name?: string;
};

/** A date of every year on which the library is closed. */
export type YearlyClosure = {
  /** Month and day, `MM-DD`; `02-29` only in leap years. */
  readonly everyYear: string;
  /** What to call it, e.g. `"Christmas Day"`. */
  readonly name?: string;
};

/** Dates with other opening hours than usual. */
export type SpecialHours = {
  /** The first date, `YYYY-MM-DD`; or the only one. */
  readonly from: string;
  /** The last date; the same as `from` if left out. */
  readonly to?: string;
  /** The openings of each of these dates, as in {@link WeeklyHours}, or the hours of a week. */
  readonly hours: readonly string[] | WeeklyHours;
  /** What to call it, e.g. `"Summer hours"`. */
  readonly name?: string;
};

/** A library's calendar: plain JSON, frozen, complete. Made by {@link defineCalendar}. */
export type LibraryCalendar = {
  /** The library's time zone, an IANA name. */
  readonly timeZone: string;
  /** The usual hours; `"always"` for a library that never closes. */
  readonly openingHours: 'always' | WeeklyHours;
  /** When it is closed. */
  readonly closures: readonly (Closure | YearlyClosure)[];
  /** When it has other hours. */
  readonly specialHours: readonly SpecialHours[];
};

/** A calendar as one writes it. */
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
   * When it is closed. A closure wins over special hours of the same date, special hours win over a yearly closure.
   *
   * @defaultValue none
   */
  readonly closures?: readonly (Closure | YearlyClosure)[];
  /**
   * When it has other hours; of two for the same date the later in the list wins.
   *
   * @defaultValue none
   */
  readonly specialHours?: readonly SpecialHours[];
};
