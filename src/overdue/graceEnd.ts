import { type Clock, clockFor, sameTime, timelinesOf } from './clock.js';
import type { FineGrace, FineRule } from './fineRule.js';
import { graceMeasure } from './fineRuleSchema.js';
import type { Schedule } from './schedule.js';

/** An instant after all others. */
export const NEVER = Number.POSITIVE_INFINITY;

/** The beginning of a fine after grace. */
export type AfterGrace = {
  /** Nothing is charged before this instant. */
  readonly chargedFrom: number;
  /** Periods are counted from this instant, after `freeUnits`. */
  readonly countedFrom: number;
  /** The number of the clock's units that are free after `countedFrom`. */
  readonly freeUnits: number;
};

/** Returns when charging begins, and where periods are counted from. */
export function afterGrace(
  grace: FineGrace | null,
  due: number,
  clock: Clock,
  rule: FineRule,
  schedule: Schedule,
): AfterGrace {
  if (grace === null) return { chargedFrom: due, countedFrom: due, freeUnits: 0 };
  const { unit, closedTime, mode, length } = grace;
  const measure = graceMeasure(rule.measure, unit);
  const { clock: graceClock, unitsPerUnit } = clockFor(schedule, { measure, unit, closedTime });
  const units = length * unitsPerUnit;
  const end = graceClock.whenCompleted(due, units);
  if (end === undefined) return { chargedFrom: NEVER, countedFrom: due, freeUnits: 0 };
  const moved = grace.endsOnOpenDay ? nextOpening(schedule, end, due, measure === 'calendarDays') : undefined;
  if (moved) {
    const chargedFrom = grace.end === 'charged' ? moved.end : moved.after;
    return mode === 'excluded'
      ? { chargedFrom, countedFrom: moved.end, freeUnits: 0 }
      : { chargedFrom, countedFrom: due, freeUnits: 0 };
  }
  const chargedFrom = grace.end === 'charged' ? end : (graceClock.whenBegun(due, units + 1) ?? NEVER);
  if (mode === 'allOrNothing') return { chargedFrom, countedFrom: due, freeUnits: 0 };
  return graceClock.name === clock.name
    ? { chargedFrom, countedFrom: due, freeUnits: units }
    : { chargedFrom, countedFrom: end, freeUnits: 0 };
}

/**
 * Returns the extended end of grace that would end on a closed day: its last moment (or day), and the moment after it.
 */
function nextOpening(
  schedule: Schedule,
  end: number,
  due: number,
  byDate: boolean,
): { readonly end: number; readonly after: number } | undefined {
  const { zone } = schedule;
  const { daysExcluded: openDates } = timelinesOf(schedule);
  const day = zone.dayAt(end);
  if (openDates.openDays(day, day + 1) > 0) return undefined;
  const next = openDates.nthOpenDay(day, 1);
  if (next === undefined) return { end: NEVER, after: NEVER };
  if (byDate) return { end: zone.startOfDay(next), after: zone.startOfDay(next + 1) };
  const moved = sameTime(zone, due, next);
  return { end: moved, after: moved + 1 };
}
