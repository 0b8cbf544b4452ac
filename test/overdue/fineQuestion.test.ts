import { expect, it } from 'vitest';
import { defineCalendar } from '../../src/overdue/defineCalendar.js';
import { defineFineRule } from '../../src/overdue/defineFineRule.js';
import {
  costOf,
  fineQuestion,
  looseMinor,
  nextCostly,
  precisionOf,
  readSteps,
  stepsBetween,
} from '../../src/overdue/fineQuestion.js';

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
    return [precisionOf(rule), new Date(question.dueAt).toISOString(), question.recalledAt];
  };
  expect(of('minute')).toEqual([60_000, '2026-03-02T12:00:00.000Z', Number.POSITIVE_INFINITY]);
  expect(of('second')).toEqual([1_000, '2026-03-02T12:00:30.000Z', Number.POSITIVE_INFINITY]);
});

const steps = readSteps(
  [
    { from: 1, to: 2, amount: '0.10' },
    { from: 4, to: 5, amount: '0.00' },
    { from: 6, amount: '0.50' },
  ],
  2,
);

it('periods cost the amount of their step, and nothing between steps', () => {
  expect([0, 1, 2, 3, 5, 6, 8].map((last) => costOf(stepsBetween(steps, 0, last)))).toEqual([
    0n,
    10n,
    20n,
    20n,
    20n,
    70n,
    170n,
  ]);
  expect(stepsBetween(steps, 1, 6)).toEqual([
    { from: 2, to: 2, each: 10n },
    { from: 4, to: 5, each: 0n },
    { from: 6, to: 6, each: 50n },
  ]);
});

it('the next period that costs something is found without visiting each period', () => {
  expect([0, 1, 2, 5, 1_000_000].map((after) => nextCostly(steps, after))).toEqual([1, 2, 6, 6, 1_000_001]);
  expect(nextCostly(readSteps([{ from: 1, to: 2, amount: '1' }], 2), 2)).toBeUndefined();
  expect(looseMinor('0.00', 2)).toBe(0n);
});
