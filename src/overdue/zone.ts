import { Temporal } from 'temporal-polyfill';
import { DAY_MS } from '../input/instant.js';
import { dateOf, dayOfParts } from './localDate.js';

/** A clock change of a zone. All values in milliseconds; offsets are local time minus UTC. */
export type Transition = {
  /** The instant, in milliseconds since 1970. */
  readonly at: number;
  /** The offset before it. */
  readonly before: number;
  /** The offset from then on. */
  readonly after: number;
};

/** The clocks of a time zone. A local time is a number of milliseconds: the instant with the same time in UTC. */
export type Zone = {
  /** Returns the offset at an instant, in milliseconds. */
  readonly offsetAt: (instant: number) => number;
  /**
   * Returns the instant of a local time. If it exists twice, the first; if it was skipped, the instant according to the
   * old offset.
   */
  readonly instantAt: (local: number) => number;
  /** Returns the first instant at which a local time has been reached: the clock change, if it skipped that time. */
  readonly firstInstantFrom: (local: number) => number;
  /** Returns the first instant of a local day; of the next day if the day was skipped. */
  readonly startOfDay: (day: number) => number;
  /** Returns the local day of an instant. Never earlier than the day of an earlier instant. */
  readonly dayAt: (instant: number) => number;
  /** Returns the clock changes of a UTC year. */
  readonly transitionsIn: (year: number) => readonly Transition[];
};

/** The offsets of a year: the first one, and its changes. */
type YearOffsets = { readonly first: number; readonly transitions: readonly Transition[] };

/** A range of years without clock changes, inclusive. */
type QuietYears = { readonly from: number; readonly to: number; readonly offset: number };

/** From this year on, a year has the offsets of the year 400 years before, since the calendar and the rules repeat. */
const REPEATS_FROM = 2500;

const CYCLE_YEARS = 400;

const CYCLE_MS = 146_097 * DAY_MS;

/** The maximum distance of a zone from UTC, even on the day that Samoa skipped. */
const REACH_MS = 2 * DAY_MS;

const zones = /* @__PURE__ */ new Map<string, Zone>();

/** Returns the clocks of a time zone, by an IANA name that the runtime supports. The data read of a zone is cached. */
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
  /** The first instant with a local time, or the clock change that skipped it. */
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
    // After clocks are set back over midnight, they show yesterday again; the day that had begun continues.
    dayAt: (instant) => {
      const day = Math.floor((instant + offsetAt(instant)) / DAY_MS);
      return instant >= startOfDay(day + 1) ? day + 1 : day;
    },
  };
}

function cyclesAfter(year: number): number {
  return year < REPEATS_FROM ? 0 : Math.floor((year - REPEATS_FROM) / CYCLE_YEARS) + 1;
}

/** Returns the offset at an instant of a year. */
function offsetAmong(transitions: readonly Transition[], first: number, instant: number): number {
  let offset = first;
  for (const { at, after } of transitions) {
    if (instant < at) break;
    offset = after;
  }
  return offset;
}

/** Reads the clock changes of a year from Temporal. Adds years without any to `quiet`. */
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
      transitions.push({ at, before, after: offsetOf(next) });
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

/**
 * Formats an instant as local time with its offset, to the second. Uses UTC if the offset has seconds, which ISO 8601
 * does not support.
 */
export function localTime(zone: Zone, instant: number): string {
  const offset = zone.offsetAt(instant);
  if (offset % 60_000 !== 0) return `${written(instant)}Z`;
  const minutes = Math.abs(offset) / 60_000;
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  return `${written(instant + offset)}${offset < 0 ? '-' : '+'}${twoDigits(hours)}:${twoDigits(rest)}`;
}

function written(local: number): string {
  const day = Math.floor(local / DAY_MS);
  return `${dateOf(day)}T${new Date(local).toISOString().slice(-13, -5)}`;
}

function twoDigits(number: number): string {
  return String(number).padStart(2, '0');
}
