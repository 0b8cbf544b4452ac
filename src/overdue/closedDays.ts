import { DAY_MS } from '../input/instant.js';
import { timelinesOf } from './clock.js';
import { dateOf, type Weekday, weekdayOf, weekdays, yearOf } from './localDate.js';
import { firstEndingFrom, type Schedule, type Stretch, type Week, yearlyDayIn } from './schedule.js';

/** The closed days of a period. */
export type ClosedDays = {
  /** The number of closed days. */
  readonly days: number;
  /** The weekdays without opening hours, with their numbers. */
  readonly weekly: readonly {
    /** The weekday. */
    readonly weekday: Weekday;
    /** The number of such days. */
    readonly days: number;
  }[];
  /** Closures, in the order of their dates, whether or not the library would otherwise open. */
  readonly closures: readonly ClosureFound[];
};

/** The part of a closure within a period. */
export type ClosureFound = {
  /** Its first date, `YYYY-MM-DD`. */
  readonly from: string;
  /** Its last date. */
  readonly to: string;
  /** The number of days. */
  readonly days: number;
  /** The name of the closure. */
  readonly name?: string;
};

/**
 * Returns the closed days from one day up to, but not including, another: weekdays in whole weeks, closures by name.
 */
export function closedDays(schedule: Schedule, from: number, before: number): ClosedDays {
  const { base, stretches } = schedule;
  const byWeekday = weekdays.map(() => 0);
  const closures: ClosureFound[] = [];
  const skipped = skippedDays(schedule, from, before);
  const addWeek = (week: Week, first: number, end: number) => {
    if (end <= first) return;
    const weeks = Math.floor((end - first) / 7);
    for (const [weekday, openings] of week.entries()) {
      if (openings.length > 0) continue;
      const rest = (weekday - weekdayOf(first + weeks * 7) + 7) % 7 < (end - first) % 7 ? 1 : 0;
      byWeekday[weekday] = (byWeekday[weekday] as number) + weeks + rest;
    }
    for (const day of skipped) {
      const weekday = weekdayOf(day);
      if (day >= first && day < end && week[weekday]?.length === 0)
        byWeekday[weekday] = (byWeekday[weekday] as number) - 1;
    }
  };
  let day = from;
  for (let index = firstEndingFrom(stretches, from); index < stretches.length; index++) {
    const stretch = stretches[index] as Stretch;
    const { from: begin, to, week, closure, name } = stretch;
    if (begin >= before) break;
    const [first, last] = [Math.max(from, begin), Math.min(before - 1, to)];
    addWeek(base, day, first);
    if (!closure) addWeek(week, first, last + 1);
    else {
      const whole = datesOf(stretch);
      closures.push({
        from: first === begin ? whole.from : dateOf(first),
        to: last === to ? whole.to : dateOf(last),
        days: last + 1 - first - skippedWithin(skipped, first, last),
        ...(name === undefined ? {} : { name }),
      });
    }
    day = last + 1;
  }
  addWeek(base, day, before);
  if (schedule.yearly.length > 0 && before > from) {
    for (let year = yearOf(from); year <= yearOf(before - 1); year++) {
      for (const each of schedule.yearly) {
        const closed = yearlyDayIn(year, each);
        if (closed === undefined || closed < from || closed >= before || skipped.includes(closed)) continue;
        // A weekday without opening hours was already counted as such.
        if (schedule.yearlyClosureOn(closed) !== each || base[weekdayOf(closed)]?.length === 0) continue;
        const date = dateOf(closed);
        closures.push({
          from: date,
          to: date,
          days: 1,
          ...(each.name === undefined ? {} : { name: each.name }),
        });
      }
    }
    closures.sort((a, b) => (a.from < b.from ? -1 : 1));
  }
  const { daysExcluded } = timelinesOf(schedule);
  const existing = Math.max(0, before - from) - skipped.length;
  const weekly = weekdays.map((weekday, index) => ({ weekday, days: byWeekday[index] as number }));
  return {
    days: existing - daysExcluded.openDays(from, before),
    weekly: weekly.filter(({ days }) => days > 0),
    closures,
  };
}

const knownDates = /* @__PURE__ */ new WeakMap<Stretch, { readonly from: string; readonly to: string }>();

/**
 * Returns the first and last date of a stretch, cached: formatting dates would take most of the time for a loan with
 * many closures.
 */
function datesOf(stretch: Stretch): { readonly from: string; readonly to: string } {
  const known = knownDates.get(stretch);
  if (known) return known;
  const dates = { from: dateOf(stretch.from), to: dateOf(stretch.to) };
  knownDates.set(stretch, dates);
  return dates;
}

function skippedWithin(skipped: readonly number[], first: number, last: number): number {
  return skipped.filter((day) => day >= first && day <= last).length;
}

/**
 * Returns the days that a zone skipped, as Samoa skipped 30 December 2011. Nobody is late on them, whether open or
 * closed.
 */
function skippedDays(schedule: Schedule, from: number, before: number): number[] {
  const { counted: everyDay } = timelinesOf(schedule);
  const skipped: number[] = [];
  if (before <= from || everyDay.openDays(from, before) === before - from) return skipped;
  for (let year = yearOf(from); year <= yearOf(before - 1); year++) {
    for (const transition of schedule.zone.transitionsIn(year)) {
      const day = Math.floor((transition.at + transition.before) / DAY_MS);
      if (day >= from && day < before && everyDay.openDays(day, day + 1) === 0) skipped.push(day);
    }
  }
  return skipped;
}
