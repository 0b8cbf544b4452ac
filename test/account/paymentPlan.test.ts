import { describe, expect, it } from 'vitest';
import {
  behindPlan,
  planBehind,
  planDueUntil,
  planOwed,
  planStatus,
  planTotal,
} from '../../src/account/paymentPlan.js';
import { findPaymentPlan, fold } from '../../src/index.js';
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

  it('is behind by the amount that is due and not paid, or by zero', () => {
    expect(planBehind(plan, 1500, '2026-04-01')).toBe(1000);
    expect(planBehind(plan, 500, '2026-04-01')).toBe(0);
    expect(planBehind(plan, 499, '2026-04-01')).toBe(0);
    expect(planBehind(plan, 501, '2026-04-01')).toBe(1);
    // Of 15.00, 20.00 is owed: an earlier payment bounced.
    expect(planBehind(plan, 2000, '2026-03-31')).toBe(500);
  });

  it.each([
    ['nothing is disputed', [], [0, 1000, 1500]],
    ['one fee is, before anything is due', [['f1', '2026-03-31T23:59:59Z']], [0, 900, 900]],
    ['it is on the day of an instalment', [['f1', '2026-04-01T00:00:00Z']], [0, 900, 900]],
    ['it is the day after, in UTC', [['f1', '2026-04-01T23:30:00-02:00']], [0, 1000, 1500]],
    ['the larger fee is, after one instalment', [['f2', '2026-04-02T09:00:00Z']], [0, 1000, 1500]],
    [
      'both are, before',
      [
        ['f1', '2026-03-02T09:00:00Z'],
        ['f2', '2026-03-03T09:00:00Z'],
      ],
      [0, 0, 0],
    ],
    [
      'both are, the second one first',
      [
        ['f2', '2026-03-02T09:00:00Z'],
        ['f1', '2026-04-02T09:00:00Z'],
      ],
      [0, 600, 600],
    ],
    // What was due before is due once, and not once for each fee.
    [
      'both are, after one instalment',
      [
        ['f1', '2026-04-02T09:00:00Z'],
        ['f2', '2026-04-02T09:00:00Z'],
      ],
      [0, 1000, 1000],
    ],
    [
      'one is before and one after it',
      [
        ['f2', '2026-04-02T09:00:00Z'],
        ['f1', '2026-03-03T09:00:00Z'],
      ],
      [0, 900, 900],
    ],
  ])('is behind by what can be paid if %s', (_when, disputes, expected) => {
    const disputed = disputes.map(([feeId = '', at = ''], index) =>
      event('FeeDisputed', { disputeId: `d${index}`, feeId, at }),
    );
    const now = fold(disputed, account);
    expect(['2026-03-31', '2026-04-01', '2026-05-01'].map((on) => behindPlan(now, plan, on))).toEqual(
      expected,
    );
  });

  it('is behind, once a dispute ends, by all that fell due during the dispute', () => {
    const at = '2026-03-02T09:00:00Z';
    const during = fold([event('FeeDisputed', { disputeId: 'd', feeId: 'f1', at })], account);
    const ended = event('DisputeResolved', {
      disputeId: 'd',
      feeId: 'f1',
      outcome: 'feeStands',
      at: '2026-06-01T09:00:00Z',
    });
    expect([during, fold([ended], during)].map((now) => behindPlan(now, plan, '2026-06-01'))).toEqual([
      900, 1500,
    ]);
    const again = event('FeeDisputed', { disputeId: 'e', feeId: 'f1', at: '2026-06-02T09:00:00Z' });
    expect(behindPlan(fold([ended, again], during), plan, '2026-06-02')).toBe(1500);
  });

  it('has a status', () => {
    expect([planStatus(plan, 1), planStatus(plan, 0)]).toEqual(['running', 'fulfilled']);
    expect(planStatus({ endCause: 'defaulted' }, 0)).toBe('defaulted');
  });
});
