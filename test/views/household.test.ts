import { describe, expect, it } from 'vitest';
import { definePolicy, emptyAccount, type PatronAccount } from '../../src/index.js';
import { blocks, household, summary } from '../../src/views/index.js';
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

  it('throws for no patron, a patron twice, another currency, and what is no account', () => {
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
