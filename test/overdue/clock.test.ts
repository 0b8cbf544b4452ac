import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clockFor, sameTime } from '../../src/overdue/clock.js';
import { defineCalendar, definedSchedule } from '../../src/overdue/defineCalendar.js';
import { dayOf } from '../../src/overdue/localDate.js';
import { calendarsAround } from './calendars.js';

const kinds = [
  { measure: 'time', unit: 'minute', closedTime: 'counted' },
  { measure: 'time', unit: 'minute', closedTime: 'hoursExcluded' },
  { measure: 'time', unit: 'day', closedTime: 'daysExcluded' },
  { measure: 'time', unit: 'month', closedTime: 'counted' },
  { measure: 'calendarDays', unit: 'day', closedTime: 'daysExcluded' },
  { measure: 'calendarDays', unit: 'month', closedTime: 'counted' },
  { measure: 'wholeHours', unit: 'hour', closedTime: 'daysExcluded' },
] as const;

describe.each(kinds)('a clock that measures %j', (kind) => {
  it('returns the instant at which a number of units is reached, to the millisecond', () => {
    fc.assert(
      fc.property(
        calendarsAround('2026-03-08'),
        fc.integer({ min: -20_000, max: 20_000 }),
        fc.integer({ min: 1, max: 40 }),
        (calendar, minutes, units) => {
          const { clock } = clockFor(definedSchedule(defineCalendar(calendar)), kind);
          const from = Date.parse('2026-03-08T12:00Z') + minutes * 60_000;
          const completed = clock.whenCompleted(from, units);
          const begun = clock.whenBegun(from, units);
          if (completed === undefined || begun === undefined) {
            const { completed: ever } = clock.passed(from, Date.parse('2200-01-01T00:00Z'));
            expect(ever).toBeLessThan(units);
            return;
          }
          expect(begun).toBeLessThanOrEqual(completed);
          expect(clock.passed(from, completed).completed).toBe(units);
          expect(clock.passed(from, completed - 1).completed).toBe(units - 1);
          expect(clock.passed(from, begun).begun).toBeGreaterThanOrEqual(units);
          expect(clock.passed(from, begun - 1).begun).toBe(units - 1);
          expect(clock.passed(from, from)).toEqual({ completed: 0, begun: 0 });
        },
      ),
    );
  });
});

describe('a clock that never reaches a number of units', () => {
  const lastDays = Date.parse('9999-11-20T12:00Z');

  it('returns undefined where the library never opens again', () => {
    const never = definedSchedule(defineCalendar({ timeZone: 'UTC', openingHours: {} }));
    const { clock } = clockFor(never, { measure: 'time', unit: 'day', closedTime: 'daysExcluded' });
    const from = Date.parse('2026-03-02T12:00Z');
    expect(clock.whenCompleted(from, 1)).toBeUndefined();
    expect(clock.whenBegun(from, 2)).toBeUndefined();
  });

  it('returns undefined where a month would end after the year 9999', () => {
    const schedule = definedSchedule(defineCalendar({ timeZone: 'UTC' }));
    const { clock } = clockFor(schedule, { measure: 'calendarDays', unit: 'month', closedTime: 'counted' });
    expect(clock.whenCompleted(lastDays, 1)).toBe(Date.parse('9999-12-20T00:00Z'));
    expect(clock.whenCompleted(lastDays, 2)).toBeUndefined();
    expect(clock.whenBegun(lastDays, 2)).toBe(Date.parse('9999-12-21T00:00Z'));
    expect(clock.whenBegun(lastDays, 3)).toBeUndefined();
  });
});

it('returns the same local time on another day', () => {
  const { zone } = definedSchedule(defineCalendar({ timeZone: 'America/New_York' }));
  const noon = Date.parse('2026-03-07T12:00-05:00');
  expect(sameTime(zone, noon, dayOf('2026-03-08'))).toBe(Date.parse('2026-03-08T12:00-04:00'));
});
