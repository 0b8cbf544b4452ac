export { timeZoneField } from '../views/readerFormat.js';

/**
 * Makes what tells on which day it was, in a time zone, when something happened.
 *
 * @param timeZone - an IANA name that the runtime knows
 * @returns a function from an instant, ISO 8601 with a zone, to the day, `YYYY-MM-DD`
 */
export function localDay(timeZone: string): (at: string) => string {
  const format = new Intl.DateTimeFormat('en-u-ca-gregory-nu-latn', {
    ...{ timeZone, year: 'numeric', month: '2-digit', day: '2-digit' },
  });
  return (at) => {
    const parts = { year: '', month: '', day: '' };
    for (const { type, value } of format.formatToParts(Date.parse(at))) {
      if (type in parts) parts[type as keyof typeof parts] = value;
    }
    return `${parts.year.padStart(4, '0')}-${parts.month}-${parts.day}`;
  };
}

const DAY_MS = 86_400_000;

/** How many days of the calendar lie between two days, whatever the clocks did: 1 from a day to the next. */
export function daysBetween(from: string, to: string): number {
  return (Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / DAY_MS;
}
