import { describe, expect, it } from 'vitest';
import { planBehind, planDueUntil, planOwed, planStatus, planTotal } from '../../src/account/paymentPlan.js';
import { findPaymentPlan } from '../../src/index.js';
import { accountOf, assessed, event } from '../support/events.js';

const account = accountOf(
  assessed('f1', '6.00'),
  assessed('f2', '9.00'),
  event('PaymentPlanAgreed', {
    planId: 'n1',
    feeIds: ['f1', 'f2'],
    instalments: [
      { dueOn: '2026-04-01', amount: '10.00' },
      { dueOn: '2026-05-01', amount: '5.00' },
    ],
  }),
);
const plan = account.paymentPlans[0] as (typeof account.paymentPlans)[number];

describe('a payment plan', () => {
  it('is found by its id only', () => {
    expect(findPaymentPlan(account, 'n1')).toBe(plan);
    expect(findPaymentPlan(account, 'f1')).toBeUndefined();
  });

  it('is due at the end of the day of each instalment', () => {
    expect(['2026-03-31', '2026-04-01', '2026-05-01'].map((on) => planDueUntil(plan, on))).toEqual([
      0, 1000, 1500,
    ]);
    expect([planTotal(plan), planOwed(account, plan)]).toEqual([1500, 1500]);
  });

  it('is behind by what is due and was not paid, never by less than nothing', () => {
    expect(planBehind(plan, 1500, '2026-04-01')).toBe(1000);
    expect(planBehind(plan, 500, '2026-04-01')).toBe(0);
    expect(planBehind(plan, 499, '2026-04-01')).toBe(0);
    expect(planBehind(plan, 501, '2026-04-01')).toBe(1);
    // Of 15.00, 20.00 is owed: an earlier payment bounced.
    expect(planBehind(plan, 2000, '2026-03-31')).toBe(500);
  });

  it('has a status', () => {
    expect([planStatus(plan, 1), planStatus(plan, 0)]).toEqual(['running', 'fulfilled']);
    expect(planStatus({ endCause: 'defaulted' }, 0)).toBe('defaulted');
  });
});
