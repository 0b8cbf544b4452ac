import { expect, it } from 'vitest';
import { clockFor } from '../../src/overdue/clock.js';
import { defineCalendar, definedSchedule } from '../../src/overdue/defineCalendar.js';
import { defineFineRule } from '../../src/overdue/defineFineRule.js';
import type { FineRuleInput } from '../../src/overdue/fineRule.js';
import { afterGrace } from '../../src/overdue/graceEnd.js';

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

it('nothing is charged before grace ends; if measured like the fine, its units are subtracted', () => {
  expect(after(null)).toEqual(['2026-03-02T12:00:00.000Z', 0, 0]);
  expect(after({ length: 1, unit: 'day' })).toEqual(['2026-03-04T00:00:00.000Z', 0, 0]);
  expect(after({ length: 1, unit: 'day', end: 'charged' })).toEqual(['2026-03-03T00:00:00.000Z', 0, 0]);
  expect(after({ length: 1, unit: 'day', mode: 'excluded' })).toEqual(['2026-03-04T00:00:00.000Z', 0, 1]);
});

it('if measured differently, or moved to an open day, counting begins at the end of grace', () => {
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
