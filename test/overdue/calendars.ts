import fc from 'fast-check';
import type { LibraryCalendarInput, WeeklyHours } from 'patron-fees/overdue';
import { weekdays } from '../../src/overdue/localDate.js';

/** Zones with unusual clock changes in the years that the calendars of these tests cover. */
export const oddZones = [
  'UTC',
  'America/New_York',
  'Australia/Lord_Howe',
  'Pacific/Apia',
  'Africa/Casablanca',
  'America/Sao_Paulo',
  'America/St_Johns',
  'Africa/Cairo',
] as const;

const day = fc.constantFrom<readonly string[]>(
  [],
  [],
  ['09:00-17:00'],
  ['09:00-12:00', '13:30-18:30'],
  ['00:00-24:00'],
  ['01:30-02:15', '02:15-02:45', '03:00-08:00'],
  ['00:30-23:59'],
);

/** Some days end past midnight, and the next day begins later than that. */
const lateDay = fc.constantFrom<readonly string[]>(
  [],
  ['18:00-02:00'],
  ['10:00-12:00', '22:00-02:30'],
  ['09:00-03:00'],
);

function weekOf(days: fc.Arbitrary<readonly string[]>): fc.Arbitrary<WeeklyHours> {
  return fc
    .array(days, { minLength: 7, maxLength: 7 })
    .map((list) => Object.fromEntries(weekdays.map((weekday, index) => [weekday, list[index]])));
}

export const weeks = fc.oneof(weekOf(day), weekOf(lateDay));

/** Dates near one, `YYYY-MM-DD`. */
export const datesAround = (date: string, days: number) =>
  fc
    .integer({ min: -days, max: days })
    .map((offset) => new Date(Date.parse(date) + offset * 86_400_000).toISOString().slice(0, 10));

const ranges = (around: string) =>
  fc
    .tuple(datesAround(around, 20), datesAround(around, 20))
    .map(([a, b]) => (a <= b ? { from: a, to: b } : { from: b, to: a }));

/** Calendars with closures and special hours around a date. */
export function calendarsAround(
  date: string,
  zones: readonly string[] = oddZones,
): fc.Arbitrary<LibraryCalendarInput> {
  return fc.record({
    timeZone: fc.constantFrom(...zones),
    openingHours: fc.oneof(fc.constant('always' as const), weeks),
    closures: fc.array(
      fc.oneof(
        datesAround(date, 20).map((from) => ({ from, name: 'Closed' })),
        ranges(date),
        datesAround(date, 20).map((each) => ({ everyYear: each.slice(5), name: 'Holiday' })),
      ),
      { maxLength: 4 },
    ),
    specialHours: fc.array(
      fc.tuple(ranges(date), fc.oneof(day, lateDay, weeks)).map(([range, hours]) => ({ ...range, hours })),
      { maxLength: 3 },
    ),
  });
}
