import { DAY_MS } from '../input/instant.js';
/** The last day whose date has a year of four digits. Searches end there. */
export const LAST_DAY = 2_932_896;

/** Returns the days since 1970-01-01 of a date, `YYYY-MM-DD`. */
export function dayOf(date: string): number {
  return Date.parse(`${date}T00:00:00Z`) / DAY_MS;
}

/**
 * Returns the days since 1970-01-01 of a day of a month. A day that the month does not have runs into the next month.
 */
export function dayOfParts(year: number, month: number, day: number): number {
  // `Date.UTC` treats years below 100 as years of the twentieth century.
  return new Date(0).setUTCFullYear(year, month - 1, day) / DAY_MS;
}

/** Returns the date of a day, `YYYY-MM-DD`. Years without four digits are written in the extended form of ISO 8601. */
export function dateOf(day: number): string {
  return new Date(day * DAY_MS).toISOString().split('T', 1)[0] as string;
}

/** Returns the year of a day. */
export function yearOf(day: number): number {
  return new Date(day * DAY_MS).getUTCFullYear();
}

/** The weekdays in the order of their numbers. */
export const weekdays = [
  'monday',
  'tuesday',
  'wednesday',
  'thursday',
  'friday',
  'saturday',
  'sunday',
] as const;

/** A day of the week. */
export type Weekday = 'monday' | 'tuesday' | 'wednesday' | 'thursday' | 'friday' | 'saturday' | 'sunday';

/** Returns the number of a day's weekday: 0 is Monday, 6 is Sunday. */
export function weekdayOf(day: number): number {
  // 1970-01-01 was a Thursday.
  return (((day + 3) % 7) + 7) % 7;
}

/** The minutes of a day of 24 hours. */
export const DAY_MINUTES = 1440;

/** A time when a library is open, in local minutes since midnight of the day on which it begins. */
export type Opening = {
  /** Its beginning, below 1440. */
  readonly from: number;
  /** Its end; above 1440 if it extends past midnight. */
  readonly to: number;
  /** The opening as text, e.g. `"09:00-17:00"`. */
  readonly text: string;
};

const pattern = /^([01]\d|2[0-3]):([0-5]\d)-(?:([01]\d|2[0-3]):([0-5]\d)|24:00)$/;

/** Parses an opening; returns `undefined` for invalid text. */
export function readOpening(text: string): Opening | undefined {
  const match = pattern.exec(text);
  if (!match) return undefined;
  const from = Number(match[1]) * 60 + Number(match[2]);
  const end = match[3] === undefined ? DAY_MINUTES : Number(match[3]) * 60 + Number(match[4]);
  if (end === from) return undefined;
  return { from, to: end > from ? end : end + DAY_MINUTES, text };
}
