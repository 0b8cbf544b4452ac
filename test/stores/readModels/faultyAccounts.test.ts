import { expect, it } from 'vitest';
import { faultyAccounts } from '../../../src/stores/readModels/faultyAccounts.js';

it('counts the accounts of an institution, whatever the driver returns for integers', () => {
  const { text, values, count } = faultyAccounts('north', undefined);
  expect(text.match(/\?/g)).toHaveLength(values.length);
  expect([3, '3', 3n].map(count)).toEqual([3, 3, 3]);
});

it.each([
  ['CORRUPT_HISTORY', 'CORRUPT_HISTORY'],
  ['INVALID_EVENT', 'INVALID_EVENT'],
  ['23505', 'READ_MODEL_INCOMPLETE'],
])('throws for a patron whose account has the fault %s, because it may owe anything', (fault, code) => {
  const { text, values, count } = faultyAccounts('north', 'p1');
  expect(text.match(/\?/g)).toHaveLength(values.length);
  expect(count(null)).toBe(0);
  expect(() => count(fault)).toThrow(
    expect.objectContaining({ code, details: { stream: 'north/p1', fault } }),
  );
});
