import { Temporal } from 'temporal-polyfill';
import { DAY_MS } from '../input/instant.js';
import type { ClosedTime, FineMeasure, PeriodUnit } from './fineRule.js';
import { dateOf, dayOf, LAST_DAY } from './localDate.js';
import { neverClosed, type Schedule, wholeDay, withHours } from './schedule.js';
import { type Timeline, timelineOf } from './timeline.js';
import type { Zone } from './zone.js';

/**
 * The number of a clock's units that have passed: those that ended, and those that began. Equal if the units have no
 * length.
 */
export type Passed = { readonly completed: number; readonly begun: number };

/** Measures lateness in its own units. Instants are milliseconds since 1970. */
export type Clock = {
  /** The name of its units. Clocks with the same name count alike. */
  readonly name: string;
  /** The unit shown to people: minutes for a clock of milliseconds. */
  readonly shown: 'minute' | 'hour' | 'day' | 'month';
  /** Returns the number of units between two instants; 0 if the second is not later. */
  readonly passed: (from: number, to: number) => Passed;
  /** Returns the first instant at which the given number of units (1 or more) has ended; `undefined` if never. */
  readonly whenCompleted: (from: number, units: number) => number | undefined;
  /** Returns the first instant at which the given number of units (1 or more) has begun; `undefined` if never. */
  readonly whenBegun: (from: number, units: number) => number | undefined;
};

/** A clock, and the number of its units in the unit of a rule. */
export type UnitClock = { readonly clock: Clock; readonly unitsPerUnit: number };

/** The timelines of a schedule, one for each treatment of closed time. */
export type Timelines = { readonly [closed in ClosedTime]: Timeline };

const known = /* @__PURE__ */ new WeakMap<Schedule, Timelines>();

/** Returns the timelines of a schedule, created once. */
export function timelinesOf(schedule: Schedule): Timelines {
  const found = known.get(schedule);
  if (found) return found;
  const made: Timelines = {
    counted: timelineOf(neverClosed(schedule)),
    daysExcluded: timelineOf(withHours(schedule, (openings) => (openings.length > 0 ? wholeDay : []))),
    hoursExcluded: timelineOf(schedule),
  };
  known.set(schedule, made);
  return made;
}

const unitMs = { minute: 60_000, hour: 3_600_000 } as const;

/** Returns the clock for a unit and a rule's way of measuring. */
export function clockFor(
  schedule: Schedule,
  { measure, unit, closedTime }: { measure: FineMeasure; unit: PeriodUnit; closedTime: ClosedTime },
): UnitClock {
  const timeline = timelinesOf(schedule)[closedTime];
  const named = (name: string) => `${name}, ${closedTime}`;
  if (unit === 'minute' || unit === 'hour') {
    const time = elapsed(named('time'), closedTime === 'counted' ? undefined : timeline);
    if (measure === 'wholeHours') return { clock: wholeHours(named('hours'), time), unitsPerUnit: 1 };
    return { clock: time, unitsPerUnit: unitMs[unit] };
  }
  const { zone } = schedule;
  const byDate = measure === 'calendarDays';
  const name = named(byDate ? 'dates' : 'days by the clock');
  if (unit === 'day' || unit === 'week') {
    const clock = byDate
      ? dates(name, zone, timeline)
      : daysByTheClock(name, zone, timeline, timelinesOf(schedule).counted);
    return { clock, unitsPerUnit: unit === 'day' ? 1 : 7 };
  }
  return {
    clock: months(`${name}, months`, zone, byDate ? 'date' : 'time'),
    unitsPerUnit: unit === 'month' ? 1 : 12,
  };
}

/** Counts milliseconds: all, or only those of a timeline. */
function elapsed(name: string, timeline: Timeline | undefined): Clock {
  const when = (from: number, units: number) =>
    timeline ? timeline.instantAfter(from, units) : from + units;
  return {
    name,
    shown: 'minute',
    passed: (from, to) => {
      const ms = to <= from ? 0 : timeline ? timeline.openMs(from, to) : to - from;
      return { completed: ms, begun: ms };
    },
    whenCompleted: when,
    whenBegun: when,
  };
}

/** Counts completed hours, but the first one as soon as it begins. */
function wholeHours(name: string, time: Clock): Clock {
  const when = (from: number, hours: number) =>
    time.whenCompleted(from, hours === 1 ? 1 : hours * unitMs.hour);
  return {
    name,
    shown: 'hour',
    passed: (from, to) => {
      const ms = time.passed(from, to).completed;
      const hours = ms === 0 ? 0 : Math.max(1, Math.floor(ms / unitMs.hour));
      return { completed: hours, begun: hours };
    },
    whenCompleted: when,
    whenBegun: when,
  };
}

