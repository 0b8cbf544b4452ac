import { describe, expect, it } from 'vitest';
import { definePolicy, emptyAccount, type PatronAccount } from '../../src/index.js';
import {
  activityReport,
  blocks,
  feesOfLoan,
  finesAndFees,
  household,
  householdFees,
  summary,
} from '../../src/views/index.js';
import { accountAfter, ask, assess, pay, policy } from '../support/account.js';
import { errorOf } from '../support/events.js';

const mother = accountAfter([assess('f1', '20.00'), ask('DisputeFee', 'd1', { feeId: 'f1' })]);
const child = accountAfter([
  assess('f1', '7.50'),
  ask('IssueCredit', 'c1', { amount: '10.00', cause: 'imported', purpose: 'refundable' }),
]);
const members = [
  { patronId: 'mother', account: mother },
  { patronId: 'child', account: child },
  { patronId: 'baby', account: emptyAccount() },
];

describe('household', () => {
  it('shows the balances of each patron and their sums', () => {
    const { members: rows, total } = household(members, policy);
    expect(rows).toEqual(members.map(({ patronId, account }) => ({ patronId, ...summary(account, policy) })));
    expect(total).toEqual({
      currency: 'USD',
      active: '-2.50',
      disputed: '20.00',
      transferred: '0.00',
      payable: '7.50',
      payableAccruing: '0.00',
      creditsByPurpose: { setOff: '0.00', refundable: '10.00', external: '0.00', goodwill: '0.00' },
    });
  });

  it('equals the summary for a household of one', () => {
    const account = accountAfter([assess('f1', '20.00'), pay('p1', '3.00')]);
    expect(household([{ patronId: 'p', account }], policy).total).toEqual(summary(account, policy));
  });

  // Found by merging random accounts: the sum of an account was read as if it were a single amount.
  it('adds balances with more digits than a single amount may have', () => {
    const rich = accountAfter([assess('f1', '9999999999.99'), assess('f2', '0.02')]);
    const { total } = household([...members, { patronId: 'rich', account: rich }], policy);
    expect(total.active).toBe('9999999997.51');
    expect(household([{ patronId: 'rich', account: rich }], policy).total.active).toBe('10000000000.01');
  });

  it('throws for an empty list, a repeated patron, another currency and an invalid account', () => {
    const codeOf = (list: readonly object[]) => errorOf(() => household(list as typeof members, policy)).code;
    expect(codeOf([])).toBe('INVALID_ARGUMENT');
    expect(codeOf([...members, members[0] as object])).toBe('INVALID_ARGUMENT');
    const euros = definePolicy({ currency: 'EUR' });
    const account = accountAfter([assess('f1', '1.00', { feeType: 'OTHER' })], euros);
    expect(codeOf([{ patronId: 'p', account }])).toBe('INVALID_ARGUMENT');
    expect(codeOf([{ patronId: 'p', account: {} }])).toBe('INVALID_ACCOUNT');
    expect(codeOf([{ patronId: 'p', account: null }])).toBe('INVALID_ARGUMENT');
  });
});

describe('the messages of household', () => {
  const messageOf = (list: unknown) => errorOf(() => household(list as typeof members, policy)).message;
  const euros = definePolicy({ currency: 'EUR' });
  const foreign = accountAfter([assess('f1', '1.00', { feeType: 'OTHER' })], euros);

  it.each([
    [[], /^INVALID_ARGUMENT: members: expected at least one, found /],
    [[...members, members[0]], /^INVALID_ARGUMENT: members: expected each patron once, found /],
    [
      [{ patronId: 'p', account: 7 }],
      /^INVALID_ARGUMENT: members\[0\]\.account: expected a patron account, found 7$/,
    ],
    [
      [{ patronId: 'p', account: null }],
      /^INVALID_ARGUMENT: members\[0\]\.account: expected a patron account, found null$/,
    ],
    [
      [...members, { patronId: 'p', account: foreign }],
      /^INVALID_ARGUMENT: members\[3\]\.account\.currency: expected USD, the currency of the policy, found "EUR"$/,
    ],
  ])('say what is wrong with the members (%#)', (list, message) => {
    expect(messageOf(list)).toMatch(message);
  });
});

