import { describe, expect, it } from 'vitest';
import { balancesInMinorUnits, decide, findFee, findPaymentPlan } from '../../../src/index.js';
import {
  accountAfter,
  ask,
  assess,
  assessLost,
  fact,
  factsOf,
  pay,
  policy,
  refusalOf,
  waive,
} from '../../support/account.js';

const instalments = [
  { dueOn: '2026-04-01', amount: '8' },
  { dueOn: '2026-05-01', amount: '7.00' },
];
const agree = (id: string, feeIds: readonly string[], of: readonly object[] = instalments) =>
  ask('AgreePaymentPlan', id, { feeIds, instalments: of as typeof instalments });

describe('agreePaymentPlan', () => {
  const two = accountAfter([assess('a', '6.00'), assess('b', '9.00'), assess('c', '1.00')]);

  it('records the plan with canonical amounts, and nothing else', () => {
    const why = { reason: 'hardship', comment: 'agreed by phone', staffNote: 'call again' };
    const decision = decide({ ...agree('n1', ['b', 'a']), ...why }, two, policy);
    expect(factsOf(decision)).toEqual([
      fact('PaymentPlanAgreed', {
        planId: 'n1',
        feeIds: ['b', 'a'],
        instalments: [
          { dueOn: '2026-04-01', amount: '8.00' },
          { dueOn: '2026-05-01', amount: '7.00' },
        ],
        ...why,
      }),
    ]);
    const after = accountAfter([agree('n1', ['b', 'a'])], policy, two);
    expect(balancesInMinorUnits(after)).toEqual(balancesInMinorUnits(two));
    expect(['a', 'b', 'c'].map((feeId) => findFee(after, feeId)?.planId)).toEqual(['n1', 'n1', null]);
    expect(findPaymentPlan(after, 'n1')).toMatchObject({ feeIds: ['b', 'a'], endedAt: null, endCause: null });
  });

  it('counts what is owed: set-off credits and paid parts are deducted', () => {
    const account = accountAfter([
      assessLost('l', '60'),
      waive('w1', 'l', '20'),
      pay('p1', '10', { feeIds: ['l'] }),
    ]);
    const of = (amount: string) => agree('n1', ['l'], [{ dueOn: '2026-04-01', amount }]);
    expect(decide(of('30.00'), account, policy).accepted).toBe(true);
    expect(refusalOf(decide(of('50.00'), account, policy))).toEqual({
      type: 'InstalmentsDoNotAddUp',
      total: '50.00',
      owed: '30.00',
    });
  });

  it('is refused for a fee that is unknown, disputed, growing, paid, or in a running plan', () => {
    const fine = { feeId: 'fine', feeType: 'OVERDUEFINE', total: '5', owner: 'MAIN' };
    const account = accountAfter(
      [
        ask('AccrueFine', 'night', fine),
        ask('DisputeFee', 'd1', { feeId: 'a' }),
        pay('p1', '1', { feeIds: ['c'] }),
        agree('n1', ['b'], [{ dueOn: '2026-04-01', amount: '9.00' }]),
      ],
      policy,
      two,
    );
    const refused = (feeId: string) => refusalOf(decide(agree('n2', [feeId]), account, policy));
    expect(refused('z')).toEqual({ type: 'FeeNotFound', feeId: 'z' });
    expect(refused('a')).toEqual({ type: 'FeeIsDisputed', feeId: 'a' });
    expect(refused('fine')).toEqual({ type: 'FeeStillAccruing', feeId: 'fine' });
    expect(refused('c')).toEqual({ type: 'NothingOwed', feeId: 'c' });
    expect(refused('b')).toEqual({ type: 'FeeInPaymentPlan', feeId: 'b', planId: 'n1' });
    const ended = ask('EndPaymentPlan', 'e1', { planId: 'n1', cause: 'cancelled' });
    const again = agree('n2', ['b'], [{ dueOn: '2026-04-01', amount: '9.00' }]);
    expect(accountAfter([ended, again], policy, account).paymentPlans.length).toBe(2);
  });

  it.each([
    ['no instalments', []],
    ['two on one day', [instalments[0], instalments[0]]],
    ['a later one first', [instalments[1], instalments[0]]],
    ['a day that does not exist', [{ dueOn: '2026-02-29', amount: '15' }]],
    ['an instant instead of a day', [{ dueOn: '2026-04-01T00:00:00Z', amount: '15' }]],
    ['an instalment of zero', [{ dueOn: '2026-04-01', amount: '0' }]],
    ['an unknown field', [{ dueOn: '2026-04-01', amount: '15', paid: true }]],
  ])('is invalid with %s', (_, of) => {
    expect(refusalOf(decide(agree('n1', ['a', 'b'], of as never), two, policy)).type).toBe('InvalidCommand');
  });

  it('keeps its fees from transfers until it ends', () => {
    const all = ask('TransferFees', 't1', { eligible: { fees: {} } });
    const agreed = accountAfter([agree('n1', ['a', 'b'])], policy, two);
    expect(factsOf(decide(all, agreed, policy)).map(({ data }) => 'feeId' in data && data.feeId)).toEqual([
      'c',
    ]);
    const named = ask('TransferFees', 't1', { fees: [{ feeId: 'a' }] });
    expect(refusalOf(decide(named, agreed, policy))).toEqual({
      type: 'FeeInPaymentPlan',
      feeId: 'a',
      planId: 'n1',
    });
    const ended = ask('EndPaymentPlan', 'e1', { planId: 'n1', cause: 'defaulted' });
    expect(factsOf(decide(all, accountAfter([ended], policy, agreed), policy)).length).toBe(3);
  });
});
