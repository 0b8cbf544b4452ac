import { expect, it } from 'vitest';
import { findingOf } from '../../../src/interop/import/importFinding.js';

it('describes a row in one sentence', () => {
  const row = { table: 'accountlines', rowId: '17', row: { amount: 'x' } };
  expect(findingOf('u17', row, ['MalformedField', 'amount', 'an amount', 'x'])).toEqual({
    ...row,
    code: 'MalformedField',
    patronId: 'u17',
    field: 'amount',
    expected: 'an amount',
    found: 'x',
    message: 'accountlines 17: amount: expected an amount, found x',
  });
  expect(findingOf(null, { ...row, rowId: null }, ['NoPatron', '', 'a patron', 'none']).message).toBe(
    'accountlines: expected a patron, found none',
  );
});
