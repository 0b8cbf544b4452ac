import fc from 'fast-check';
import { expect, it } from 'vitest';
import { evergreenRows } from './evergreenRows.js';

const samples = fc.sample(evergreenRows(fc), { numRuns: 200, seed: 1 });

it('begin with the earlier rows, and say what is owed', () => {
  for (const { tables, earlier } of samples) {
    for (const [name, rows] of Object.entries(tables)) {
      expect(earlier[name]?.length ?? 0).toBeLessThanOrEqual(rows.length);
    }
  }
  expect(samples.some(({ figures }) => figures.some(({ owed }) => owed > 0))).toBe(true);
});

it('have rows of every kind', () => {
  const payments = samples.flatMap(({ tables }) => tables.payment ?? []);
  const types = new Set(payments.map(({ payment_type }) => payment_type));
  expect(types.size).toBe(6);
  expect(payments.some(({ voided }) => voided === true)).toBe(true);
  expect(payments.some(({ amount }) => String(amount).startsWith('-'))).toBe(true);
  expect(samples.some(({ tables }) => tables.billing?.some(({ voided }) => voided === true))).toBe(true);
});
