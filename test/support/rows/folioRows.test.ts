import fc from 'fast-check';
import { expect, it } from 'vitest';
import { folioRows } from './folioRows.js';

const samples = fc.sample(folioRows(fc), { numRuns: 200, seed: 1 });

it('begin with the earlier rows, and say what is owed', () => {
  for (const { tables, earlier } of samples) {
    for (const [name, rows] of Object.entries(tables)) {
      expect(earlier[name]?.length ?? 0).toBeLessThanOrEqual(rows.length);
    }
  }
  expect(samples.some(({ figures }) => figures.some(({ owed }) => owed > 0))).toBe(true);
});

it('have rows of every kind', () => {
  const labels = samples.flatMap(({ tables }) =>
    (tables.feefineactions ?? []).map(({ typeAction }) => typeAction),
  );
  for (const label of [
    'Paid fully',
    'Waived partially',
    'Transferred fully',
    'Refunded partially',
    'Wrong patron',
  ]) {
    expect(labels).toContain(label);
  }
});
