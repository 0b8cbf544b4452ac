import { describe, expect, it } from 'vitest';
import { balancesInMinorUnits, decide, findFee, findPaymentPlan } from '../../../src/index.js';
import {
  accountAfter,
  ask,
  assess,
  at,
  fact,
  factsOf,
  pay,
  policy,
  refusalOf,
} from '../../support/account.js';

const end = (id: string, cause: 'cancelled' | 'defaulted' = 'defaulted') =>
  ask('EndPaymentPlan', id, { planId: 'n1', cause });

describe('endPaymentPlan', () => {
  const instalments = [{ dueOn: '2026-04-01', amount: '6.00' }];
  const agreed = accountAfter([
    assess('a', '6.00'),
    ask('AgreePaymentPlan', 'n1', { feeIds: ['a'], instalments }),
  ]);

  it('ends the plan and changes no balance', () => {
    expect(factsOf(decide(end('e1'), agreed, policy))).toEqual([
      fact('PaymentPlanEnded', { planId: 'n1', cause: 'defaulted' }),
    ]);
    const after = accountAfter([end('e1')], policy, agreed);
    expect(balancesInMinorUnits(after)).toEqual(balancesInMinorUnits(agreed));
    expect(findPaymentPlan(after, 'n1')).toMatchObject({ endedAt: at, endCause: 'defaulted' });
    expect(findFee(after, 'a')?.planId).toBeNull();
  });

  it('is refused for an unknown, fulfilled or ended plan', () => {
    expect(refusalOf(decide({ ...end('e1'), planId: 'a' }, agreed, policy))).toEqual({
      type: 'PaymentPlanNotFound',
      planId: 'a',
    });
    const paid = accountAfter([pay('p1', '6')], policy, agreed);
    expect(refusalOf(decide(end('e1'), paid, policy))).toEqual({
      type: 'PaymentPlanNotRunning',
      planId: 'n1',
      status: 'fulfilled',
    });
    const ended = accountAfter([end('e1', 'cancelled')], policy, agreed);
    expect(refusalOf(decide(end('e2'), ended, policy))).toEqual({
      type: 'PaymentPlanNotRunning',
      planId: 'n1',
      status: 'cancelled',
    });
  });

  it('can end a fulfilled plan after its payment bounced', () => {
    const bounced = accountAfter(
      [pay('p1', '6'), ask('ReversePayment', 'r1', { paymentId: 'p1' })],
      policy,
      agreed,
    );
    expect(findFee(bounced, 'a')?.planId).toBe('n1');
    expect(decide(end('e1'), bounced, policy).accepted).toBe(true);
  });

  it('is invalid with another cause', () => {
    const command = { ...end('e1'), cause: 'imported' as 'cancelled' };
    expect(refusalOf(decide(command, agreed, policy)).type).toBe('InvalidCommand');
  });
});
