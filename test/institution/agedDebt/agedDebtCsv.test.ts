import { parse } from 'csv-parse/sync';
import { expect, it } from 'vitest';
import { definePolicy } from '../../../src/index.js';
import { agedDebt } from '../../../src/institution/agedDebt/agedDebt.js';
import { agedDebtCsv } from '../../../src/institution/agedDebt/agedDebtCsv.js';
import { accountOf, assessed } from '../../support/events.js';

it('aged debt as CSV has a line for each row, a column for each band, and no formulas', () => {
  const account = accountOf(
    assessed('f1', '1.50', { owner: '=cmd|', feeType: 'A,"B"\n' }),
    assessed('f2', '2.00', { at: '2025-12-24T09:00:00Z' }),
  );
  const patron = { institution: 'north', patronId: 'p1', account };
  const form = { asOf: '2026-03-31T12:00:00Z', timeZone: 'UTC', bandEndDays: [30] };
  const report = agedDebt([patron], definePolicy({ currency: 'USD' }), form);
  const text = agedDebtCsv(report);
  expect(parse(text)).toEqual([
    ['owner', 'feeType', 'feeTypeLabel', 'fees', 'owed', 'disputed', 'days 0-30', 'days 31+', 'currency'],
    ["'=cmd|", 'A,"B"\n', 'A,"B"\n', '1', '1.50', '0.00', '1.50', '0.00', 'USD'],
    ['MAIN', 'OTHER', 'Other', '1', '2.00', '0.00', '0.00', '2.00', 'USD'],
  ]);
  expect(parse(agedDebtCsv(report, { identifiers: 'asIs' }))[1]?.[0]).toBe('=cmd|');
  expect(() => agedDebtCsv(report, { ids: 'asIs' } as never)).toThrow('INVALID_ARGUMENT');
});
