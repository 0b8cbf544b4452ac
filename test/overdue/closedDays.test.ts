import fc from 'fast-check';
import { expect, it } from 'vitest';
import { closedDays } from '../../src/overdue/closedDays.js';
import { defineCalendar, definedSchedule } from '../../src/overdue/defineCalendar.js';
import { dayOf } from '../../src/overdue/localDate.js';
import { calendarsAround } from './calendars.js';

const sum = (list: readonly { readonly days: number }[]) => list.reduce((total, { days }) => total + days, 0);

it('every closed day is listed once: by its weekday or by a closure', () => {
  const dates = fc.constantFrom('2011-12-30', '2026-03-08', '2024-02-28');
  fc.assert(
    fc.property(
      dates.chain((date) => fc.tuple(fc.constant(date), calendarsAround(date))),
      fc.integer({ min: -30, max: 0 }),
      fc.integer({ min: 0, max: 60 }),
      ([date, calendar], first, length) => {
        const schedule = definedSchedule(defineCalendar(calendar));
        const from = dayOf(date) + first;
        const { days, weekly, closures } = closedDays(schedule, from, from + length);
        expect(sum(weekly) + sum(closures)).toBe(days);
      },
    ),
  );
});

it('closures have their names, are clipped to the requested time, and are ordered by date', () => {
  const schedule = definedSchedule(
    defineCalendar({
      timeZone: 'UTC',
      openingHours: {
        saturday: ['09:00-12:00'],
        sunday: [],
        monday: ['09:00-12:00'],
        wednesday: ['09:00-10:00'],
      },
      closures: [
        { from: '2026-03-01', to: '2026-03-08', name: 'Break' },
        { everyYear: '03-09', name: 'Saint' },
      ],
    }),
  );
  expect(closedDays(schedule, dayOf('2026-03-07'), dayOf('2026-03-12'))).toEqual({
    days: 4,
    weekly: [{ weekday: 'tuesday', days: 1 }],
    closures: [
      { from: '2026-03-07', to: '2026-03-08', days: 2, name: 'Break' },
      { from: '2026-03-09', to: '2026-03-09', days: 1, name: 'Saint' },
    ],
  });
});

it('a yearly closure on a day that a zone skipped is not listed', () => {
  const openingHours = { friday: ['18:00-02:00'] };
  const closures = [{ everyYear: '12-30', name: 'Holiday' }];
  const schedule = definedSchedule(defineCalendar({ timeZone: 'Pacific/Apia', openingHours, closures }));
  const [day, yearBefore] = [dayOf('2011-12-30'), dayOf('2010-12-30')];
  expect(closedDays(schedule, day, day + 1)).toEqual({ days: 0, weekly: [], closures: [] });
  expect(closedDays(schedule, yearBefore, yearBefore + 1)).toMatchObject({ days: 1 });
});

it('a day that a zone skipped is neither open nor closed', () => {
  const day = ['09:00-12:00'];
  const openingHours = {
    monday: day,
    tuesday: day,
    wednesday: day,
    thursday: day,
    saturday: day,
    sunday: day,
  };
  const schedule = definedSchedule(defineCalendar({ timeZone: 'Pacific/Apia', openingHours }));
  // A Friday.
  const [from, before] = [dayOf('2011-12-29'), dayOf('2012-01-07')];
  expect(closedDays(schedule, from, before)).toEqual({
    days: 1,
    weekly: [{ weekday: 'friday', days: 1 }],
    closures: [],
  });
});

it('a yearly closure needs no name', () => {
  const schedule = definedSchedule(defineCalendar({ timeZone: 'UTC', closures: [{ everyYear: '12-25' }] }));
  expect(closedDays(schedule, dayOf('2026-12-20'), dayOf('2027-01-01')).closures).toEqual([
    { from: '2026-12-25', to: '2026-12-25', days: 1 },
  ]);
});

it('a day that the zone skipped within a closure is not counted', () => {
  const openingHours = { thursday: ['09:00-12:00'], friday: ['09:00-12:00'], saturday: ['09:00-12:00'] };
  const closures = [{ from: '2011-12-28', to: '2012-01-01', name: 'Break' }];
  const schedule = definedSchedule(defineCalendar({ timeZone: 'Pacific/Apia', openingHours, closures }));
  const { closures: listed } = closedDays(schedule, dayOf('2011-12-29'), dayOf('2012-01-01'));
  expect(listed).toEqual([{ from: '2011-12-29', to: '2011-12-31', days: 2, name: 'Break' }]);
});