/** Counts the dates after the date of the first instant. */
function dates(name: string, zone: Zone, timeline: Timeline): Clock {
  const when = (from: number, units: number) => {
    const day = timeline.nthOpenDay(zone.dayAt(from), units);
    return day === undefined ? undefined : zone.startOfDay(day);
  };
  return {
    name,
    shown: 'day',
    passed: (from, to) => {
      const days = timeline.openDays(zone.dayAt(from) + 1, zone.dayAt(to) + 1);
      return { completed: days, begun: days };
    },
    whenCompleted: when,
    whenBegun: when,
  };
}

/**
 * Counts days that end at the time of day of the first instant, on the open days of a timeline. Each begins a day
 * before its end, but not on a closed day: the rest of an open day before a closed one does not count.
 */
function daysByTheClock(name: string, zone: Zone, timeline: Timeline, everyDay: Timeline): Clock {
  const end = (from: number, units: number): number | undefined => {
    const day = timeline.nthOpenDay(zone.dayAt(from), units);
    return day === undefined ? undefined : sameTime(zone, from, day);
  };
  /** A zone may skip a day, as Samoa did. */
  const neighbour = (day: number, step: 1 | -1): number =>
    everyDay.openDays(day + step, day + step + 1) > 0 ? day + step : day + step * 2;
  /** A day before the day ends. */
  const dayBefore = (from: number, day: number): number => {
    const before = neighbour(day, -1);
    return before <= zone.dayAt(from) ? from : sameTime(zone, from, before);
  };
  return {
    name,
    shown: 'day',
    passed: (from, to) => {
      if (to <= from) return { completed: 0, begun: 0 };
      const [first, last] = [zone.dayAt(from), zone.dayAt(to)];
      const days = timeline.openDays(first + 1, last + 1);
      const endsToday = days > 0 && timeline.openDays(last, last + 1) > 0;
      const isToday = endsToday && to < sameTime(zone, from, last);
      const completed = isToday ? days - 1 : days;
      const next = isToday ? last : neighbour(last, 1);
      const isBegun = timeline.openDays(next, next + 1) > 0 && timeline.openMs(dayBefore(from, next), to) > 0;
      return { completed, begun: isBegun ? completed + 1 : completed };
    },
    whenCompleted: end,
    whenBegun: (from, units) => {
      const day = timeline.nthOpenDay(zone.dayAt(from), units);
      if (day === undefined) return undefined;
      const begun = timeline.instantAfter(dayBefore(from, day), 1) as number;
      return Math.min(begun, sameTime(zone, from, day));
    },
  };
}

/** Counts calendar months, by date or by time of day. A day that a month does not have becomes its last day. */
function months(name: string, zone: Zone, by: 'date' | 'time'): Clock {
  const dayAfter = (from: number, count: number): number =>
    dayOf(
      Temporal.PlainDate.from(dateOf(zone.dayAt(from)))
        .add({ months: count })
        .toString(),
    );
  /** The first instant after the given number of months. */
  const end = (from: number, count: number): number => {
    const day = dayAfter(from, count);
    return by === 'date' ? zone.startOfDay(day) : sameTime(zone, from, day);
  };
  /** The first instant of the month after that. */
  const next = (from: number, count: number): number =>
    by === 'date' ? zone.startOfDay(dayAfter(from, count) + 1) : end(from, count) + 1;
  const isKnown = (from: number, count: number) => zone.dayAt(from) + count * 28 < LAST_DAY;
  return {
    name,
    shown: 'month',
    passed: (from, to) => {
      if (to <= from) return { completed: 0, begun: 0 };
      const [a, b] = [from, to].map((instant) => new Date(zone.dayAt(instant) * DAY_MS)) as [Date, Date];
      let completed = (b.getUTCFullYear() - a.getUTCFullYear()) * 12 + b.getUTCMonth() - a.getUTCMonth();
      if (completed > 0 && end(from, completed) > to) completed--;
      return { completed, begun: next(from, completed) <= to ? completed + 1 : completed };
    },
    whenCompleted: (from, units) => (isKnown(from, units) ? end(from, units) : undefined),
    whenBegun: (from, units) => (isKnown(from, units - 1) ? next(from, units - 1) : undefined),
  };
}

/** Returns the instant on another day with the same local time as an instant. */
export function sameTime(zone: Zone, instant: number, day: number): number {
  return zone.instantAt(instant + zone.offsetAt(instant) + (day - zone.dayAt(instant)) * DAY_MS);
}
