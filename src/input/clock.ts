import { PatronFeesError } from '../errors.js';
import { mismatchText } from './faults.js';
import { isInstant } from './instant.js';

/** Returns the current time: a `Date`, or ISO 8601 with a zone. Every store and every service takes such a function. */
export type Clock = () => Date | string;

const EXPECTED = 'a Date, or an ISO 8601 date and time with a zone';

/**
 * Reads a clock, as ISO 8601 with a zone. An invalid time would be stored for ever.
 *
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` if it returns anything else
 */
export function timeOf(now: Clock): string {
  const time: unknown = now();
  if (typeof time === 'string' && isInstant(time)) return time;
  const ms = time instanceof Date ? time.getTime() : Number.NaN;
  const text = Number.isNaN(ms) ? '' : new Date(ms).toISOString();
  if (isInstant(text)) return text;
  throw new PatronFeesError('INVALID_ARGUMENT', mismatchText('options.now()', EXPECTED, time), {
    faults: [{ path: 'options.now()', expected: EXPECTED, found: String(typeof time) }],
  });
}
