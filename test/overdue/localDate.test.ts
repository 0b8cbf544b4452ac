import { Temporal } from 'temporal-polyfill';
import { expect, it } from 'vitest';
import {
  dateOf,
  dayOf,
  dayOfParts,
  LAST_DAY,
  weekdayOf,
  weekdays,
  yearOf,
} from '../../src/overdue/localDate.js';

it('computes days, dates, years and weekdays by the calendar', () => {
  for (const date of [
    '0001-01-01',
    '0099-12-31',
    '1900-03-01',
    '1969-12-31',
    '1970-01-01',
    '2024-02-29',
    '9999-12-31',
  ]) {
    const plain = Temporal.PlainDate.from(date);
    const day = dayOf(date);
    expect(dateOf(day)).toBe(date);
    expect(dayOfParts(plain.year, plain.month, plain.day)).toBe(day);
    expect(yearOf(day)).toBe(plain.year);
    expect(weekdayOf(day) + 1, date).toBe(plain.dayOfWeek);
  }
  expect(dateOf(LAST_DAY)).toBe('9999-12-31');
  expect(weekdays[weekdayOf(dayOf('2026-03-08'))]).toBe('sunday');
});
