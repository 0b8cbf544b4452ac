import { describe, expect, it } from 'vitest';
import { type CommandOf, decide, type PatronAccount } from '../../../src/index.js';
import { moveCommand } from '../../../src/testing/arbitraries/moveCommand.js';
import type { Move } from '../../../src/testing/arbitraries/moves.js';
import { usualPolicies } from '../../../src/testing/arbitraries/policies.js';
import { accountOf, assessed, event } from '../../support/events.js';

const [policy] = usualPolicies as [(typeof usualPolicies)[number]];
const plain: Move = {
  ...{ kind: 'agreePlan', pick: 0, other: 1, amount: 250, flag: false, sensible: true, policy: 'same' },
};
const two = accountOf(
  ...[
    assessed('f1', '10.00', { currency: policy.currency }),
    assessed('f2', '5.00', { currency: policy.currency }),
  ],
);
const command = (more: Partial<Move>, account: PatronAccount = two) =>
  moveCommand({ ...plain, ...more }, 'c7', account, policy);

describe('the moves of payment plans', () => {
  it('agree on fees with something owed, in one to three instalments', () => {
    const one = command({});
    expect(one).toMatchObject({ type: 'AgreePaymentPlan', feeIds: ['f1', 'f2'] });
    expect(decide(one, two, policy).accepted).toBe(true);
    expect(
      [0, 1, 2].map((other) => (command({ other }) as CommandOf<'AgreePaymentPlan'>).instalments.length),
    ).toEqual([1, 2, 3]);
  });

  it('sometimes do not add up', () => {
    expect(decide(command({ other: 12 }), two, policy)).toMatchObject({
      rejection: { type: 'InstalmentsDoNotAddUp' },
    });
  });

  it('end a running plan, or agree on one first', () => {
    expect(command({ kind: 'endPlan' })).toMatchObject({ type: 'AgreePaymentPlan' });
    const instalments = [{ dueOn: '2026-04-01', amount: '10.00' }];
    const plan = event('PaymentPlanAgreed', {
      planId: 'n1',
      feeIds: ['f1'],
      currency: policy.currency,
      instalments,
    });
    const account = accountOf(assessed('f1', '10.00', { currency: policy.currency }), plan);
    expect(command({ kind: 'endPlan' }, account)).toMatchObject({ planId: 'n1', cause: 'defaulted' });
    expect(command({ kind: 'endPlan', flag: true }, account)).toMatchObject({ cause: 'cancelled' });
    expect(command({ kind: 'endPlan', sensible: false })).toMatchObject({ planId: expect.any(String) });
  });
});
