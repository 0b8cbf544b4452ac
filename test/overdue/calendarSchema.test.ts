import * as v from 'valibot';
import { expect, it } from 'vitest';
import { calendarSchema } from '../../src/overdue/calendarSchema.js';

it('a calendar needs only a time zone; the rest has defaults', () => {
  expect(v.parse(calendarSchema, { timeZone: 'UTC' })).toEqual({
    timeZone: 'UTC',
    openingHours: 'always',
    closures: [],
    specialHours: [],
  });
});

it('openings may touch, within a day and across midnight', () => {
  const openingHours = { sunday: ['20:00-04:00'], monday: ['04:00-08:00', '08:00-12:00'] };
  expect(v.is(calendarSchema, { timeZone: 'UTC', openingHours })).toBe(true);
});
