import { expect, it } from 'vitest';
import { amountTally } from '../../../src/institution/bursar/amountTally.js';

it('adds up what binary numbers do not: 123.45 + 0.82 + 300 + 1.45', () => {
  const tally = amountTally(2);
  for (const amount of ['123.45', '0.82', '300.00', '1.45']) tally.add(amount);
  expect(tally.report()).toEqual({ count: 4, amount: '425.72' });
  expect(tally.sum()).toBe(42_572n);
});

it('adds up more than the safe integers', () => {
  const tally = amountTally(0);
  for (let n = 0; n < 10_001; n++) tally.add('999999999999');
  expect(tally.report()).toEqual({ count: 10_001, amount: String(999_999_999_999n * 10_001n) });
});

it('is zero at first, in the digits of the currency', () => {
  expect(amountTally(3).report()).toEqual({ count: 0, amount: '0.000' });
});
