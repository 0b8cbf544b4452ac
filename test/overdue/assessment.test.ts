import { expect, it } from 'vitest';
import { afterGrace, assess } from '../../src/overdue/assessment.js';
import { clockFor } from '../../src/overdue/clock.js';
import { defineCalendar, definedSchedule } from '../../src/overdue/defineCalendar.js';
import { defineFineRule } from '../../src/overdue/defineFineRule.js';
import { fineQuestion } from '../../src/overdue/fineQuestion.js';
import type { FineRuleInput } from '../../src/overdue/fineRule.js';

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
  const { at: fineAt, dueAt } = assess(fineQuestion(loan));
  expect(dueAt).toBe(at(2));
  expect([1, 2, 3, 4, 5].map((day) => fineAt(at(day)).amount)).toEqual([0n, 0n, 100n, 200n, 200n]);
  expect(fineAt(at(5)).limit).toEqual({ by: 'maximum', to: 200n });
});

it("charges recalled periods by their number, up to the recall's maximum", () => {
  const { at: fineAt, nextChange } = assess(fineQuestion({ ...loan, recalledAt: '2026-03-03T12:00Z' }));
  // The first period had begun; of the second and third each costs 2.00, and later ones nothing.
  expect([3, 4, 5, 6].map((day) => fineAt(at(day)).amount)).toEqual([100n, 300n, 500n, 500n]);
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

it('charges the old amount for the period in which a recall falls, as soon as it is complete', () => {
  const completed = defineFineRule({
    currency: 'USD',
    steps: [{ from: 1, to: 2, amount: '1' }],
    period: { length: 1, unit: 'hour' },
    measure: 'time',
    charged: 'completed',
    recalled: { steps: [{ from: 1, amount: '2' }] },
  });
  const { nextChange } = assess(fineQuestion({ ...loan, rule: completed, recalledAt: '2026-03-02T12:30Z' }));
  const time = (hour: number, minute = 0) => Date.UTC(2026, 2, 2, hour, minute);
  expect(nextChange(time(12, 30))).toEqual({ at: time(13), amount: 100n });
  expect(nextChange(time(13))).toEqual({ at: time(14), amount: 300n });
  // A recall after the last period that costs something.
  const late = assess(fineQuestion({ ...loan, rule: completed, recalledAt: '2026-03-02T15:30Z' }));
  expect(late.nextChange(time(15, 30))).toEqual({ at: time(17), amount: 400n });
});

const schedule = definedSchedule(defineCalendar({ timeZone: 'UTC', closures: [{ from: '2026-03-04' }] }));

const due = Date.UTC(2026, 2, 2, 12);

const after = (grace: FineRuleInput['grace'], more: Partial<FineRuleInput> = {}) => {
  const rule = defineFineRule({
    currency: 'USD',
    amount: '1',
    period: { length: 1, unit: 'day' },
    grace: grace ?? null,
    ...more,
  });
  const { clock } = clockFor(schedule, { ...rule, unit: rule.period.unit });
  const { chargedFrom, ...counted } = afterGrace(rule.grace, due, clock, rule, schedule);
  return [new Date(chargedFrom).toISOString(), counted.countedFrom - due, counted.freeUnits];
};

const DAY = 86_400_000;

it('charges nothing before grace ends, and subtracts the units of grace if the fine has the same', () => {
  expect(after(null)).toEqual(['2026-03-02T12:00:00.000Z', 0, 0]);
  expect(after({ length: 1, unit: 'day' })).toEqual(['2026-03-04T00:00:00.000Z', 0, 0]);
  expect(after({ length: 1, unit: 'day', end: 'charged' })).toEqual(['2026-03-03T00:00:00.000Z', 0, 0]);
  expect(after({ length: 1, unit: 'day', mode: 'excluded' })).toEqual(['2026-03-04T00:00:00.000Z', 0, 1]);
});

it('begins counting at the end of grace if it has other units or was moved to an open day', () => {
  expect(after({ length: 6, unit: 'hour', mode: 'excluded' })).toEqual([
    '2026-03-02T18:00:00.001Z',
    DAY / 4,
    0,
  ]);
  const moved = { length: 2, unit: 'day', endsOnOpenDay: true } as const;
  expect(after(moved)).toEqual(['2026-03-06T00:00:00.000Z', 0, 0]);
  expect(after({ ...moved, mode: 'excluded', end: 'charged' })).toEqual([
    '2026-03-05T00:00:00.000Z',
    2.5 * DAY,
    0,
  ]);
  expect(after(moved, { measure: 'time' })).toEqual(['2026-03-05T12:00:00.001Z', 0, 0]);
  expect(after({ ...moved, length: 1 })).toEqual(['2026-03-04T00:00:00.000Z', 0, 0]);
});

it('charges after a month of grace in the last days of the year 9999', () => {
  const monthly = defineFineRule({
    currency: 'USD',
    amount: '1',
    period: { length: 1, unit: 'day' },
    grace: { length: 1, unit: 'month' },
  });
  const dueAt = '9999-11-20T12:00Z';
  const { at: fineAt } = assess(fineQuestion({ ...loan, rule: monthly, dueAt, until: dueAt }));
  expect(fineAt(Date.parse('9999-12-20T12:00Z')).amount).toBe(0n);
  expect(fineAt(Date.parse('9999-12-31T12:00Z')).amount).toBe(4100n);
});

it('charges nothing if the library never opens again after grace', () => {
  const hourly = defineFineRule({
    currency: 'USD',
    amount: '1',
    period: { length: 1, unit: 'minute' },
    closedTime: 'hoursExcluded',
    grace: { length: 1, unit: 'hour' },
  });
  const calendar = defineCalendar({
    timeZone: 'UTC',
    openingHours: {},
    specialHours: [{ from: '2026-03-03', hours: ['09:00-10:00'] }],
  });
  const { at: fineAt, nextChange } = assess(fineQuestion({ ...loan, rule: hourly, calendar }));
  expect(fineAt(at(30)).amount).toBe(0n);
  expect(nextChange(at(2))).toBeUndefined();
});
