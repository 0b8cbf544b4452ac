import * as v from 'valibot';

/**
 * Tells whether the runtime knows a time zone. Some runtimes accept offsets as zones, which are no IANA names and know no
 * summer time.
 */
function isTimeZone(timeZone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone });
    return !/^[+-]/.test(timeZone);
  } catch {
    return false;
  }
}

/** A time zone's IANA name. */
export const timeZoneField = v.pipe(
  v.string('a time zone'),
  v.check(isTimeZone, 'a time zone that this runtime knows'),
);
