import { describe, expect, it } from 'vitest';
import { balancesInMinorUnits, type CommandOf, decide, findFee } from '../../../src/index.js';
import {
  accountAfter,
  ask,
  assess,
  assessLost,
  creditNow,
  fact,
  factsOf,
  feeNow,
  pay,
  policy,
  policyWith,
  refusalOf,
  transfer,
  waive,
} from '../../support/account.js';

const apply = (more: Partial<CommandOf<'ApplyCredit'>> = {}) =>
  ask('ApplyCredit', 'x1', { creditId: 'i1', ...more });
const applied = (creditId: string, parts: Readonly<Record<string, string>>, more = {}) =>
  fact('CreditApplied', { applicationId: 'x1', creditId, ...allocations(parts), ...more });
const allocations = (parts: Readonly<Record<string, string>>) => ({
  allocations: Object.entries(parts).map(([feeId, amount]) => ({ feeId, amount })),
});
const imported = (id: string, amount: string, more = {}) =>
  ask('IssueCredit', id, { cause: 'imported', amount, ...more });
const dispute = (feeId: string) => ask('DisputeFee', `dispute ${feeId}`, { feeId });

/** Fees of 6.00, 9.00 and 3.00, and a refundable credit of 10.00. */
const account = accountAfter([assess('a', '6'), assess('b', '9'), assess('c', '3'), imported('i1', '10')]);

describe('applyCredit', () => {
  it('settles fees, oldest first, up to the credit and the owed amounts', () => {
    expect(factsOf(decide(apply({ comment: 'as you wished' }), account, policy))).toEqual([
      applied('i1', { a: '6.00', b: '4.00' }, { comment: 'as you wished' }),
    ]);
    const after = accountAfter([apply()], policy, account);
    expect(feeNow(after, 'a').status).toBe('closed');
    expect(feeNow(after, 'b').owed).toBe('5.00');
    expect(creditNow(after, 'i1')).toEqual({ purpose: 'refundable', unused: '0.00', status: 'closed' });
    expect(balancesInMinorUnits(after).active).toBe(balancesInMinorUnits(account).active);
  });

  it('uses an amount equal to the owed amount', () => {
    const rich = accountAfter([imported('i2', '20')], policy, account);
    expect(factsOf(decide(apply({ creditId: 'i2', amount: '18' }), rich, policy))).toEqual([
      applied('i2', { a: '6.00', b: '9.00', c: '3.00' }),
    ]);
  });

  it('keeps the rest of a credit that is larger than the owed amount', () => {
    const small = accountAfter([assess('a', '6'), imported('i1', '10')]);
    expect(factsOf(decide(apply(), small, policy))).toEqual([applied('i1', { a: '6.00' })]);
  });

  it('uses an amount, in a given order, on named fees', () => {
    const command = apply({ amount: '7', order: 'newest-first', feeIds: ['a', 'b'] });
    expect(factsOf(decide(command, account, policy))).toEqual([applied('i1', { b: '7.00' })]);
  });

  it("follows the policy's order when the command names none", () => {
    const rules = policyWith({ paymentOrder: 'evenly' });
    expect(factsOf(decide(apply(), account, rules))).toEqual([
      applied('i1', { a: '3.50', b: '3.50', c: '3.00' }),
    ]);
  });

  it('follows explicit allocations', () => {
    const command = apply(allocations({ c: '1', b: '2.5' }));
    expect(factsOf(decide(command, account, policy))).toEqual([applied('i1', { c: '1.00', b: '2.50' })]);
    expect(decide({ ...command, amount: '3.50' }, account, policy).accepted).toBe(true);
  });

  it('has no line for disputed and closed fees', () => {
    const before = accountAfter([dispute('a'), waive('w1', 'b')], policy, account);
    expect(factsOf(decide(apply(), before, policy))).toEqual([applied('i1', { c: '3.00' })]);
  });

  it('also applies goodwill to any active fee', () => {
    const before = accountAfter([imported('g1', '1.00', { purpose: 'goodwill' })], policy, account);
    expect(factsOf(decide(apply({ creditId: 'g1' }), before, policy))).toEqual([
      applied('g1', { a: '1.00' }),
    ]);
  });
});

