import { describe, expect, it } from 'vitest';
import { decide, findCredit, findFee, fold } from '../../../src/index.js';
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
  policyWith,
  refusalOf,
  transfer,
  waive,
} from '../../support/account.js';
import { LAW_TIMEOUT_MS } from '../../support/seeded.js';
import { expectUndoing } from '../../support/undoing.js';

const cancel = (id: string, creditId: string, amount?: string) =>
  ask('CancelCredit', id, amount === undefined ? { creditId } : { creditId, amount });

describe('cancelCredit', () => {
  const credited = accountAfter([ask('IssueCredit', 'i1', { amount: '5.00', cause: 'imported' })]);

  it('withdraws the unused amount', () => {
    expect(factsOf(decide({ ...cancel('k1', 'i1'), comment: 'expired' }, credited, policy))).toEqual([
      fact('CreditCancelled', { cancellationId: 'k1', creditId: 'i1', amount: '5.00', comment: 'expired' }),
    ]);
    const used = accountAfter(
      [assess('a', '2.00'), ask('ApplyCredit', 'x1', { creditId: 'i1' })],
      policy,
      credited,
    );
    expect(factsOf(decide(cancel('k1', 'i1'), used, policy))).toMatchObject([{ data: { amount: '3.00' } }]);
  });

  it('withdraws part of it', () => {
    const account = accountAfter([cancel('k1', 'i1', '1.50')], policy, credited);
    expect(creditNow(account, 'i1')).toEqual({ purpose: 'refundable', unused: '3.50', status: 'active' });
  });

  it('is refused above the unused amount', () => {
    expect(refusalOf(decide(cancel('k1', 'i1', '5.01'), credited, policy))).toEqual({
      type: 'AmountExceedsCredit',
      creditId: 'i1',
      amount: '5.01',
      unused: '5.00',
    });
  });

  it('is refused if nothing is unused', () => {
    const account = accountAfter([cancel('k1', 'i1')], policy, credited);
    expect(refusalOf(decide(cancel('k2', 'i1'), account, policy))).toEqual({
      type: 'CreditUsedUp',
      creditId: 'i1',
    });
  });

  it('is refused for a credit that does not exist', () => {
    expect(refusalOf(decide(cancel('k1', 'k1'), credited, policy))).toEqual({
      type: 'CreditNotFound',
      creditId: 'k1',
    });
  });

  it('withdraws a refundable credit: the amount given back on its fee decreases', () => {
    const account = accountAfter([
      assessLost('lost', '60'),
      pay('p1', '60.00'),
      ask('ReturnLostItem', 'r1', { feeIds: ['lost'] }),
    ]);
    expect(findFee(account, 'lost')?.givenBack).toBe(6000);
    const after = accountAfter([cancel('k1', 'r1#1', '20.00')], policy, account);
    expect(findFee(after, 'lost')?.givenBack).toBe(4000);
  });

  it('makes the amount reserved by a set-off credit owed again', () => {
    const account = accountAfter([
      assessLost('lost', '60'),
      waive('w1', 'lost'),
      cancel('k1', 'w1', '20.00'),
    ]);
    expect(feeNow(account, 'lost')).toEqual({ remaining: '60.00', owed: '20.00', status: 'active' });
  });

  it('keeps the amount of a cancelled external credit transferred', () => {
    const account = accountAfter([
      assess('a', '6.00'),
      transfer('t1', 'a'),
      waive('w1', 'a'),
      cancel('k1', 'w1'),
    ]);
    expect(findFee(account, 'a')).toMatchObject({ transferred: 600, transferReversed: 0 });
  });

  it('works if the policy no longer has the reason', () => {
    const command = ask('IssueCredit', 'g1', { amount: '1.00', cause: 'manual', reason: 'GOODWILL' });
    const account = accountAfter([command]);
    expect(decide(cancel('k1', 'g1'), account, forgetfulPolicy).accepted).toBe(true);
  });

  it('restores exactly the balances and the owed amount from before the credit (property)', {
    timeout: LAW_TIMEOUT_MS,
  }, async () => {
    await expectUndoing('IssueCredit', ['goodwill', 'imported'], ({ id }) => [cancel('undo', id)]);
  });
});

