import fc from 'fast-check';
import {
  defineCalendar,
  defineFineRule,
  explanationText,
  type FineRuleInput,
  type OverdueLoan,
  overdueFine,
} from 'patron-fees/overdue';
import { expect, it } from 'vitest';
import { englishFineWords } from '../../src/overdue/fineWords.js';
import { lateLoans } from './lateLoans.js';

const weekday = ['09:00-17:00'];
const calendar = defineCalendar({
  timeZone: 'America/New_York',
  openingHours: { monday: weekday, tuesday: weekday, wednesday: weekday, thursday: weekday, friday: weekday },
  closures: [{ from: '2026-03-10', to: '2026-03-11', name: 'Spring break' }, { from: '2026-03-13' }],
});
const textOf = (rule: Partial<FineRuleInput>, loan: Partial<OverdueLoan> = {}) =>
  explanationText(
    overdueFine({
      dueAt: '2026-03-06T17:00-05:00',
      until: '2026-03-17T12:00-04:00',
      rule: defineFineRule({
        currency: 'USD',
        period: { length: 1, unit: 'day' },
        ...(rule.steps ? {} : { amount: '1' }),
        ...rule,
      }),
      calendar,
      ...loan,
    }),
  );

it('every explanation can be written as text, and ends with the fine', () => {
  fc.assert(
    fc.property(lateLoans(), (loan) => {
      const fine = overdueFine(loan);
      const lines = explanationText(fine);
      expect(lines).toHaveLength(fine.explanation.length + 1);
      expect(lines.at(-1)).toBe(`Fine: ${fine.amount} USD.`);
      expect(lines.join('\n')).not.toMatch(/undefined|NaN|null|Infinity/);
    }),
  );
});

it('names the closed days, the effect of grace, and the limit that applied', () => {
  expect(
    textOf(
      {
        closedTime: 'daysExcluded',
        grace: { length: 2, unit: 'day' },
        maximum: '2.50',
        recalled: { amount: '2' },
      },
      { recalledAt: '2026-03-12T09:00-04:00' },
    ),
  ).toEqual([
    'Due Fri 6 Mar 2026, 17:00. Counted until Tue 17 Mar 2026, 12:00.',
    'Closed, not counted: 2 Saturdays, 2 Sundays; Spring break (10 Mar 2026 to 11 Mar 2026); 13 Mar 2026.',
    'Counted: 4 days.',
    'Grace of 2 days: over since Mon 16 Mar 2026, 00:00, so that it is charged too.',
    'Recalled Thu 12 Mar 2026, 09:00: other terms hold for what begins after it; the fine was 0.00 USD then.',
    'Days 1 to 2: 2 x 1.00 = 2.00 USD.',
    'Days 3 to 4, at the rate of a recall: 2 x 2.00 = 4.00 USD.',
    'At most 2.50 USD: -3.50 USD.',
    'Fine: 2.50 USD.',
  ]);
});

it('has texts for hours, prices, periods of several units, and a single unit', () => {
  expect(
    textOf(
      { period: { length: 3, unit: 'hour' }, closedTime: 'hoursExcluded', priceCap: { percent: 50 } },
      { price: '3', until: '2026-03-09T12:00:30-04:00' },
    ),
  ).toEqual([
    'Due Fri 6 Mar 2026, 17:00. Counted until Mon 9 Mar 2026, 12:00.',
    'Closed, not counted: 1 Saturday, 1 Sunday.',
    'Counted: 180 minutes of opening hours.',
    'Period 1 of 3 hours: 1 x 1.00 = 1.00 USD.',
    'Fine: 1.00 USD.',
  ]);
  expect(textOf({ priceCap: { percent: 50 } }, { price: '3' }).at(-2)).toBe(
    "At most 1.50 USD, because of the item's price: -9.50 USD.",
  );
});

it('explains why nothing is charged', () => {
  expect(textOf({}, { until: '2026-03-06T12:00:00-05:00' })).toEqual([
    'Not late: due Fri 6 Mar 2026, 17:00, counted until Fri 6 Mar 2026, 12:00.',
    'Fine: 0.00 USD.',
  ]);
  expect(textOf({ grace: { length: 30, unit: 'day' } })).toContain(
    'Grace of 30 days: nothing is charged before Mon 6 Apr 2026, 00:00.',
  );
  const never = defineCalendar({ timeZone: 'UTC', openingHours: {} });
  expect(
    textOf({ grace: { length: 1, unit: 'day' }, closedTime: 'daysExcluded' }, { calendar: never }),
  ).toContain('Grace of 1 day: it has not ended, since the library has not been open for so long.');
});

it('mentions moved dates, excluded time, seconds if they count, and a recall of the whole time', () => {
  const moved = textOf(
    {
      closedTime: 'daysExcluded',
      closedDueDate: 'movesToNextOpenDay',
      grace: { length: 1, unit: 'day', mode: 'excluded' },
    },
    { dueAt: '2026-03-07T12:00-05:00' },
  );
  expect(moved[0]).toBe(
    'Due Mon 9 Mar 2026, 12:00 (moved from Sat 7 Mar 2026, 12:00, when it was closed). Counted until Tue 17 Mar 2026, 12:00.',
  );
  expect(moved).toContain('Grace of 1 day: over since Mon 16 Mar 2026, 00:00, and not charged.');
  expect(textOf({ precision: 'second' }, { until: '2026-03-07T12:00:30-05:00' })[0]).toContain('12:00:30');
  const whole = textOf(
    { recalled: { charges: 'allPeriods', amount: '2' } },
    { recalledAt: '2026-03-09T12:00-04:00' },
  );
  expect(whole).toContain(
    'Recalled Mon 9 Mar 2026, 12:00: other terms hold for the whole time; the fine was 3.00 USD then.',
  );
});

it('is written in other words, with the form of a phrase that suits the number', () => {
  const fine = overdueFine({
    dueAt: '2026-03-02T12:00Z',
    until: '2026-03-05T12:00Z',
    rule: defineFineRule({ currency: 'EUR', amount: '0.50', period: { length: 1, unit: 'day' } }),
    calendar: defineCalendar({ timeZone: 'UTC' }),
  });
  const polish = {
    ...englishFineWords,
    language: 'pl',
    decimalSign: ',' as const,
    lengths: {
      ...englishFineWords.lengths,
      day: { one: '{count} dzień', few: '{count} dni (few)', many: '{count} dni', other: '{count} dnia' },
    },
    periods: { ...englishFineWords.periods, day: { other: 'Dni {from}-{to}' } },
  };
  expect(explanationText(fine, { words: polish })).toEqual([
    'Due Mon 2 Mar 2026, 12:00. Counted until Thu 5 Mar 2026, 12:00.',
    'Counted: 3 dni (few).',
    'Dni 1-3: 3 x 0,50 = 1,50 EUR.',
    'Fine: 1,50 EUR.',
  ]);
});
