import * as v from 'valibot';
import { expect, it } from 'vitest';
import { endsAfterBeginning } from '../../src/job/period.js';

const schema = v.pipe(
  v.object({ from: v.string(), through: v.optional(v.string()), before: v.optional(v.string()) }),
  endsAfterBeginning(),
);

it.each([
  { from: '2026-03-02', through: '2026-03-02' },
  { from: '2026-03-02T00:00:00Z', before: '2026-03-02T00:00:00Z' },
  { from: '2026-03-02T00:00:00+01:00', before: '2026-03-01T23:00:00.000001Z' },
  { from: '2026-03-02' },
  { from: 'not a day', through: '2026-03-01' },
])('%j ends after its beginning', (period) => {
  expect(v.is(schema, period)).toBe(true);
});

it.each([
  { from: '2026-03-02', through: '2026-03-01' },
  { from: '2026-03-02T00:00:00Z', before: '2026-03-02T00:30:00+01:00' },
])('%j does not', (period) => {
  expect(v.is(schema, period)).toBe(false);
});
