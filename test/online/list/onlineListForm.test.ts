import * as v from 'valibot';
import { expect, it } from 'vitest';
import { isReminded, onlineListFormSchema } from '../../../src/online/list/onlineListForm.js';
import { institution } from '../shop.js';

it('a reminder is due at once and then at intervals of days, however late a run is, and never twice', () => {
  const since = '2026-03-02T09:00:00Z';
  const reminds = (at: string, remindedAt: string | null) =>
    isReminded(since, v.parse(onlineListFormSchema, { institution, at, remindedAt, remindEveryDays: 7 }));
  expect(reminds(since, null)).toBe(true);
  expect(reminds('2026-03-09T08:59:59Z', since)).toBe(false);
  expect(reminds('2026-03-09T09:00:00Z', since)).toBe(true);
  expect(reminds('2026-03-30T10:00:00Z', '2026-03-05T10:00:00Z')).toBe(true);
  expect(reminds('2026-03-31T10:00:00Z', '2026-03-30T10:00:00Z')).toBe(false);
  // Of what is told later than the run, nobody is reminded.
  expect(reminds('2026-03-01T09:00:00Z', null)).toBe(false);
});
