import { describe, expect, it } from 'vitest';
import type { Credit } from '../../src/account/credit.js';
import { partOfCredit, withinCredit } from '../../src/account/creditPart.js';
import { findCredit } from '../../src/index.js';
import { accountAfter, ask } from '../support/account.js';
import { contextOf } from '../support/context.js';

const issue = ask('IssueCredit', 'i1', { cause: 'imported', amount: '5' });
const cancel = (amount: string) => ask('CancelCredit', `cancel ${amount}`, { creditId: 'i1', amount });
const creditAfter = (...commands: Parameters<typeof accountAfter>[0]) =>
  findCredit(accountAfter([issue, ...commands]), 'i1') as Credit;
const context = contextOf(accountAfter([]));

describe('partOfCredit', () => {
  it('returns an amount within the unused part, in minor units', () => {
    expect(partOfCredit(creditAfter(), '4.99', context)).toBe(499);
    expect(partOfCredit(creditAfter(), '5.00', context)).toBe(500);
  });

  it('returns the whole unused part if no amount is given', () => {
    expect(partOfCredit(creditAfter(cancel('1')), undefined, context)).toBe(400);
  });

  it('refuses more than is unused', () => {
    expect(partOfCredit(creditAfter(cancel('1')), '4.01', context)).toEqual({
      type: 'AmountExceedsCredit',
      creditId: 'i1',
      amount: '4.01',
      unused: '4.00',
    });
  });

  it('refuses any part of a credit that is used up', () => {
    for (const amount of [undefined, '0.01']) {
      expect(partOfCredit(creditAfter(cancel('5')), amount, context)).toEqual({
        type: 'CreditUsedUp',
        creditId: 'i1',
      });
    }
  });
});

describe('withinCredit', () => {
  it('refuses sums above the unused part, even beyond the largest single amount', () => {
    expect(withinCredit(creditAfter(), 500, context)).toBe(500);
    expect(withinCredit(creditAfter(), 9_999_999_999_999, context)).toMatchObject({
      type: 'AmountExceedsCredit',
      amount: '99999999999.99',
    });
  });
});
