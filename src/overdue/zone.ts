import { Temporal } from 'temporal-polyfill';
import { DAY_MS, dayOfParts } from './localDate.js';

/** A moment at which the clocks of a zone were, or will be, set. All figures in milliseconds; offsets are local time less UTC. */
export type Transition = {
  /** When, in milliseconds since 1970. */
  readonly at: number;
  /** The offset before. */
  readonly before: number;
  /** The offset from then on. */
  readonly after: number;
};

/** The clocks of a time zone. Local times are written as milliseconds: those of the same time in UTC. */
export type Zone = {
  /** The offset at an instant, in milliseconds. */
  readonly offsetAt: (instant: number) => number;
  /** The instant of a local time; of one that exists twice the first, of one that does not exist what the old offset says. */
  readonly instantAt: (local: number) => number;
  /** The first instant at which the local time has been reached: the transition that skipped it, if one did. */
  readonly firstInstantFrom: (local: number) => number;
  /** The first instant of a local day; that of the next day for a day that was skipped. */
  readonly startOfDay: (day: number) => number;
  /** The local day of an instant. Never an earlier day than that of an earlier instant. */
  readonly dayAt: (instant: number) => number;
  /** The transitions of a year (of UTC). */
  readonly transitionsIn: (year: number) => readonly Transition[];
};

/** The offsets of a year: the one that it begins with, and when they change. */
type YearOffsets = { readonly first: number; readonly transitions: readonly Transition[] };

/** Years without transitions, both included. */
type QuietYears = { readonly from: number; readonly to: number; readonly offset: number };

/** From this year on, a year has the offsets of the one 400 years before: the calendar repeats itself, and so do the rules. */
const REPEATS_FROM = 2500;
const CYCLE_YEARS = 400;
const CYCLE_MS = 146_097 * DAY_MS;

/** No zone is further from UTC than this, not even on the day that Samoa skipped. */
const REACH_MS = 2 * DAY_MS;

const zones = /* @__PURE__ */ new Map<string, Zone>();

/** The clocks of a time zone, by an IANA name that the runtime knows. What was read of a zone is kept. */
export function zoneOf(timeZone: string): Zone {
  const known = zones.get(timeZone);
  if (known) return known;
  const zone = readZone(timeZone);
  zones.set(timeZone, zone);
  return zone;
}

function readZone(timeZone: string): Zone {
  const years = new Map<number, YearOffsets>();
  const quiet: QuietYears[] = [];
  const offsetsOf = (year: number): YearOffsets => {
    const known = years.get(year);
    if (known) return known;
    const still = quiet.find(({ from, to }) => from <= year && year <= to);
    const offsets = still ? { first: still.offset, transitions: [] } : readYear(timeZone, year, quiet);
    years.set(year, offsets);
    return offsets;
  };
  const offsetAt = (instant: number): number => {
    const year = new Date(instant).getUTCFullYear();
    const cycles = cyclesAfter(year);
    const { first, transitions } = offsetsOf(year - cycles * CYCLE_YEARS);
    return offsetAmong(transitions, first, instant - cycles * CYCLE_MS);
  };
  const transitionsIn = (year: number): readonly Transition[] => {
    const cycles = cyclesAfter(year);
    const { transitions } = offsetsOf(year - cycles * CYCLE_YEARS);
    if (cycles === 0) return transitions;
    return transitions.map((transition) => ({ ...transition, at: transition.at + cycles * CYCLE_MS }));
  };
  /** The first instant with a local time, and the transition that skipped it if there is none. */
  const locate = (local: number): { instant: number; skippedBy?: Transition } => {
    const [earliest, latest] = [local - REACH_MS, local + REACH_MS];
    const firstYear = new Date(earliest).getUTCFullYear();
    const lastYear = new Date(latest).getUTCFullYear();
    let offset = offsetAt(earliest);
    let from = earliest;
    for (let year = firstYear; year <= lastYear; year++) {
      for (const transition of transitionsIn(year)) {
        if (transition.at <= earliest || transition.at > latest) continue;
        const instant = local - offset;
        if (instant >= from && instant < transition.at) return { instant };
        if (local - transition.before >= transition.at && local - transition.after < transition.at)
          return { instant: local - transition.before, skippedBy: transition };
        offset = transition.after;
        from = transition.at;
      }
    }
    return { instant: local - offset };
  };
  const firstInstantFrom = (local: number): number => {
    const { instant, skippedBy } = locate(local);
    return skippedBy ? skippedBy.at : instant;
  };
  const startOfDay = (day: number): number => firstInstantFrom(day * DAY_MS);
  return {
    offsetAt,
    transitionsIn,
    instantAt: (local) => locate(local).instant,
    firstInstantFrom,
    startOfDay,
    // Clocks set back over midnight show yesterday again; the day goes on that had begun.
    dayAt: (instant) => {
      const day = Math.floor((instant + offsetAt(instant)) / DAY_MS);
      return instant >= startOfDay(day + 1) ? day + 1 : day;
    },
  };
}

function cyclesAfter(year: number): number {
  return year < REPEATS_FROM ? 0 : Math.floor((year - REPEATS_FROM) / CYCLE_YEARS) + 1;
}

/** The offset at an instant of a year. */
function offsetAmong(transitions: readonly Transition[], first: number, instant: number): number {
  let offset = first;
  for (const { at, after } of transitions) {
    if (instant < at) break;
    offset = after;
  }
  return offset;
}

/** Asks Temporal for the transitions of a year; years without any that come to light are added to `quiet`. */
function readYear(timeZone: string, year: number, quiet: QuietYears[]): YearOffsets {
  const start = dayOfParts(year, 1, 1) * DAY_MS;
  const end = dayOfParts(year + 1, 1, 1) * DAY_MS;
  let clock = Temporal.Instant.fromEpochMilliseconds(start - 1).toZonedDateTimeISO(timeZone);
  const first = offsetOf(clock);
  const transitions: Transition[] = [];
  for (;;) {
    const next = clock.getTimeZoneTransition('next');
    const at = next?.epochMilliseconds ?? Number.POSITIVE_INFINITY;
    if (next && at < end) {
      const before = transitions.at(-1)?.after ?? first;
      // Where only a zone's name or rule changes, its clocks go on.
      if (offsetOf(next) !== before) transitions.push({ at, before, after: offsetOf(next) });
      clock = next;
      continue;
    }
    const nextYear = next ? new Date(at).getUTCFullYear() : REPEATS_FROM + CYCLE_YEARS;
    const offset = transitions.at(-1)?.after ?? first;
    if (nextYear > year + 1) quiet.push({ from: year + 1, to: nextYear - 1, offset });
    return { first, transitions };
  }
}

function offsetOf(clock: Temporal.ZonedDateTime): number {
  return Math.round(clock.offsetNanoseconds / 1e6);
}
