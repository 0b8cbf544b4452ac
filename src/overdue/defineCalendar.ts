import { checkedArgument } from '../input/checkedArgument.js';
import { dateField } from '../input/instant.js';
import { calendarSchema } from './calendarSchema.js';
import { frozen } from './frozen.js';
import type { LibraryCalendar, LibraryCalendarInput } from './libraryCalendar.js';
import { dateOf, dayOf } from './localDate.js';
import { type Schedule, scheduleOf } from './schedule.js';

/** The calendars checked here, with their schedules. */
const schedules = /* @__PURE__ */ new WeakMap<LibraryCalendar, Schedule>();

/**
 * Checks a library's calendar, adds defaults and freezes it.
 *
 * The result is plain JSON and can be stored. A calendar read back is checked when it is first used. The input is not
 * changed.
 *
 * @param input - the time zone, and the settings that differ from a library that is always open
 * @returns the complete calendar
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` with every fault and its path in
 * `details.faults`: an unknown time zone, an opening that is invalid or overlaps the next one, a date that does not
 * exist, a range that ends before it begins
 *
 * @example
 * ```ts
 * import { defineCalendar } from 'patron-fees/overdue';
 *
 * const weekday = ['09:00-20:00'];
 * const calendar = defineCalendar({
 *   timeZone: 'America/New_York',
 *   openingHours: {
 *     monday: weekday,
 *     tuesday: weekday,
 *     wednesday: weekday,
 *     thursday: weekday,
 *     friday: ['09:00-12:00', '13:00-02:00'], // past midnight
 *   },
 *   closures: [{ everyYear: '12-25', name: 'Christmas Day' }, { from: '2026-03-09', to: '2026-03-13', name: 'Spring break' }],
 *   specialHours: [{ from: '2026-05-04', to: '2026-05-15', hours: ['08:00-24:00'], name: 'Exams' }],
 * });
 * calendar.timeZone; //=> 'America/New_York'
 * ```
 */
export function defineCalendar(input: LibraryCalendarInput): LibraryCalendar {
  const checked = checkedArgument(calendarSchema, input, 'calendar') as LibraryCalendar;
  const calendar = frozen(structuredClone(checked));
  schedules.set(calendar, scheduleOf(calendar));
  return calendar;
}

/** Returns the schedule of a calendar. Checks the calendar first unless {@link defineCalendar} made it. */
export function definedSchedule(calendar: LibraryCalendar): Schedule {
  const known = typeof calendar === 'object' && calendar !== null ? schedules.get(calendar) : undefined;
  return known ?? scheduleOf(defineCalendar(calendar));
}

/** The openings of a library on one date. */
export type OpeningsOfDay = {
  /** The date. */
  readonly date: string;
  /** Whether the library opens on this date. */
  readonly open: boolean;
  /** The openings that begin on this date, as in {@link WeeklyHours}. */
  readonly openings: readonly string[];
  /** The name of the closure or the special hours that apply, if they have one. */
  readonly name?: string;
};

/**
 * Returns the openings of a library on a date, e.g. to print a calendar, or to explain why a day did not count.
 *
 * @param calendar - a library's calendar
 * @param date - a local date, `YYYY-MM-DD`
 * @returns the openings of that date
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` for a date that does not exist, or an
 * invalid calendar
 *
 * @example
 * ```ts
 * import { defineCalendar, openingsOn } from 'patron-fees/overdue';
 *
 * const calendar = defineCalendar({
 *   timeZone: 'Europe/Vienna',
 *   openingHours: { monday: ['10:00-18:00'] },
 *   closures: [{ everyYear: '10-26', name: 'National Day' }],
 * });
 * openingsOn(calendar, '2026-10-19'); //=> { date: '2026-10-19', open: true, openings: ['10:00-18:00'] }
 * openingsOn(calendar, '2026-10-26'); //=> { date: '2026-10-26', open: false, openings: [], name: 'National Day' }
 * ```
 */
export function openingsOn(calendar: LibraryCalendar, date: string): OpeningsOfDay {
  const day = dayOf(checkedArgument(dateField, date, 'date'));
  const { openings, name } = definedSchedule(calendar).hoursOn(day);
  return {
    date: dateOf(day),
    open: openings.length > 0,
    openings: openings.map(({ text }) => text),
    ...(name === undefined ? {} : { name }),
  };
}
