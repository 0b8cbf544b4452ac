import { defineCalendar, defineFineRule } from 'patron-fees/overdue';
import { expect, it } from 'vitest';
import { assess } from '../../src/overdue/assessment.js';
import { fineQuestion } from '../../src/overdue/fineQuestion.js';

const rule = defineFineRule({
  currency: 'USD',
  amount: '1',
  period: { length: 1, unit: 'day' },
  maximum: '2',
  recalled: { steps: [{ from: 1, to: 3, amount: '2' }], maximum: null },
});
const loan = {
  dueAt: '2026-03-02T12:00Z',
  until: '2026-03-02T12:00Z',
  rule,
  calendar: defineCalendar({ timeZone: 'UTC' }),
};
const at = (day: number) => Date.UTC(2026, 2, day, 12);

it('computes the fine of one loan at any time, in minor units, and returns the limit that applied', () => {
  const { at: standing, dueAt } = assess(fineQuestion(loan));
  expect(dueAt).toBe(at(2));
  expect([1, 2, 3, 4, 5].map((day) => standing(at(day)).amount)).toEqual([0n, 0n, 100n, 200n, 200n]);
  expect(standing(at(5)).limit).toEqual({ by: 'maximum', to: 200n });
});

it('charges periods of a recall by their number, up to the maximum of the recall', () => {
  const { at: standing, nextChange } = assess(fineQuestion({ ...loan, recalledAt: '2026-03-03T12:00Z' }));
  // The first period had begun; of the second and third each costs 2.00, and later ones nothing.
  expect([3, 4, 5, 6].map((day) => standing(at(day)).amount)).toEqual([100n, 300n, 500n, 500n]);
  expect(nextChange(at(4))).toEqual({ at: Date.UTC(2026, 2, 5), amount: 500n });
  expect(nextChange(at(5))).toBeUndefined();
});

it('ignores a recall that changes nothing', () => {
  const same = defineFineRule({
    currency: 'USD',
    amount: '1',
    period: { length: 1, unit: 'day' },
    recalled: {},
  });
  const { nextChange } = assess(fineQuestion({ ...loan, rule: same, recalledAt: '2026-03-03T13:00Z' }));
  expect(nextChange(at(3))).toEqual({ at: Date.UTC(2026, 2, 4), amount: 200n });
});
