import { expect, it } from 'vitest';
import { defineCalendar, definedSchedule } from '../../src/overdue/defineCalendar.js';
import { dateOf, dayOf } from '../../src/overdue/localDate.js';
import {
  firstEndingFrom,
  neverClosed,
  wholeDay,
  withHours,
  yearlyDayIn,
} from '../../src/overdue/schedule.js';

const schedule = definedSchedule(
  defineCalendar({
    timeZone: 'UTC',
    openingHours: { monday: ['09:00-17:00'] },
    closures: [
      { from: '2026-03-09', to: '2026-03-20', name: 'Break' },
      { from: '2026-03-15', to: '2026-03-15' },
      { everyYear: '02-29' },
    ],
    specialHours: [{ from: '2026-03-01', to: '2026-03-31', hours: ['10:00-11:00'], name: 'Spring' }],
  }),
);

it('unusual days are divided into ranges without overlaps; the later entry of a list wins', () => {
  expect(schedule.stretches.map(({ from, to, name }) => [dateOf(from), dateOf(to), name])).toEqual([
    ['2026-03-01', '2026-03-08', 'Spring'],
    ['2026-03-09', '2026-03-14', 'Break'],
    ['2026-03-15', '2026-03-15', undefined],
    ['2026-03-16', '2026-03-20', 'Break'],
    ['2026-03-21', '2026-03-31', 'Spring'],
  ]);
  expect(firstEndingFrom(schedule.stretches, dayOf('2026-03-15'))).toBe(2);
  expect(firstEndingFrom(schedule.stretches, dayOf('2026-04-01'))).toBe(5);
  expect(schedule.stretchOf(dayOf('2026-02-28'))).toBeUndefined();
});

it('a yearly closure of 29 February exists in leap years', () => {
  const leapDay = { month: 2, day: 29 };
  expect(yearlyDayIn(2027, leapDay)).toBeUndefined();
  expect(yearlyDayIn(2028, leapDay)).toBe(dayOf('2028-02-29'));
  expect(schedule.yearlyClosureOn(dayOf('2028-02-29'))).toEqual(leapDay);
});

it('the hours of every day can be replaced', () => {
  const whole = withHours(schedule, (openings) => (openings.length > 0 ? wholeDay : []));
  expect(whole.hoursOn(dayOf('2026-03-02')).openings).toBe(wholeDay);
  expect(whole.hoursOn(dayOf('2026-03-10')).openings).toEqual([]);
  expect(neverClosed(schedule).hoursOn(dayOf('2026-03-10')).openings).toBe(wholeDay);
});
