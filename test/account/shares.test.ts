import { describe, expect, it } from 'vitest';
import type { Credit } from '../../src/account/credit.js';
import { refusalIn } from '../../src/account/decisionContext.js';
import {
  allocate,
  allocationsOf,
  partOfCredit,
  payable,
  type Share,
  selectedFees,
  sharesOf,
  sumOf,
  withinCredit,
} from '../../src/account/shares.js';
import { findCredit } from '../../src/index.js';
import { accountAfter, ask, assess, assessLost, waive } from '../support/account.js';
import { contextOf } from '../support/context.js';

/** Fees of 6.00, 9.00 (disputed) and 60.00 (of which 20.00 are waived). */
const account = accountAfter([
  assess('a', '6'),
  assess('b', '9'),
  assessLost('lost', '60'),
  ask('DisputeFee', 'd1', { feeId: 'b' }),
  waive('w1', 'lost', '20'),
]);
const context = contextOf(account);
const allocations = [
  { feeId: 'lost', amount: '40.01' },
  { feeId: 'a', amount: '1.00' },
  { feeId: 'b', amount: '1.00' },
];

describe('selectedFees', () => {
  it('returns all fees if none is named', () => {
    expect(selectedFees(undefined, context)).toEqual(account.fees);
  });

  it('returns the named fees, in stream order', () => {
    expect(selectedFees(['lost', 'a'], context).map(({ feeId }) => feeId)).toEqual(['a', 'lost']);
  });

  it.each(['x', 'w1', 'constructor'])('refuses an id that is not a fee: %s', (feeId) => {
    expect(refusalIn(() => selectedFees(['a', feeId], context))).toEqual({ type: 'FeeNotFound', feeId });
  });
});

describe('payable', () => {
  it('is the owed amount, and zero while the fee is disputed', () => {
    expect(account.fees.map(payable)).toEqual([600, 0, 4000]);
  });
});

describe('sharesOf', () => {
  it('spreads an amount in an order, without lines for zero shares', () => {
    expect(sharesOf(1000, account.fees, 'newest-first')).toEqual([{ feeId: 'lost', amount: 1000 }]);
    expect(sharesOf(1000, account.fees, 'oldest-first')).toEqual([
      { feeId: 'a', amount: 600 },
      { feeId: 'lost', amount: 400 },
    ]);
  });
});

describe('allocate', () => {
  it.each(['PaymentExceedsOwed', 'ApplicationExceedsOwed'] as const)(
    'refuses more than a fee can take: %s',
    (type) => {
      expect(refusalIn(() => allocate(allocations.slice(0, 1), type, context))).toEqual({
        type,
        feeId: 'lost',
        amount: '40.01',
        owed: '40.00',
      });
      expect(refusalIn(() => allocate(allocations.slice(2), type, context))).toEqual({
        type: 'FeeIsDisputed',
        feeId: 'b',
      });
    },
  );

  it.each(['PaymentExceedsOwed', 'reduced'] as const)('refuses an unknown fee: %s', (excess) => {
    const unknown = [{ feeId: 'x', amount: '1.00' }];
    expect(refusalIn(() => allocate(unknown, excess, context))).toEqual({ type: 'FeeNotFound', feeId: 'x' });
  });

  it('reduces shares to what a fee can take', () => {
    expect(allocate(allocations, 'reduced', context)).toEqual([
      { feeId: 'lost', amount: 4000 },
      { feeId: 'a', amount: 100 },
    ]);
  });
});

describe('allocationsOf and sumOf', () => {
  it('write shares as decimal strings and sum them', () => {
    const shares: readonly Share[] = [
      { feeId: 'a', amount: 5 },
      { feeId: 'b', amount: 100 },
    ];
    expect(allocationsOf(shares, context)).toEqual([
      { feeId: 'a', amount: '0.05' },
      { feeId: 'b', amount: '1.00' },
    ]);
    expect(sumOf(shares.map(({ amount }) => amount))).toBe(105);
  });
});

const issue = ask('IssueCredit', 'i1', { cause: 'imported', amount: '5' });
const cancel = (amount: string) => ask('CancelCredit', `cancel ${amount}`, { creditId: 'i1', amount });
const creditAfter = (...commands: Parameters<typeof accountAfter>[0]) =>
  findCredit(accountAfter([issue, ...commands]), 'i1') as Credit;

describe('partOfCredit', () => {
  it('returns an amount within the unused part, in minor units', () => {
    expect(partOfCredit(creditAfter(), '4.99', context)).toBe(499);
    expect(partOfCredit(creditAfter(), '5.00', context)).toBe(500);
  });

  it('returns the whole unused part if no amount is given', () => {
    expect(partOfCredit(creditAfter(cancel('1')), undefined, context)).toBe(400);
  });

  it('refuses more than is unused', () => {
    expect(refusalIn(() => partOfCredit(creditAfter(cancel('1')), '4.01', context))).toEqual({
      type: 'AmountExceedsCredit',
      creditId: 'i1',
      amount: '4.01',
      unused: '4.00',
    });
  });

  it('refuses any part of a credit that is used up', () => {
    for (const amount of [undefined, '0.01']) {
      expect(refusalIn(() => partOfCredit(creditAfter(cancel('5')), amount, context))).toEqual({
        type: 'CreditUsedUp',
        creditId: 'i1',
      });
    }
  });
});

describe('withinCredit', () => {
  it('refuses sums above the unused part, even beyond the largest single amount', () => {
    expect(withinCredit(creditAfter(), 500, context)).toBe(500);
    expect(refusalIn(() => withinCredit(creditAfter(), 9_999_999_999_999, context))).toMatchObject({
      type: 'AmountExceedsCredit',
      amount: '99999999999.99',
    });
  });
});
