import { defineCalendar, defineFineRule, nextChange } from 'patron-fees/overdue';
import { expect, it } from 'vitest';

const calendar = defineCalendar({
  timeZone: 'America/New_York',
  openingHours: { friday: ['09:00-17:00'], monday: ['09:00-17:00'] },
});
const rule = (more: object = {}) =>
  defineFineRule({
    currency: 'USD',
    amount: '1',
    period: { length: 1, unit: 'hour' },
    closedTime: 'hoursExcluded',
    ...more,
  });
const dueAt = '2026-03-06T16:30-05:00';

it('skips closed time', () => {
  expect(nextChange({ dueAt, until: '2026-03-06T16:45-05:00', rule: rule(), calendar })).toEqual({
    at: '2026-03-09T09:31:00-04:00',
    amount: '2.00',
  });
  expect(
    nextChange({ dueAt, until: '2026-03-06T16:45-05:00', rule: rule({ charged: 'completed' }), calendar }),
  ).toEqual({
    at: '2026-03-09T09:30:00-04:00',
    amount: '1.00',
  });
});

it('skips periods that cost nothing, and is null after the last one that costs something', () => {
  const steps = [
    { from: 1, to: 1, amount: '1' },
    { from: 3, to: 3, amount: '1' },
  ];
  const stepped = defineFineRule({ currency: 'USD', steps, period: { length: 1, unit: 'day' } });
  const at = (until: string) => nextChange({ dueAt, until, rule: stepped, calendar })?.at ?? null;
  expect(at('2026-03-07T12:00-05:00')).toBe('2026-03-09T00:00:00-04:00');
  expect(at('2026-03-09T12:00-04:00')).toBeNull();
});
