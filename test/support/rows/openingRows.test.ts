import fc from 'fast-check';
import { expect, it } from 'vitest';
import { openingRows } from './openingRows.js';

it('are fees and credits, whole or in part, some of them new', () => {
  const samples = fc.sample(openingRows(fc), { numRuns: 100, seed: 1 });
  const rows = samples.flatMap(({ tables }) => tables.rows ?? []);
  expect(new Set(rows.map(({ kind }) => kind))).toEqual(new Set(['fee', 'credit']));
  expect(rows.some(({ remaining }) => remaining === undefined)).toBe(true);
  expect(rows.some(({ remaining }) => remaining === '0.00')).toBe(true);
  expect(samples.some(({ tables, earlier }) => earlier.rows?.length !== tables.rows?.length)).toBe(true);
});
