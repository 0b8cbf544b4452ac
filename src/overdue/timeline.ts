import { DAY_MS } from '../input/instant.js';
import { dayOfParts, LAST_DAY, type Opening, weekdayOf, yearOf } from './localDate.js';
import { firstEndingFrom, type Schedule, type Stretch, type Week, yearlyDayIn } from './schedule.js';

/** A span of time, in milliseconds since 1970, end exclusive. */
export type Span = { readonly from: number; readonly to: number };

/** The opening times in some period: the number of open days, and the elapsed milliseconds. */
type Count = { readonly days: number; readonly ms: number };

/**
 * Counts the open days and the opening time of a schedule. Whole weeks are multiplied. Only unusual days are examined
 * one by one, once a year for each calendar: closures, special hours, and days with a clock change.
 */
export type Timeline = {
  /** Returns the number of days with an opening, from the first day up to, but not including, the last. */
  readonly openDays: (from: number, before: number) => number;
  /** Returns the opening time between two instants, in milliseconds. */
  readonly openMs: (from: number, to: number) => number;
  /** Returns the nth open day after a day; `undefined` if there are fewer. */
  readonly nthOpenDay: (after: number, nth: number) => number | undefined;
  /**
   * Returns the first instant with the given opening time since `from` (1 ms or more); `undefined` if it is never
   * reached.
   */
  readonly instantAfter: (from: number, ms: number) => number | undefined;
};

/** Returns the timeline of a schedule. */
export function timelineOf(schedule: Schedule): Timeline {
  const { zone, base, stretches } = schedule;
  const weeks = new Map<Week, WeekCounts>();
  const countsOf = (week: Week): WeekCounts => {
    const known = weeks.get(week) ?? weekCounts(week);
    weeks.set(week, known);
    return known;
  };
  /** The opening time of a day, ignoring clock changes, yearly closures and overlaps of hours. */
  const usual = (day: number): Count =>
    countsOf(schedule.stretchOf(day)?.week ?? base).byDay[weekdayOf(day)] as Count;
  const actual = (day: number): Count => {
    const spans = spansOn(schedule, day);
    return { days: spans.length > 0 ? 1 : 0, ms: spans.reduce((sum, { from, to }) => sum + to - from, 0) };
  };
  const years = new Map<number, UnusualYear>();
  const unusualIn = (year: number): UnusualYear => {
    const known = years.get(year);
    if (known) return known;
    const days = unusualDays(schedule, year).map((day) => ({ day, ...difference(actual(day), usual(day)) }));
    const found = { days, total: days.reduce(sum, nothing) };
    years.set(year, found);
    return found;
  };
  /** The difference of a stretch from the usual hours, from one of its days up to, but not including, another. */
  const unlikeBase = ({ week }: Stretch, from: number, before: number): Count =>
    difference(countsOf(week).between(from, before), countsOf(base).between(from, before));
  let sums: readonly Count[] | undefined;
  /** The cumulative differences of the first stretches, by their number. */
  const stretchSums = (): readonly Count[] => {
    if (sums) return sums;
    let total = nothing;
    sums = [
      nothing,
      ...stretches.map((stretch) => {
        total = sum(total, unlikeBase(stretch, stretch.from, stretch.to + 1));
        return total;
      }),
    ];
    return sums;
  };
  const count = (from: number, before: number): Count => {
    if (before <= from) return nothing;
    let total = countsOf(base).between(from, before);
    const [firstIndex, lastIndex] = [firstEndingFrom(stretches, from), firstEndingFrom(stretches, before)];
    for (const index of new Set([firstIndex, lastIndex])) {
      const stretch = stretches[index];
      if (stretch)
        total = sum(
          total,
          unlikeBase(stretch, Math.max(from, stretch.from), Math.min(before, stretch.to + 1)),
        );
    }
    // The stretches between lie entirely within the period.
    if (lastIndex > firstIndex + 1) {
      const sums = stretchSums();
      total = sum(total, difference(sums[lastIndex] as Count, sums[firstIndex + 1] as Count));
    }
    const [firstYear, lastYear] = [yearOf(from), yearOf(before - 1)];
    for (let year = firstYear; year <= lastYear; year++) {
      const unusual = unusualIn(year);
      if (year > firstYear && year < lastYear) total = sum(total, unusual.total);
      else
        for (const each of unusual.days) if (each.day >= from && each.day < before) total = sum(total, each);
    }
    return total;
  };
  /** The last day that can be open. */
  const horizon = base.some((openings) => openings.length > 0) ? LAST_DAY : (stretches.at(-1)?.to ?? 0);
  /** The first day, starting at `from`, on which a count that never decreases reaches its target. */
  const firstDay = (from: number, reached: (day: number) => boolean): number | undefined => {
    if (from > horizon) return undefined;
    let [low, step] = [from, 1];
    while (!reached(low)) {
      if (low >= horizon) return undefined;
      low = Math.min(low + step, horizon);
      step *= 2;
    }
    let [below, above] = [Math.max(from, low - step) - 1, low];
    while (above - below > 1) {
      const middle = Math.floor((above + below) / 2);
      if (reached(middle)) above = middle;
      else below = middle;
    }
    return above;
  };
  const within = (day: number, from: number, to: number): number =>
    spansOn(schedule, day).reduce((ms, span) => ms + overlap(span, from, to), 0);
  return {
    openDays: (from, before) => count(from, before).days,
    openMs: (from, to) => {
      if (to <= from) return 0;
      const [first, last] = [zone.dayAt(from), zone.dayAt(to)];
      // An opening that begins on one day may end on the next.
      let ms = within(first - 1, from, to) + within(first, from, to);
      if (last > first) ms += within(last, from, to);
      if (last - 1 > first) ms += within(last - 1, from, to);
      return ms + count(first + 1, last - 1).ms;
    },
    nthOpenDay: (after, nth) => firstDay(after + nth, (day) => count(after + 1, day + 1).days >= nth),
    instantAfter: (from, ms) => {
      const first = zone.dayAt(from);
      const begun = within(first - 1, from, Number.POSITIVE_INFINITY);
      const today = within(first, from, Number.POSITIVE_INFINITY);
      /** The opening time from `from` until the end of the last opening that begins on `day` or earlier. */
      const through = (day: number) => (day < first ? begun : begun + today + count(first + 1, day + 1).ms);
      const day = begun >= ms ? first - 1 : firstDay(first, (each) => through(each) >= ms);
      if (day === undefined) return undefined;
      let missing = ms - (day < first ? 0 : through(day - 1));
      let start = from;
      for (const span of spansOn(schedule, day)) {
        start = Math.max(span.from, from);
        const length = overlap(span, from, Number.POSITIVE_INFINITY);
        if (length >= missing) break;
        missing -= length;
      }
      return start + missing;
    },
  };
}

