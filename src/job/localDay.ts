import type { AccountEvent } from '../account/events/accountEvent.js';
import type { RecordedEvent } from '../history/eventStore.js';
import { compareInstants } from '../history/instants.js';
import { DAY_MS, isInstant } from '../input/instant.js';

// An event at midnight, to the millisecond, belongs to the day, month or statement that begins then: a last day is
// included, and an instant is excluded (`before`).

/**
 * Returns a function that computes the calendar day of an instant in a time zone.
 *
 * @param timeZone - an IANA name that the runtime knows
 * @returns a function from an instant, ISO 8601 with a zone, to the day, `YYYY-MM-DD`
 */
export function localDay(timeZone: string): (at: string) => string {
  const format = new Intl.DateTimeFormat('en-u-ca-gregory-nu-latn', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  });
  return (at) => {
    const parts = { year: '', month: '', day: '' };
    for (const { type, value } of format.formatToParts(Date.parse(at))) {
      if (type in parts) parts[type as keyof typeof parts] = value;
    }
    return `${parts.year.padStart(4, '0')}-${parts.month}-${parts.day}`;
  };
}

/**
 * Returns the first instant after a day.
 *
 * @param dayOf - returns the day of an instant, see {@link localDay}
 * @param day - a day of the calendar, `YYYY-MM-DD`
 */
export function endOfDay(dayOf: (at: string) => string, day: string): string {
  // Every zone is less than a day away from UTC.
  let during = Date.parse(`${day}T00:00:00Z`) - DAY_MS;
  // Instants have a year of four digits.
  let after = Math.min(during + 3 * DAY_MS, Date.parse('9999-12-31T23:59:59.999Z'));
  while (after - during > 1) {
    const middle = Math.floor((during + after) / 2);
    if (dayOf(new Date(middle).toISOString()) > day) after = middle;
    else during = middle;
  }
  return new Date(after).toISOString();
}

/**
 * Returns how many events of a stream were recorded before an instant: all events before the first one recorded at it
 * or later. If a clock was set back, later events are excluded too, so that the result is always a prefix of the
 * stream. What a purge leaves is never excluded: it stands for events that were recorded long before.
 */
export function recordedBefore<Event>(
  events: readonly Pick<RecordedEvent<Event>, 'recordedAt' | 'event'>[],
  instant: string,
): number {
  const later = events.findIndex(
    ({ recordedAt, event }) => !isPurge(event) && compareInstants(recordedAt, instant) >= 0,
  );
  return later < 0 ? events.length : later;
}

/**
 * Returns whether a stream had an event by the end of a period, so that a report made again does not count patrons who
 * came later. What a purge leaves stands for earlier events.
 *
 * @param time - the time of an event that counts
 * @param isOver - whether an instant is after the period
 */
export function hadEvents(
  events: readonly RecordedEvent[],
  time: 'at' | 'recordedAt',
  isOver: (instant: string) => boolean,
): boolean {
  return events.some(({ event, recordedAt }) => {
    const instant = time === 'at' ? event.data.at : recordedAt;
    return isPurge(event) || !isInstant(instant) || !isOver(instant);
  });
}

function isPurge(event: unknown): boolean {
  return (event as AccountEvent | null)?.type === 'AccountPurged';
}

/** Returns the number of calendar days between two days, independent of clock changes: 1 from a day to the next. */
export function daysBetween(from: string, to: string): number {
  return (Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / DAY_MS;
}
