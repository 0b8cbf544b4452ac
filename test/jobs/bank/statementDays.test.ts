import { expect, it } from 'vitest';
import type { BankEntry } from '../../../src/jobs/bank/bankEntry.js';
import { statementDays } from '../../../src/jobs/bank/statementDays.js';
import { bankAfter, cash, confirm, reverse } from '../../office/bank/banks.js';

const entry = (entryId: string, statement?: string): BankEntry => ({
  ...{
    entryId,
    account: null,
    bookedOn: '2026-03-04',
    amount: '62.00',
    currency: 'USD',
    references: [],
    parts: [],
  },
  ...(statement !== undefined && { statement }),
});

it('finds the days of other statements, for entries that are identified by their place only', () => {
  const { coveredBefore, remember, seen } = statementDays(bankAfter().account);
  expect(coveredBefore(entry('S2/1', 'S2'))).toBe(false);
  remember(entry('S1/4', 'S1'));
  expect([
    coveredBefore(entry('S2/1', 'S2')),
    coveredBefore(entry('S1/5', 'S1')),
    coveredBefore(entry('B7')),
  ]).toEqual([true, false, false]);
  expect(coveredBefore({ ...entry('S2/1', 'S2'), bookedOn: '2026-03-05' })).toBe(false);
  expect(seen.has('S1/4')).toBe(true);
});

it('finds the entries that earlier runs confirmed, except those that were undone', () => {
  const confirmed = confirm('c1', '62.00', cash());
  expect(statementDays(bankAfter(confirmed).account).coveredBefore(entry('S2/1', 'S2'))).toBe(true);
  const undone = bankAfter(confirmed, reverse('u1', 'c1')).account;
  expect(statementDays(undone).coveredBefore(entry('S2/1', 'S2'))).toBe(false);
});
