import * as v from 'valibot';

/**
 * Returns whether the runtime knows a time zone by its IANA name. Some runtimes also accept offsets, which have no
 * summer time; these are refused.
 */
function isTimeZone(timeZone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone });
    return !/^[+-]/.test(timeZone);
  } catch {
    return false;
  }
}

/** The schema of a time zone's IANA name. */
export const timeZoneField = v.pipe(
  v.string('a time zone'),
  v.check(isTimeZone, 'a time zone that this runtime knows'),
);
