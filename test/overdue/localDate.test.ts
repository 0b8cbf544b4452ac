import { Temporal } from 'temporal-polyfill';
import { expect, it } from 'vitest';
import {
  dateOf,
  dayOf,
  dayOfParts,
  LAST_DAY,
  readOpening,
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

it('an opening is read in minutes, even past midnight', () => {
  expect(readOpening('09:00-17:30')).toEqual({ from: 540, to: 1050, text: '09:00-17:30' });
  expect(readOpening('18:00-02:00')).toMatchObject({ from: 1080, to: 1560 });
  expect(readOpening('00:00-24:00')).toMatchObject({ from: 0, to: 1440 });
  expect(readOpening('18:00-00:00')).toMatchObject({ from: 1080, to: 1440 });
});

it.each([
  '9:00-17:00',
  '09:00',
  '09:00-24:01',
  '24:00-25:00',
  '09:60-10:00',
  '09:00-09:00',
  '09:00 - 17:00',
  '',
])('returns undefined for an invalid opening: %s', (text) => expect(readOpening(text)).toBeUndefined());
