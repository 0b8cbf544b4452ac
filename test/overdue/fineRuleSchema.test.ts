import * as v from 'valibot';
import { expect, it } from 'vitest';
import { amountOrZero, graceMeasure } from '../../src/overdue/fineRuleSchema.js';

it('an amount may be zero, in the form of its currency', () => {
  expect(v.parse(amountOrZero('USD'), '0')).toBe('0.00');
  expect(v.parse(amountOrZero('JPY'), '0')).toBe('0');
  expect(v.parse(amountOrZero('KWD'), '1.5')).toBe('1.500');
  for (const text of ['00', '-1', '1e3', 0, null])
    expect(v.is(amountOrZero('USD'), text), String(text)).toBe(false);
});

it('grace is measured as the fine is, as far as its unit can be', () => {
  expect(graceMeasure('calendarDays', 'day')).toBe('calendarDays');
  expect(graceMeasure('calendarDays', 'hour')).toBe('time');
  expect(graceMeasure('wholeHours', 'hour')).toBe('wholeHours');
  expect(graceMeasure('wholeHours', 'day')).toBe('time');
});