describe('the lists of several accounts', () => {
  it('have the rows of all, each with its patron, and balances that are the sums', () => {
    const list = householdFees(members, policy, { status: 'all' });
    expect(list.rows.map(({ patronId, id, remaining }) => [patronId, id, remaining])).toEqual([
      ['mother', 'f1', '20.00'],
      ['child', 'f1', '7.50'],
      ['child', 'c1', '-10.00'],
    ]);
    expect(list.rowCount).toBe(3);
    expect(list.balances).toEqual({
      active: '-2.50',
      disputed: '20.00',
      transferred: '0.00',
      currentlyFiltered: '-2.50',
      currentlyFilteredDisputed: '20.00',
    });
  });

  it('are filtered, sorted and paged over all', () => {
    const filter = { status: 'all', sort: { by: 'remaining' }, page: { offset: 1, limit: 2 } } as const;
    const { rows, rowCount } = householdFees(members, policy, filter);
    expect(rowCount).toBe(3);
    expect(rows.map(({ patronId, remaining }) => [patronId, remaining])).toEqual([
      ['child', '7.50'],
      ['mother', '20.00'],
    ]);
    expect(householdFees(members, policy).rows.map(({ id }) => id)).toEqual(['f1', 'c1']);
  });

  it('equal those of one account for a household of one', () => {
    const { rows, ...list } = householdFees([{ patronId: 'child', account: child }], policy);
    const { rows: own, ...alone } = finesAndFees(child, policy);
    expect(list).toEqual(alone);
    expect(rows).toEqual(own.map((row) => ({ patronId: 'child', ...row })));
  });

  it('show a loan as settled only once its fees are settled in all accounts', () => {
    const one = accountAfter([assess('f1', '5.00', { loanId: 'l1' }), pay('p1', '5.00')]);
    const other = accountAfter([assess('f1', '7.00', { loanId: 'l1' })]);
    const loan = (accounts: PatronAccount | readonly PatronAccount[]) =>
      feesOfLoan(accounts, policy, { loanId: 'l1' });
    expect(loan(one).settled).toBe(true);
    expect(loan([one])).toEqual(loan(one));
    expect(loan([one, other])).toMatchObject({
      settled: false,
      totals: { original: '12.00', owed: '7.00', paid: '5.00' },
    });
  });

  it('are combined in one activity report', () => {
    const input = { at: '2026-03-02T09:00:00Z', patron: { name: 'Ada' }, loans: [] };
    const report = activityReport([mother, child], policy, input);
    expect(report.balances).toEqual({
      active: '-2.50',
      disputed: '20.00',
      transferred: '0.00',
      payable: '7.50',
    });
    expect(report.libraries[0]?.rows).toHaveLength(2);
    expect(activityReport([child], policy, input)).toEqual(activityReport(child, policy, input));
  });

  it('refuse an empty list and accounts of different currencies', () => {
    const euros = definePolicy({ currency: 'EUR' });
    const account = accountAfter([assess('f1', '1.00', { feeType: 'OTHER' })], euros);
    const loan = { loanId: 'l1' };
    expect(errorOf(() => feesOfLoan([], policy, loan)).code).toBe('INVALID_ACCOUNT');
    expect(errorOf(() => feesOfLoan([child, account], policy, loan)).code).toBe('INVALID_ARGUMENT');
    expect(errorOf(() => feesOfLoan([child, {} as PatronAccount], policy, loan)).code).toBe(
      'INVALID_ACCOUNT',
    );
    expect(feesOfLoan([emptyAccount(), account], policy, loan).currency).toBe('EUR');
  });
});

describe('blocks of a household', () => {
  const rules = definePolicy({ currency: 'USD', blockLimits: { FAMILY: [{ amount: '27.00' }] } });
  const limit = (accounts: PatronAccount | readonly PatronAccount[]) =>
    blocks(accounts, rules, { group: 'FAMILY' }).limits[0];

  it('count what its patrons owe together', () => {
    expect(limit(members.map(({ account }) => account))).toMatchObject({
      owed: '27.50',
      owedDisputed: '20.00',
      broken: true,
    });
    expect(limit([mother])).toEqual(limit(mother));
    expect(limit([])).toMatchObject({ owed: '0.00', broken: false });
  });

  it('throw if one of the accounts is in another currency', () => {
    const euros = accountAfter(
      [assess('f1', '1.00', { feeType: 'OTHER' })],
      definePolicy({ currency: 'EUR' }),
    );
    expect(() => limit([mother, euros])).toThrow('different currencies');
  });
});
