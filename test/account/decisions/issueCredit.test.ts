import { describe, expect, it } from 'vitest';
import { balancesInMinorUnits, decide, emptyAccount } from '../../../src/index.js';
import {
  accountAfter,
  ask,
  creditNow,
  fact,
  factsOf,
  policy,
  policyWith,
  refusalOf,
} from '../../support/account.js';

const empty = emptyAccount();

describe('issueCredit', () => {
  it('issues a goodwill credit by hand, with a reason of the policy', () => {
    const details = {
      amount: '5.00',
      cause: 'manual',
      reason: 'GOODWILL',
      comment: 'sorry for the noise',
      owner: 'MAIN',
      item: { title: 'Emma' },
    } as const;
    expect(factsOf(decide(ask('IssueCredit', 'i1', details), empty, policy))).toEqual([
      fact('CreditIssued', { creditId: 'i1', purpose: 'goodwill', ...details }),
    ]);
  });

  it.each([
    [undefined, 'refundable'],
    ['refundable', 'refundable'],
    ['goodwill', 'goodwill'],
  ] as const)('issues an imported credit with the purpose %s as %s', (wanted, purpose) => {
    const command = ask('IssueCredit', 'i1', {
      amount: '5.00',
      cause: 'imported',
      reason: 'any words',
      ...(wanted === undefined ? {} : { purpose: wanted }),
    });
    expect(factsOf(decide(command, empty, policy))).toEqual([
      fact('CreditIssued', {
        creditId: 'i1',
        amount: '5.00',
        cause: 'imported',
        purpose,
        reason: 'any words',
      }),
    ]);
  });

  it('deducts the credit from the active balance, not from the owed amount', () => {
    const account = accountAfter([ask('IssueCredit', 'i1', { amount: '5.00', cause: 'imported' })]);
    expect(creditNow(account, 'i1')).toEqual({ purpose: 'refundable', unused: '5.00', status: 'active' });
    expect(balancesInMinorUnits(account)).toMatchObject({ active: -500, owed: 0, payable: 0 });
  });

  it.each([undefined, 'NOSUCHREASON', 'constructor', '__proto__'])(
    'is refused by hand if the reason is unknown: %s',
    (reason) => {
      const command = ask('IssueCredit', 'i1', {
        amount: '5.00',
        cause: 'manual',
        ...(reason === undefined ? {} : { reason }),
      });
      expect(refusalOf(decide(command, empty, policy))).toEqual({
        type: 'ReasonUnknown',
        known: expect.anything(),
        list: 'creditReasons',
        reason: reason ?? null,
      });
    },
  );

  it('distinguishes a reason called "undefined" from a missing one', () => {
    const odd = policyWith({ creditReasons: { undefined: 'Not defined' } });
    const command = ask('IssueCredit', 'i1', { amount: '5.00', cause: 'manual' });
    expect(refusalOf(decide(command, empty, odd))).toMatchObject({
      type: 'ReasonUnknown',
      known: expect.anything(),
      reason: null,
    });
  });

  it('refuses a manual credit with the purpose refundable as an invalid command', () => {
    const command = ask('IssueCredit', 'i1', {
      amount: '5.00',
      cause: 'manual',
      purpose: 'refundable',
      reason: 'GOODWILL',
    });
    expect(refusalOf(decide(command, empty, policy))).toMatchObject({
      type: 'InvalidCommand',
      faults: [{ path: 'purpose' }],
    });
  });
});
