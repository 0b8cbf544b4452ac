import { PatronFeesError } from '../errors.js';
import { isInstant } from '../input/instant.js';

/**
 * Compares two instants, to the nanosecond where they tell it: databases record finer than a `Date` can say.
 *
 * @param a - an instant, ISO 8601 with a zone
 * @param b - another one
 * @returns below 0 when the first is earlier, above 0 when it is later
 */
export function compareInstants(a: string, b: string): number {
  return Date.parse(a) - Date.parse(b) || belowMilliseconds(a) - belowMilliseconds(b);
}

/** The nanoseconds above the whole millisecond, which `Date.parse` drops. */
function belowMilliseconds(instant: string): number {
  const [, digits = ''] = /\.\d{3}(\d+)/.exec(instant) ?? [];
  return Number(digits.padEnd(6, '0'));
}

/**
 * The time to record events at: what the clock says, or the time of the event before if the clock went back.
 *
 * @param last - when the event before was recorded, if there is one
 * @param now - what the clock says
 * @returns the later of the two, to the microsecond
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` when the clock says no instant
 */
export function laterInstant(last: string | undefined, now: string): string {
  if (typeof now !== 'string' || !isInstant(now)) {
    throw new PatronFeesError('INVALID_ARGUMENT', 'now: expected an ISO 8601 date and time with a zone');
  }
  const time = toMicroseconds(now);
  return last !== undefined && compareInstants(time, last) < 0 ? last : time;
}

/**
 * Drops what is finer than a microsecond. Not every database can hold that, and a copy of the events must know at each
 * moment what the original knew.
 *
 * @param instant - an instant, ISO 8601 with a zone
 * @returns the instant, as it was written where it is not finer
 */
export function toMicroseconds(instant: string): string {
  return instant.replace(/(\.\d{6})\d+/, '$1');
}
