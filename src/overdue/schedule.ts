import { DAY_MS } from '../input/instant.js';
import type { LibraryCalendar, WeeklyHours } from './libraryCalendar.js';
import { dayOf, dayOfParts, type Opening, readOpening, weekdayOf, weekdays } from './localDate.js';
import { type Zone, zoneOf } from './zone.js';

/** The openings of each weekday, from Monday. */
export type Week = readonly (readonly Opening[])[];

/** Consecutive days with hours that differ from the usual ones. */
export type Stretch = {
  /** The first day. */
  readonly from: number;
  /** The last day. */
  readonly to: number;
  /** The hours of these days. */
  readonly week: Week;
  /** Whether it is a closure, not special hours. */
  readonly closure: boolean;
  readonly name?: string;
};

/** A day that is closed every year. */
export type YearlyDay = { readonly month: number; readonly day: number; readonly name?: string };

/** A calendar prepared for counting: the opening hours of each day. Days are numbers, as in localDate.ts. */
export type Schedule = {
  readonly zone: Zone;
  /** The usual hours. */
  readonly base: Week;
  /** The exceptions, in the order of their days, without overlaps. */
  readonly stretches: readonly Stretch[];
  readonly yearly: readonly YearlyDay[];
  /** Returns the stretch that contains a day. */
  readonly stretchOf: (day: number) => Stretch | undefined;
  /** Returns the yearly closure on a day, unless a stretch overrides it. */
  readonly yearlyClosureOn: (day: number) => YearlyDay | undefined;
  /** Returns the openings that begin on a day, with the name of the closure or special hours. */
  readonly hoursOn: (day: number) => { readonly openings: readonly Opening[]; readonly name?: string };
};

/** The opening of a day that is open from midnight to midnight. */
export const wholeDay: readonly Opening[] = [{ from: 0, to: 1440, text: '00:00-24:00' }];

/** A week without openings. */
export const closedWeek: Week = /* @__PURE__ */ weekdays.map(() => []);

/** A week that is open at all times. */
export const openWeek: Week = /* @__PURE__ */ weekdays.map(() => wholeDay);

/** Prepares a checked calendar for counting. */
export function scheduleOf(calendar: LibraryCalendar): Schedule {
  const { openingHours, closures, specialHours } = calendar;
  const ranked: Stretch[] = specialHours.map(({ from, to = from, hours, name }) => ({
    from: dayOf(from),
    to: dayOf(to),
    week: Array.isArray(hours) ? weekOfDay(hours) : weekOf(hours as WeeklyHours),
    closure: false,
    ...(name === undefined ? {} : { name }),
  }));
  const yearly: YearlyDay[] = [];
  for (const closure of closures) {
    const named = closure.name === undefined ? {} : { name: closure.name };
    if ('everyYear' in closure) {
      const [month, day] = closure.everyYear.split('-').map(Number) as [number, number];
      yearly.push({ month, day, ...named });
    } else {
      const { from, to = from } = closure;
      ranked.push({ from: dayOf(from), to: dayOf(to), week: closedWeek, closure: true, ...named });
    }
  }
  return createSchedule({
    zone: zoneOf(calendar.timeZone),
    base: openingHours === 'always' ? openWeek : weekOf(openingHours),
    stretches: withoutOverlaps(ranked),
    yearly,
  });
}

/** Returns a schedule in the same zone whose openings of each day are replaced by the result of `hours`. */
export function withHours(
  schedule: Schedule,
  hours: (openings: readonly Opening[]) => readonly Opening[],
): Schedule {
  return createSchedule({
    zone: schedule.zone,
    base: schedule.base.map(hours),
    stretches: schedule.stretches.map((stretch) => ({ ...stretch, week: stretch.week.map(hours) })),
    yearly: schedule.yearly,
  });
}

/** Returns a schedule in the same zone that is always open. */
export function neverClosed(schedule: Schedule): Schedule {
  return createSchedule({ zone: schedule.zone, base: openWeek, stretches: [], yearly: [] });
}

/** Returns the day of a yearly closure in a year. */
export function yearlyDayIn(year: number, { month, day }: YearlyDay): number | undefined {
  const found = dayOfParts(year, month, day);
  // Most years have no 29 February.
  return new Date(found * DAY_MS).getUTCDate() === day ? found : undefined;
}

function createSchedule(parts: Pick<Schedule, 'zone' | 'base' | 'stretches' | 'yearly'>): Schedule {
  const stretchOf = (day: number): Stretch | undefined => {
    const found = parts.stretches[firstEndingFrom(parts.stretches, day)];
    return found && found.from <= day ? found : undefined;
  };
  const yearlyClosureOn = (day: number): YearlyDay | undefined => {
    if (parts.yearly.length === 0 || stretchOf(day)) return undefined;
    const date = new Date(day * DAY_MS);
    const [month, ofMonth] = [date.getUTCMonth() + 1, date.getUTCDate()];
    return parts.yearly.find((closed) => closed.day === ofMonth && closed.month === month);
  };
  return {
    ...parts,
    stretchOf,
    yearlyClosureOn,
    hoursOn: (day) => {
      const stretch = stretchOf(day);
      const yearly = yearlyClosureOn(day);
      const named = stretch?.name ?? yearly?.name;
      const openings = yearly ? [] : ((stretch?.week ?? parts.base)[weekdayOf(day)] as readonly Opening[]);
      return { openings, ...(named === undefined ? {} : { name: named }) };
    },
  };
}

/**
 * Returns the index of the first stretch that ends on a day or later; the number of stretches if there is no such
 * stretch.
 */
export function firstEndingFrom(stretches: readonly Stretch[], day: number): number {
  let [low, high] = [0, stretches.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((stretches[middle] as Stretch).to < day) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Divides ranges into stretches without overlaps. If ranges overlap, the last one in the list applies. */
function withoutOverlaps(ranked: readonly Stretch[]): Stretch[] {
  const edges = [...new Set(ranked.flatMap(({ from, to }) => [from, to + 1]))].sort((a, b) => a - b);
  const order = ranked.map((_, rank) => rank).sort((a, b) => at(ranked, a).from - at(ranked, b).from);
  const stretches: Stretch[] = [];
  let active: number[] = [];
  let next = 0;
  for (const [index, from] of edges.entries()) {
    while (next < order.length && at(ranked, order[next] as number).from === from)
      active.push(order[next++] as number);
    active = active.filter((rank) => at(ranked, rank).to >= from);
    const to = (edges[index + 1] ?? from) - 1;
    if (active.length > 0) stretches.push({ ...at(ranked, Math.max(...active)), from, to });
  }
  return stretches;
}

function at(ranked: readonly Stretch[], rank: number): Stretch {
  return ranked[rank] as Stretch;
}

function weekOf(hours: WeeklyHours): Week {
  return weekdays.map((weekday) => dayOfTexts(hours[weekday] ?? []));
}

function weekOfDay(texts: readonly string[]): Week {
  const openings = dayOfTexts(texts);
  return weekdays.map(() => openings);
}

function dayOfTexts(texts: readonly string[]): Opening[] {
  return texts.map((text) => readOpening(text) as Opening);
}
