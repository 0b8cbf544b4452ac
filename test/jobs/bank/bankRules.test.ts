import { expect, it } from 'vitest';
import { bookingByRule, recordsOf } from '../../../src/jobs/bank/bankRules.js';
import { noBankAccount } from '../../../src/office/index.js';
import { at, bankAfter, book, by, reverse } from '../../office/bank/banks.js';

const rules = [
  { contains: 'Account fee', direction: 'out', upTo: '15.00', reason: 'FEE' },
  { contains: 'interest', direction: 'in', upTo: '9.00', reason: 'INTEREST' },
  { contains: 'FEE', direction: 'out', upTo: '99.00', reason: 'OTHER' },
] as const;
const entry = (amount: string, ...references: readonly string[]) => ({
  ...{ entryId: 'B1', account: null, bookedOn: '2026-03-31', amount, currency: 'USD', references, parts: [] },
});
const reasonOf = (...given: Parameters<typeof entry>) =>
  bookingByRule(entry(...given), noBankAccount, rules, { at, by })?.reason;

it('a rule has words, a direction and a highest amount, and the first rule that fits is used', () => {
  expect(reasonOf('-15.00', 'March', 'ACCOUNT-FEE 03/26')).toBe('FEE');
  expect(reasonOf('-15.01', 'ACCOUNT FEE 03/26')).toBe('OTHER');
  expect(reasonOf('15.00', 'ACCOUNT FEE 03/26')).toBeUndefined();
  expect(reasonOf('-15.00', 'ACCOUNT', 'FEES')).toBeUndefined();
  expect(reasonOf('9.00', 'Interest Q1')).toBe('INTEREST');
  expect(reasonOf('9.01', 'Interest Q1')).toBeUndefined();
  expect(reasonOf('0.00', 'Interest Q1')).toBeUndefined();
  expect(bookingByRule(entry('9.00', 'Interest'), noBankAccount, undefined, { at, by })).toBeUndefined();
});

it('a rule books an entry, but not again after a person has undone the booking', () => {
  const found = bookingByRule(entry('-4.90', 'Account fee'), noBankAccount, rules, { at, by });
  expect(found).toEqual({
    ...{ type: 'BookBankEntry', id: 'B1', entryId: 'B1', bookedOn: '2026-03-31', amount: '-4.90' },
    ...{ reason: 'FEE', at, by },
  });
  const { account } = bankAfter({ ...book('b1', '-4.90'), entryId: 'B1' }, reverse('u', 'b1'));
  expect(recordsOf(account, 'B1')).toHaveLength(1);
  expect(bookingByRule(entry('-4.90', 'Account fee'), account, rules, { at, by })).toBeUndefined();
});
