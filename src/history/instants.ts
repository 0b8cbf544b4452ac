import { PatronFeesError } from '../errors.js';
import { isInstant } from '../input/instant.js';

/**
 * Compares two instants, to the nanosecond if they have one: databases record more digits than a `Date` holds.
 *
 * @param a - an instant, ISO 8601 with a zone
 * @param b - another one
 * @returns below 0 if the first is earlier, above 0 if it is later
 */
export function compareInstants(a: string, b: string): number {
  // Nearly all are in UTC with seconds, and sort by their digits.
  if (hasSecondsInUtc(a) && hasSecondsInUtc(b)) {
    const [first, second] = [a.slice(0, 19), b.slice(0, 19)];
    if (first !== second) return first < second ? -1 : 1;
  }
  return Date.parse(a) - Date.parse(b) || belowMilliseconds(a) - belowMilliseconds(b);
}

function hasSecondsInUtc(instant: string): boolean {
  return instant.charAt(16) === ':' && instant.endsWith('Z');
}

/** Returns the nanoseconds beyond the whole millisecond, which `Date.parse` drops. */
function belowMilliseconds(instant: string): number {
  const [, digits = ''] = /\.\d{3}(\d+)/.exec(instant) ?? [];
  return Number(digits.padEnd(6, '0'));
}

/**
 * Returns the time to record events at: the clock's time, or that of the previous event if the clock went back.
 *
 * @param last - when the previous event was recorded, if there is one
 * @param now - the clock's time
 * @returns the later of the two, to the microsecond
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` if the clock's time is not an instant
 */
export function laterInstant(last: string | undefined, now: string): string {
  if (typeof now !== 'string' || !isInstant(now)) {
    throw new PatronFeesError('INVALID_ARGUMENT', 'now: expected an ISO 8601 date and time with a zone');
  }
  const time = toMicroseconds(now);
  return last !== undefined && compareInstants(time, last) < 0 ? last : time;
}

/**
 * Drops the digits below the microsecond. Not every database can store them, and a copy of a store must have the same
 * times as the original.
 *
 * @param instant - an instant, ISO 8601 with a zone
 * @returns the instant; unchanged if it has no such digits
 */
export function toMicroseconds(instant: string): string {
  const dot = instant.indexOf('.');
  if (dot < 0 || instant.length - dot <= '.123456Z'.length) return instant;
  if (instant.endsWith('Z')) return `${instant.slice(0, dot + '.123456'.length)}Z`;
  return instant.replace(/(\.\d{6})\d+/, '$1');
}
