import * as v from 'valibot';
import { expect, it } from 'vitest';
import { amountOrZero, canonical, graceMeasure } from '../../src/overdue/fineRuleSchema.js';

it('an amount may be zero, and is written with the decimals of its currency', () => {
  expect(canonical('0', 'USD')).toBe('0.00');
  expect(canonical('0', 'JPY')).toBe('0');
  expect(canonical('1.5', 'KWD')).toBe('1.500');
  expect(['0', '0.00', '12', '12.5'].every((text) => v.is(amountOrZero('USD'), text))).toBe(true);
  for (const text of ['00', '0.0', '-1', '1e3', '1.005', 0, null])
    expect(v.is(amountOrZero('USD'), text), String(text)).toBe(false);
});

it('grace is measured like the fine, if its unit allows it', () => {
  expect(graceMeasure('calendarDays', 'day')).toBe('calendarDays');
  expect(graceMeasure('calendarDays', 'hour')).toBe('time');
  expect(graceMeasure('wholeHours', 'hour')).toBe('wholeHours');
  expect(graceMeasure('wholeHours', 'day')).toBe('time');
});