describe('cancelCredit of a credit that nobody fetches', () => {
  const rules = policyWith({ forfeitAfterDays: 30, overpayment: 'credit' });
  const forfeit = (creditId: string, at: string, more: object = {}) =>
    ask('CancelCredit', 'k1', { creditId, forfeit: true, at, ...more });
  const paid = accountAfter([pay('p1', '5.00')], rules);
  const [early, due] = ['2026-04-01T08:59:59Z', '2026-04-01T09:00:00Z'];

  it('forfeits it after the days of the policy', () => {
    const from = '2026-04-01T09:00:00Z';
    const refusal = { type: 'CreditNotForfeitable', creditId: 'p1#1', from };
    expect(refusalOf(decide(forfeit('p1#1', early), paid, rules))).toEqual(refusal);
    expect(factsOf(decide(forfeit('p1#1', due, { amount: '2.00' }), paid, rules))).toEqual([
      {
        type: 'CreditCancelled',
        data: {
          cancellationId: 'k1',
          creditId: 'p1#1',
          amount: '2.00',
          currency: 'USD',
          forfeited: true,
          at: due,
        },
      },
    ]);
    const after = accountAfter([forfeit('p1#1', due)], rules, paid);
    expect(creditNow(after, 'p1#1')).toMatchObject({ unused: '0.00', status: 'closed' });
    expect(findCredit(after, 'p1#1')?.transactions.at(-1)).toMatchObject({
      kind: 'creditForfeited',
      amount: 500,
    });
  });

  it('counts the days from the last thing that happened with it', () => {
    const used = accountAfter(
      [
        assess('a', '2.00', { at: '2026-03-20T09:00:00Z' }),
        ask('ApplyCredit', 'x1', { creditId: 'p1#1', at: '2026-03-20T09:00:00Z' }),
      ],
      rules,
      paid,
    );
    expect(refusalOf(decide(forfeit('p1#1', due), used, rules))).toMatchObject({
      from: '2026-04-19T09:00:00Z',
    });
    expect(decide(forfeit('p1#1', '2026-04-19T09:00:00Z'), used, rules).accepted).toBe(true);
  });

  it('forfeits goodwill, too', () => {
    const goodwill = accountAfter([
      ask('IssueCredit', 'g1', { amount: '1.00', cause: 'manual', reason: 'GOODWILL' }),
    ]);
    expect(decide(forfeit('g1', due), goodwill, rules).accepted).toBe(true);
  });

  it('is refused if the policy has no days', () => {
    expect(refusalOf(decide(forfeit('p1#1', due), paid, policy))).toEqual({
      type: 'CreditNotForfeitable',
      creditId: 'p1#1',
      from: null,
    });
    expect(decide(forfeit('p1#1', due, { forfeit: false }), paid, policy).accepted).toBe(true);
  });

  it('is refused for a credit that is neither money nor goodwill', () => {
    const account = accountAfter(
      [
        assessLost('lost', '60'),
        waive('w1', 'lost'),
        assess('a', '6.00'),
        transfer('t1', 'a'),
        waive('w2', 'a'),
      ],
      rules,
    );
    expect(refusalOf(decide(forfeit('w1', due), account, rules))).toEqual({
      type: 'CreditPurposeForbids',
      creditId: 'w1',
      purpose: 'setOff',
    });
    expect(refusalOf(decide(forfeit('w2', due), account, rules))).toMatchObject({ purpose: 'external' });
  });

  it.each(['May', undefined, 5])('treats the invalid time %j of an unchecked history as no time', (at) => {
    const data = { creditId: 'g1', amount: '1.00', currency: 'USD', cause: 'manual', purpose: 'goodwill' };
    const account = fold([{ type: 'CreditIssued', data: { ...data, at } } as never]);
    expect(decide(forfeit('g1', '2020-01-01T00:00:00Z'), account, rules).accepted).toBe(true);
  });
});
