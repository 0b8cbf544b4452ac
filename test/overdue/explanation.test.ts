import { defineCalendar, defineFineRule, overdueFine } from 'patron-fees/overdue';
import { expect, it } from 'vitest';

it('an explanation is plain data, with everything a clerk reads in the fields of its lines', () => {
  const rule = defineFineRule({
    currency: 'USD',
    steps: [
      { from: 1, to: 1, amount: '5' },
      { from: 2, amount: '2' },
    ],
    period: { length: 1, unit: 'hour' },
    grace: { length: 10, unit: 'minute' },
    maximum: '8',
  });
  const { explanation } = overdueFine({
    dueAt: '2026-03-02T14:00Z',
    until: '2026-03-02T16:30Z',
    rule,
    calendar: defineCalendar({ timeZone: 'America/New_York' }),
  });
  expect(explanation).toEqual([
    { kind: 'late', amount: '0.00', dueAt: '2026-03-02T09:00:00-05:00', until: '2026-03-02T11:30:00-05:00' },
    { kind: 'counted', amount: '0.00', number: 150, unit: 'minute', withinOpeningHours: false },
    {
      kind: 'grace',
      amount: '0.00',
      grace: { length: 10, unit: 'minute' },
      endsAt: '2026-03-02T09:10:00-05:00',
      outcome: 'exceeded',
    },
    {
      kind: 'periods',
      amount: '5.00',
      from: 1,
      to: 1,
      each: '5.00',
      period: { length: 1, unit: 'hour' },
      recalled: false,
    },
    {
      kind: 'periods',
      amount: '4.00',
      from: 2,
      to: 3,
      each: '2.00',
      period: { length: 1, unit: 'hour' },
      recalled: false,
    },
    { kind: 'maximum', amount: '-1.00', limit: '8.00' },
  ]);
});
