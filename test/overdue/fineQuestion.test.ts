import { expect, it } from 'vitest';
import { defineCalendar } from '../../src/overdue/defineCalendar.js';
import { defineFineRule } from '../../src/overdue/defineFineRule.js';
import { fineQuestion, tickOf } from '../../src/overdue/fineQuestion.js';

it('cuts times to minutes or seconds, as the rule says', () => {
  const of = (precision: 'minute' | 'second') => {
    const rule = defineFineRule({
      currency: 'USD',
      amount: '1',
      period: { length: 1, unit: 'day' },
      precision,
    });
    const loan = { dueAt: '2026-03-02T12:00:30.9Z', until: '2026-03-02T12:00:59Z', rule };
    const question = fineQuestion({ ...loan, calendar: defineCalendar({ timeZone: 'UTC' }) });
    return [tickOf(rule), new Date(question.dueAt).toISOString(), question.recalledAt];
  };
  expect(of('minute')).toEqual([60_000, '2026-03-02T12:00:00.000Z', Number.POSITIVE_INFINITY]);
  expect(of('second')).toEqual([1_000, '2026-03-02T12:00:30.000Z', Number.POSITIVE_INFINITY]);
});
