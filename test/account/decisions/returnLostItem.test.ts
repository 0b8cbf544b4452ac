import { describe, expect, it } from 'vitest';
import { balancesInMinorUnits, decide, findFee } from '../../../src/index.js';
import {
  accountAfter,
  ask,
  assess,
  assessLost,
  creditNow,
  fact,
  factsOf,
  feeNow,
  forgetfulPolicy,
  pay,
  policy,
  refusalOf,
  transfer,
  waive,
} from '../../support/account.js';

const bringBack = (id: string, ...feeIds: string[]) => ask('ReturnLostItem', id, { feeIds });

describe('returnLostItem', () => {
  it('records the return, then its credits (set off, external, refundable), each at the percentage', () => {
    const account = accountAfter([
      assessLost('lost', '60.00'),
      pay('p1', '10.00'),
      transfer('t1', 'lost', '20.00'),
    ]);
    const credit = (creditId: string, amount: string, purpose: 'setOff' | 'external' | 'refundable') =>
      fact('LostItemCreditIssued', {
        creditId,
        feeId: 'lost',
        amount,
        cause: 'returned',
        purpose,
        refundPercent: 100,
      });
    expect(factsOf(decide(bringBack('r1', 'lost'), account, policy))).toEqual([
      fact('LostItemReturned', { returnId: 'r1', feeId: 'lost', refundPercent: 100, unpaid: 'percent' }),
      credit('r1#1', '30.00', 'setOff'),
      credit('r1#2', '20.00', 'external'),
      credit('r1#3', '10.00', 'refundable'),
      fact('CreditApplied', {
        applicationId: 'r1#4',
        creditId: 'r1#1',
        allocations: [{ feeId: 'lost', amount: '30.00' }],
      }),
    ]);
    const after = accountAfter([bringBack('r1', 'lost')], policy, account);
    expect(feeNow(after, 'lost')).toEqual({ remaining: '0.00', owed: '0.00', status: 'transferred' });
    expect(creditNow(after, 'r1#3')).toEqual({ purpose: 'refundable', unused: '10.00', status: 'active' });
    expect(findFee(after, 'lost')?.returned).toBe(true);
  });

  it('keeps reason and comments on the events that a person caused', () => {
    const why = { reason: 'found', comment: 'welcome back', staffNote: 'behind the shelf' };
    const account = accountAfter([assessLost('lost', '60.00')]);
    const [returned, credit, applied] = factsOf(
      decide({ ...bringBack('r1', 'lost'), ...why }, account, policy),
    );
    expect([returned?.data, credit?.data]).toMatchObject([why, why]);
    expect(applied?.data).not.toHaveProperty('comment');
  });

  it('closes the fee and the credit of a waiver within the credited amount', () => {
    const account = accountAfter([
      assessLost('lost', '60'),
      waive('w1', 'lost', '20'),
      bringBack('r1', 'lost'),
    ]);
    expect(feeNow(account, 'lost')).toEqual({ remaining: '0.00', owed: '0.00', status: 'closed' });
    expect(creditNow(account, 'w1').status).toBe('closed');
    expect(creditNow(account, 'r1#1').status).toBe('closed');
    expect(balancesInMinorUnits(account)).toMatchObject({ active: 0, owed: 0 });
  });
});

describe('returnLostItem by loan', () => {
  const two = [assessLost('a', '60.00'), assessLost('b', '10.00', 'LOST0')];

  it('returns all lost-item fees of the loan: LostItemReturned for each fee, before its credits', () => {
    const others = [
      assess('fine', '5.00', { loanId: 'loan' }),
      assess('c', '70.00', { feeType: 'LOST100', loanId: 'another loan' }),
    ];
    const account = accountAfter([...two, ...others, pay('p1', '60.00', { feeIds: ['a'] })]);
    const decision = decide(ask('ReturnLostItem', 'r1', { loanId: 'loan' }), account, policy);
    expect(factsOf(decision)).toMatchObject([
      { type: 'LostItemReturned', data: { returnId: 'r1', feeId: 'a' } },
      { type: 'LostItemCreditIssued', data: { creditId: 'r1#1', feeId: 'a', amount: '60.00' } },
      { type: 'LostItemReturned', data: { returnId: 'r1#2', feeId: 'b' } },
    ]);
  });

  it('skips fees that were returned before', () => {
    const account = accountAfter([...two, bringBack('r0', 'a')]);
    const decision = decide(ask('ReturnLostItem', 'r1', { loanId: 'loan' }), account, policy);
    expect(factsOf(decision)).toEqual([
      fact('LostItemReturned', { returnId: 'r1', feeId: 'b', refundPercent: 0, unpaid: 'percent' }),
    ]);
  });

  it('is refused if all were returned before', () => {
    const account = accountAfter([...two, bringBack('r0', 'a', 'b')]);
    const decision = decide(ask('ReturnLostItem', 'r1', { loanId: 'loan' }), account, policy);
    expect(refusalOf(decision)).toEqual({ type: 'LostItemAlreadyReturned', feeId: 'a' });
  });

  it('is refused if the loan has no lost-item fee', () => {
    const account = accountAfter([...two, assess('fine', '5.00', { loanId: 'other' })]);
    const decision = decide(ask('ReturnLostItem', 'r1', { loanId: 'other' }), account, policy);
    expect(refusalOf(decision)).toEqual({ type: 'LostItemFeeNotFound', loanId: 'other' });
  });
});

describe('returnLostItem is refused', () => {
  const lost = accountAfter([assessLost('lost', '60.00'), assess('fine', '5.00')]);

  it('if the type is not for lost items', () => {
    expect(refusalOf(decide(bringBack('r1', 'fine'), lost, policy))).toEqual({
      type: 'FeeNotLostItem',
      feeId: 'fine',
    });
  });

  it('if the item was returned already', () => {
    const account = accountAfter([bringBack('r1', 'lost')], policy, lost);
    expect(refusalOf(decide(bringBack('r2', 'lost'), account, policy))).toEqual({
      type: 'LostItemAlreadyReturned',
      feeId: 'lost',
    });
  });

  it('if the fee does not exist', () => {
    expect(refusalOf(decide(bringBack('r1', 'lost', 'x'), lost, policy))).toEqual({
      type: 'FeeNotFound',
      feeId: 'x',
    });
  });

  it('if the policy no longer has the type with its percentage', () => {
    expect(refusalOf(decide(bringBack('r1', 'lost'), lost, forgetfulPolicy))).toEqual({
      type: 'FeeTypeUnknown',
      known: expect.anything(),
      feeType: 'LOST100',
    });
  });

  it.each([[{}], [{ feeIds: ['lost'], loanId: 'loan' }]])(
    'as an invalid command if it names both fees and a loan, or neither (%j)',
    (named) => {
      expect(refusalOf(decide(ask('ReturnLostItem', 'r1', named), lost, policy))).toMatchObject({
        type: 'InvalidCommand',
        faults: [{ path: 'feeIds' }],
      });
    },
  );
});

describe('a mistaken return', () => {
  it('is corrected by charging a new fee', () => {
    const account = accountAfter([
      assessLost('lost', '60'),
      bringBack('r1', 'lost'),
      assessLost('again', '60'),
    ]);
    expect(balancesInMinorUnits(account)).toMatchObject({ active: 6000, owed: 6000 });
  });
});