/**
 * Returns the openings that begin on a day, in elapsed time. If an opening begins or ends at a local time that the
 * clocks skip, it begins or ends when they are set forward.
 */
export function spansOn(schedule: Schedule, day: number): Span[] {
  const { zone } = schedule;
  const { openings } = schedule.hoursOn(day);
  if (openings.length === 0) return [];
  const midnight = day * DAY_MS;
  const startOf = (opening: Opening, of = midnight) => zone.firstInstantFrom(of + opening.from * 60_000);
  // A library cannot open on a day that the zone skipped.
  if (zone.startOfDay(day) === zone.startOfDay(day + 1)) return [];
  const spans: Span[] = [];
  for (const [index, opening] of openings.entries()) {
    const next = openings[index + 1];
    let to = zone.firstInstantFrom(midnight + opening.to * 60_000);
    if (next) to = Math.min(to, startOf(next));
    else if (opening.to > DAY_MS / 60_000) {
      const [tomorrow] = schedule.hoursOn(day + 1).openings;
      if (tomorrow) to = Math.min(to, startOf(tomorrow, midnight + DAY_MS));
    }
    const from = startOf(opening);
    if (to > from) spans.push({ from, to });
  }
  return spans;
}

const nothing: Count = { days: 0, ms: 0 };

function sum(a: Count, b: Count): Count {
  return { days: a.days + b.days, ms: a.ms + b.ms };
}

function difference(a: Count, b: Count): Count {
  return { days: a.days - b.days, ms: a.ms - b.ms };
}

function overlap(span: Span, from: number, to: number): number {
  return Math.max(0, Math.min(span.to, to) - Math.max(span.from, from));
}

type WeekCounts = {
  readonly byDay: readonly Count[];
  /** Counts from one day up to, but not including, another. */
  readonly between: (from: number, before: number) => Count;
};

function weekCounts(week: Week): WeekCounts {
  const byDay = week.map((openings) => ({
    days: openings.length > 0 ? 1 : 0,
    ms: openings.reduce((ms, { from, to }) => ms + (to - from) * 60_000, 0),
  }));
  const total = byDay.reduce(sum, nothing);
  return {
    byDay,
    between: (from, before) => {
      if (before <= from) return nothing;
      const weeks = Math.floor((before - from) / 7);
      let [days, ms] = [total.days * weeks, total.ms * weeks];
      for (let day = from + weeks * 7; day < before; day++) {
        const each = byDay[weekdayOf(day)] as Count;
        days += each.days;
        ms += each.ms;
      }
      return { days, ms };
    },
  };
}

/** The days of a year whose opening time may differ from the usual one, with the differences. */
type UnusualYear = {
  readonly days: readonly (Count & { readonly day: number })[];
  readonly total: Count;
};

function unusualDays(schedule: Schedule, year: number): number[] {
  const { zone, stretches, yearly } = schedule;
  const days = new Set<number>();
  for (const each of yearly) days.add(yearlyDayIn(year, each) ?? Number.NaN);
  for (const nearby of [year - 1, year, year + 1]) {
    for (const { at, before, after } of zone.transitionsIn(nearby)) {
      const [earlier, later] = [Math.min(before, after), Math.max(before, after)];
      // Starts a day earlier, whose openings may extend past midnight.
      const last = Math.floor((at + later) / DAY_MS);
      for (let day = Math.floor((at + earlier) / DAY_MS) - 1; day <= last; day++) days.add(day);
    }
  }
  // When hours change, an opening past midnight may overlap the first one of the next day.
  const lastDay = dayOfParts(year + 1, 1, 1) - 1;
  for (let index = firstEndingFrom(stretches, dayOfParts(year, 1, 1)); index < stretches.length; index++) {
    const { from, to } = stretches[index] as (typeof stretches)[number];
    if (from - 1 > lastDay) break;
    days.add(from - 1).add(to);
  }
  return [...days].filter((day) => !Number.isNaN(day) && yearOf(day) === year).sort((a, b) => a - b);
}
