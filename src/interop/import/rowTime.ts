import type { DayOrder } from '../../job/dayOrder.js';

/** A point in time, in two forms. */
export type ForeignTime = {
  /** ISO 8601 in UTC with milliseconds. */
  readonly at: string;
  /** Milliseconds since 1970, for sorting; may be later than `at` where the rows cannot be in the order of their times. */
  readonly ms: number;
};

const pattern =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?\s?(Z|[+-]\d{2}(?::?\d{2})?)?)?$/;

/** The first and the last millisecond that an event's time can have here. */
const MS_MIN = Date.UTC(1900, 0, 1);
const MS_MAX = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

/**
 * Returns a function that reads times as databases and JSON write them: ISO 8601, with `T` or a space, with any zone
 * (`Z`, `-04`, `+0000`, `+01:00`) or none, or a date alone; or a `Date`.
 *
 * @param timeZone - the zone of times without one, an IANA name
 * @param dayOrder - the order of dates that are read too
 */
export function rowTimes(timeZone: string, dayOrder?: DayOrder): (value: unknown) => ForeignTime | undefined {
  const offset = timeZone === 'UTC' ? () => 0 : zoneOffset(timeZone);
  const isoOf = dayOrder === undefined ? (text: string) => text : isoDates(dayOrder);
  return (value) => {
    if (value instanceof Date) return inTimeLimits(value.getTime());
    const text = typeof value === 'string' && value.length <= 50 ? isoOf(value.trim()) : '';
    const match = pattern.exec(text);
    if (match === null) return undefined;
    const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '', zone] = match;
    const [y, mo, d] = [Number(year), Number(month), Number(day)];
    const local = Date.UTC(y, mo - 1, d, Number(hour), Number(minute), Number(second));
    const read = new Date(local);
    // Date.UTC reads the 31st of February as the 3rd of March, and 25:00 as the next day.
    const isReal = read.getUTCMonth() === mo - 1 && read.getUTCDate() === d && Number(hour) < 24;
    if (!isReal || Number(minute) > 59 || Number(second) > 59) return undefined;
    const ms = local + Number(fraction.slice(0, 3).padEnd(3, '0'));
    return inTimeLimits(zone === undefined ? toUtc(ms, offset) : ms - offsetOf(zone));
  };
}

/** Returns a function that writes dates of an order as ISO 8601 does, and leaves any other text. */
function isoDates(dayOrder: DayOrder): (text: string) => string {
  const date = dayOrder
    .replace(/[./-]/g, '\\$&')
    .replace('YYYY', '(?<year>\\d{4})')
    .replace('MM', '(?<month>\\d{1,2})')
    .replace('DD', '(?<day>\\d{1,2})');
  // Spreadsheets write 9:05.
  const written = new RegExp(`^${date}(?:(?<sign>[T ])(?<hour>\\d{1,2})(?<rest>:.*))?$`);
  return (text) => {
    const parts = written.exec(text)?.groups;
    if (parts === undefined) return text;
    const { year, month = '', day = '', sign = '', hour = '', rest = '' } = parts;
    const time = hour === '' ? '' : sign + hour.padStart(2, '0') + rest;
    return `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}${time}`;
  };
}

function inTimeLimits(ms: number): ForeignTime | undefined {
  return ms >= MS_MIN && ms <= MS_MAX ? { at: new Date(ms).toISOString(), ms } : undefined;
}

function offsetOf(zone: string): number {
  if (zone === 'Z') return 0;
  const minutes =
    Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2).padStart(2, '0')) * (zone.length > 3 ? 1 : 0);
  return (zone.startsWith('-') ? -1 : 1) * minutes * 60_000;
}

/** Converts a local time. One that a clock change skips or repeats is read with the offset before the change. */
function toUtc(local: number, offset: (ms: number) => number): number {
  const first = local - offset(local - 86_400_000);
  return offset(first) === offset(local - 86_400_000) ? first : laterOffset(local, first, offset);
}

function laterOffset(local: number, first: number, offset: (ms: number) => number): number {
  const second = local - offset(first);
  return offset(second) === offset(first) ? second : first;
}

/** Returns a function that computes the offset of a zone from UTC at an instant, in milliseconds. */
function zoneOffset(timeZone: string): (ms: number) => number {
  const format = new Intl.DateTimeFormat('en-u-ca-gregory-nu-latn', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  return (ms) => {
    const parts: Partial<Record<Intl.DateTimeFormatPartTypes, number>> = {};
    for (const { type, value } of format.formatToParts(ms)) parts[type] = Number(value);
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
    return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(ms / 1000) * 1000;
  };
}
