import { describe, expect, it } from 'vitest';
import { defineCalendar, definedSchedule, openingsOn } from '../../src/overdue/defineCalendar.js';
import type { LibraryCalendarInput } from '../../src/overdue/libraryCalendar.js';

const timeZone = 'Europe/Vienna';

/** The faults of a calendar: where, and what was expected. */
function faultsOf(input: unknown): readonly string[] {
  try {
    defineCalendar(input as LibraryCalendarInput);
  } catch (error) {
    const { code, details } = error as {
      code: string;
      details: { faults: { path: string; expected: string }[] };
    };
    expect(code).toBe('INVALID_ARGUMENT');
    return details.faults.map(({ path }) => path);
  }
  return [];
}

describe('a calendar', () => {
  it('is complete and frozen, and leaves its input unchanged', () => {
    const input = Object.freeze({ timeZone, openingHours: { monday: ['09:00-17:00'] } });
    const calendar = defineCalendar(input);
    expect(calendar).toEqual({
      timeZone,
      openingHours: { monday: ['09:00-17:00'] },
      closures: [],
      specialHours: [],
    });
    expect(Object.isFrozen((calendar.openingHours as { monday: string[] }).monday)).toBe(true);
    expect(Object.isFrozen(input.openingHours.monday)).toBe(false);
    expect(defineCalendar({ timeZone }).openingHours).toBe('always');
  });

  it('can be kept as JSON', () => {
    const calendar = defineCalendar({ timeZone, closures: [{ everyYear: '12-25', name: 'Christmas Day' }] });
    const kept = JSON.parse(JSON.stringify(calendar));
    expect(defineCalendar(kept)).toEqual(calendar);
    expect(openingsOn(kept, '2026-12-25').open).toBe(false);
    expect(definedSchedule(calendar)).toBe(definedSchedule(calendar));
  });

  it.each<[string, unknown, readonly string[]]>([
    ['nothing', undefined, ['calendar']],
    ['no time zone', {}, ['calendar.timeZone']],
    ['an offset', { timeZone: '+01:00' }, ['calendar.timeZone']],
    ['another word than always', { timeZone, openingHours: 'never' }, ['calendar.openingHours']],
    [
      'a weekday that does not exist',
      { timeZone, openingHours: { funday: [] } },
      ['calendar.openingHours.funday'],
    ],
    [
      'openings that cannot be read',
      {
        timeZone,
        openingHours: { monday: ['9-17'], friday: ['09:00-25:00', '24:00-25:00', '10:00-10:00', 7] },
      },
      [
        'calendar.openingHours.monday[0]',
        ...[0, 1, 2, 3].map((index) => `calendar.openingHours.friday[${index}]`),
      ],
    ],
    [
      'openings that overlap',
      { timeZone, openingHours: { monday: ['09:00-12:00', '11:00-17:00'] } },
      ['calendar.openingHours.monday'],
    ],
    [
      'openings in another order than the day',
      { timeZone, openingHours: { monday: ['13:00-17:00', '09:00-12:00'] } },
      ['calendar.openingHours.monday'],
    ],
    [
      'an opening past midnight in the middle of a day',
      { timeZone, openingHours: { monday: ['09:00-08:00', '10:00-12:00'] } },
      ['calendar.openingHours.monday'],
    ],
    [
      'an opening past midnight into the next one, Sunday to Monday too',
      { timeZone, openingHours: { sunday: ['09:00-05:00'], monday: ['04:00-12:00'] } },
      ['calendar.openingHours.sunday'],
    ],
    [
      'dates that do not exist',
      { timeZone, closures: [{ from: '2026-02-29' }] },
      ['calendar.closures[0].from'],
    ],
    [
      'a yearly date that never exists',
      { timeZone, closures: [{ everyYear: '02-30' }] },
      ['calendar.closures[0].everyYear'],
    ],
    [
      'ranges that end before they begin',
      {
        timeZone,
        closures: [{ from: '2026-03-02', to: '2026-03-01' }],
        specialHours: [{ from: '2026-03-02', to: '2026-03-01', hours: [] }],
      },
      ['calendar.closures[0].to', 'calendar.specialHours[0].to'],
    ],
    [
      'special hours that overlap themselves',
      { timeZone, specialHours: [{ from: '2026-03-02', hours: ['09:00-10:00', '11:00-10:00'] }] },
      ['calendar.specialHours[0].hours'],
    ],
    [
      'special hours without hours',
      { timeZone, specialHours: [{ from: '2026-03-02' }] },
      ['calendar.specialHours[0].hours'],
    ],
    ['a field that does not exist', { timeZone, holidays: [] }, ['calendar.holidays']],
    ['a list as a closure', { timeZone, closures: [[]] }, ['calendar.closures[0]']],
  ])('is refused with %s, and the error names the field', (_what, input, paths) => {
    expect(faultsOf(input)).toEqual(paths);
  });
});

describe('the hours of a date', () => {
  const calendar = defineCalendar({
    timeZone,
    openingHours: { friday: ['09:00-17:00'], saturday: ['09:00-12:00', '20:00-02:00'] },
    closures: [
      { everyYear: '12-25', name: 'Christmas Day' },
      { everyYear: '02-29', name: 'Leap day' },
      { from: '2026-08-01', to: '2027-07-31', name: 'Renovation' },
    ],
    specialHours: [
      { from: '2026-06-01', to: '2026-08-31', hours: { friday: ['10:00-12:00'] }, name: 'Summer hours' },
      { from: '2026-06-26', hours: ['10:00-24:00'], name: 'Long night' },
      { from: '2020-12-25', hours: ['10:00-11:00'], name: 'Open house' },
    ],
  });
  const on = (date: string) => {
    const { openings, name } = openingsOn(calendar, date);
    return [...openings, name];
  };

  it('are those of the weekday, unless a closure or special hours apply', () => {
    expect(on('2026-02-28')).toEqual(['09:00-12:00', '20:00-02:00', undefined]);
    expect(on('2026-03-01')).toEqual([undefined]);
    expect(on('2026-06-12')).toEqual(['10:00-12:00', 'Summer hours']);
    expect(on('2026-06-13')).toEqual(['Summer hours']);
  });

  it('are those of the later of two special hours, and empty on a closure', () => {
    expect(on('2026-06-26')).toEqual(['10:00-24:00', 'Long night']);
    expect(on('2026-06-27')).toEqual(['Summer hours']);
    expect(on('2026-07-31')).toEqual(['10:00-12:00', 'Summer hours']);
    expect(on('2026-08-07')).toEqual(['Renovation']);
    expect(on('2027-07-30')).toEqual(['Renovation']);
    expect(on('2027-08-06')).toEqual(['09:00-17:00', undefined]);
  });

  it('are empty on a yearly closure, unless special hours apply', () => {
    expect(on('2031-12-25')).toEqual(['Christmas Day']);
    expect(on('2020-12-25')).toEqual(['10:00-11:00', 'Open house']);
    expect(on('2048-02-29')).toEqual(['Leap day']);
    // A Friday, and the 60th day of a year that has no 29 February.
    expect(on('2047-03-01')).toEqual(['09:00-17:00', undefined]);
  });

  it('are refused for a date that does not exist', () => {
    expect(() => openingsOn(calendar, '2026-02-29')).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT' }),
    );
  });
});