describe('applyCredit is refused', () => {
  it('for a credit that does not exist', () => {
    expect(refusalOf(decide(apply({ creditId: 'a' }), account, policy))).toEqual({
      type: 'CreditNotFound',
      creditId: 'a',
    });
  });

  it('for the wrong purpose: an external credit cannot settle a fee', () => {
    const before = accountAfter([transfer('t1', 'a'), waive('w1', 'a')], policy, account);
    expect(refusalOf(decide(apply({ creditId: 'w1' }), before, policy))).toEqual({
      type: 'CreditPurposeForbids',
      creditId: 'w1',
      purpose: 'external',
    });
  });

  it('above the unused amount', () => {
    const refusal = { type: 'AmountExceedsCredit', creditId: 'i1', amount: '10.01', unused: '10.00' };
    expect(refusalOf(decide(apply({ amount: '10.01' }), account, policy))).toEqual(refusal);
    const allocated = apply(allocations({ a: '5.00', b: '5.01' }));
    expect(refusalOf(decide(allocated, account, policy))).toEqual(refusal);
    const used = accountAfter([ask('CancelCredit', 'k1', { creditId: 'i1' })], policy, account);
    expect(refusalOf(decide(apply(), used, policy))).toEqual({ type: 'CreditUsedUp', creditId: 'i1' });
  });

  it('above the owed amount', () => {
    const large = accountAfter([imported('i2', '100')], policy, account);
    expect(refusalOf(decide(apply({ creditId: 'i2', amount: '18.01' }), large, policy))).toEqual({
      type: 'ApplicationExceedsOwed',
      feeId: null,
      amount: '18.01',
      owed: '18.00',
    });
    expect(refusalOf(decide(apply(allocations({ b: '1', a: '6.01' })), account, policy))).toEqual({
      type: 'ApplicationExceedsOwed',
      feeId: 'a',
      amount: '6.01',
      owed: '6.00',
    });
  });

  it('where nothing is owed', () => {
    const paid = accountAfter([pay('p1', '18')], policy, account);
    expect(refusalOf(decide(apply(), paid, policy))).toEqual({ type: 'NothingOwed', feeId: null });
    expect(refusalOf(decide(apply({ feeIds: ['a'] }), paid, policy))).toEqual({
      type: 'NothingOwed',
      feeId: null,
    });
  });

  it('for a fee that does not exist', () => {
    for (const named of [{ feeIds: ['x'] }, allocations({ x: '1' })]) {
      expect(refusalOf(decide(apply(named), account, policy))).toEqual({ type: 'FeeNotFound', feeId: 'x' });
    }
  });

  it('for a fee that is disputed', () => {
    const before = accountAfter([dispute('a')], policy, account);
    for (const named of [{ feeIds: ['b', 'a'] }, allocations({ a: '1' })]) {
      expect(refusalOf(decide(apply(named), before, policy))).toEqual({ type: 'FeeIsDisputed', feeId: 'a' });
    }
  });

  it('if the amount differs from the sum of the allocations', () => {
    expect(refusalOf(decide(apply({ amount: '3', ...allocations({ a: '2.99' }) }), account, policy))).toEqual(
      {
        type: 'AllocationsDoNotAddUp',
        amount: '3.00',
        allocated: '2.99',
      },
    );
  });

  it('as an invalid command if it allocates nothing: unlike a payment, a credit need not be used', () => {
    expect(refusalOf(decide(apply(allocations({})), account, policy))).toMatchObject({
      type: 'InvalidCommand',
      faults: [{ path: 'allocations' }],
    });
  });

  it('if the sum of the allocations has more digits than an amount may have', () => {
    const most = '9999999999.99';
    const rich = accountAfter([assess('a', most), assess('b', most), imported('i1', most)]);
    expect(refusalOf(decide(apply(allocations({ a: most, b: most })), rich, policy))).toEqual({
      type: 'AmountExceedsCredit',
      creditId: 'i1',
      amount: '19999999999.98',
      unused: most,
    });
  });
});

describe('applyCredit of a set-off credit', () => {
  const lost = accountAfter([assessLost('lost', '60'), waive('w1', 'lost', '20'), assess('other', '5')]);
  const setOff = (more: Partial<CommandOf<'ApplyCredit'>> = {}) => apply({ creditId: 'w1', ...more });

  it.each([
    [{}, '20.00'],
    [{ amount: '5' }, '5.00'],
    [{ feeIds: ['lost'] }, '20.00'],
    [allocations({ lost: '7.00' }), '7.00'],
    [{ amount: '7', ...allocations({ lost: '7.00' }) }, '7.00'],
  ])('reduces the remaining amount of its own fee, on which it is reserved: %j', (named, amount) => {
    expect(factsOf(decide(setOff(named), lost, policy))).toEqual([applied('w1', { lost: amount })]);
    const after = accountAfter([setOff(named)], policy, lost);
    expect(feeNow(after, 'lost').owed).toBe('40.00');
    expect(findFee(after, 'lost')?.settledByCredit.setOff).toBe(Number(amount) * 100);
  });

  it.each([
    [{ feeIds: ['other'] }],
    [{ feeIds: ['lost', 'other'] }],
    [allocations({ other: '1.00' })],
    [allocations({ lost: '1.00', other: '1.00' })],
  ])('is refused for any other fee: %j', (named) => {
    expect(refusalOf(decide(setOff(named), lost, policy))).toEqual({
      type: 'CreditPurposeForbids',
      creditId: 'w1',
      purpose: 'setOff',
    });
  });

  it('is refused above the unused amount, or if the amount differs from the allocations', () => {
    expect(refusalOf(decide(setOff(allocations({ lost: '20.01' })), lost, policy))).toEqual({
      type: 'AmountExceedsCredit',
      creditId: 'w1',
      amount: '20.01',
      unused: '20.00',
    });
    expect(refusalOf(decide(setOff({ amount: '8', ...allocations({ lost: '7' }) }), lost, policy))).toEqual({
      type: 'AllocationsDoNotAddUp',
      amount: '8.00',
      allocated: '7.00',
    });
  });

  it('is refused while its fee is disputed', () => {
    const before = accountAfter([dispute('lost')], policy, lost);
    expect(refusalOf(decide(setOff(), before, policy))).toEqual({ type: 'FeeIsDisputed', feeId: 'lost' });
  });
});
