import * as v from 'valibot';

const instantPattern =
  /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,9})?)?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;

/** Tells whether a text is an instant: ISO 8601 with a zone, on a day that the calendar has. */
export function isInstant(text: string): boolean {
  return instantPattern.test(text) && hasDay(text);
}

const INSTANT_EXPECTED = 'an ISO 8601 date and time with a zone';

/** When something happened. */
export const instantField = v.pipe(v.string(INSTANT_EXPECTED), v.check(isInstant, INSTANT_EXPECTED));

const datePattern = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/;

/** Tells whether a text is a date of the calendar, `YYYY-MM-DD`. */
export function isDate(text: string): boolean {
  return datePattern.test(text) && hasDay(text);
}

const DATE_EXPECTED = 'a date, YYYY-MM-DD';

/** A local date. */
export const dateField = v.pipe(v.string(DATE_EXPECTED), v.check(isDate, DATE_EXPECTED));

/** Tells whether the month that a text begins with has its day. */
function hasDay(text: string): boolean {
  const day = Number(text.slice(8, 10));
  // Every month has 28 days; a replay asks for every event, and a Date costs more than all the rest.
  return day <= 28 || new Date(`${text.slice(0, 10)}T00:00:00Z`).getUTCDate() === day;
}

/** Milliseconds since 1970 of an instant; NaN for any other text, whatever the machine's time zone. */
export function instantOf(text: string): number {
  return isInstant(text) ? Date.parse(text) : Number.NaN;
}
