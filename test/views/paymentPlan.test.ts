import { describe, expect, it } from 'vitest';
import { type Command, definePolicy, fold } from '../../src/index.js';
import { finesAndFees, paymentPlan, paymentPlans, receipt } from '../../src/views/index.js';
import { runningPlans } from '../../src/views/paymentPlan.js';
import { accountAfter, ask, assess, pay, policy } from '../support/account.js';
import { errorOf } from '../support/events.js';

const item = { title: 'Walden' };
const agreed: readonly Command[] = [
  assess('f1', '60.00', { item }),
  assess('f2', '30.00', { feeType: 'OTHER' }),
  ask('AgreePaymentPlan', 'n1', {
    feeIds: ['f1', 'f2'],
    comment: 'agreed by phone',
    instalments: [
      { dueOn: '2026-04-01', amount: '30.00' },
      { dueOn: '2026-05-01', amount: '30.00' },
      { dueOn: '2026-06-01', amount: '30.00' },
    ],
  }),
];
const accountWith = (...more: readonly Command[]) => accountAfter([...agreed, ...more]);
const on = (day: string, ...more: readonly Command[]) =>
  paymentPlan(accountWith(...more), policy, { planId: 'n1', on: day });
const payment = pay('p1', '40.00', { feeIds: ['f1', 'f2'] });

describe('paymentPlan', () => {
  it('shows the terms, what was paid and what is due', () => {
    expect(on('2026-05-01', payment)).toStrictEqual({
      planId: 'n1',
      status: 'running',
      currency: 'USD',
      agreedAt: '2026-03-02T09:00:00Z',
      endedAt: null,
      comment: 'agreed by phone',
      total: '90.00',
      paid: '40.00',
      owed: '50.00',
      fees: [
        { feeId: 'f1', feeType: 'OVERDUEFINE', feeTypeLabel: 'Overdue fine', title: 'Walden', owed: '20.00' },
        { feeId: 'f2', feeType: 'OTHER', feeTypeLabel: 'Other', title: null, owed: '30.00' },
      ],
      instalments: [
        { dueOn: '2026-04-01', amount: '30.00', open: '0.00' },
        { dueOn: '2026-05-01', amount: '30.00', open: '20.00' },
        { dueOn: '2026-06-01', amount: '30.00', open: '30.00' },
      ],
      on: '2026-05-01',
      dueUntil: '60.00',
      behind: '20.00',
      nextDue: { dueOn: '2026-06-01', amount: '30.00' },
    });
  });

  it('names the next instalment that is not paid', () => {
    expect(on('2026-03-31')).toMatchObject({
      behind: '0.00',
      nextDue: { dueOn: '2026-04-01', amount: '30.00' },
    });
    expect(on('2026-03-31', payment).nextDue).toEqual({ dueOn: '2026-05-01', amount: '20.00' });
    expect(on('2026-06-01', payment)).toMatchObject({ behind: '50.00', nextDue: null });
  });

  it('counts a waiver, a cancellation and a return as progress, and a bounced payment as a step back', () => {
    const waiver = ask('WaiveFees', 'w1', { fees: [{ feeId: 'f2' }], reason: 'OTHER' });
    expect(on('2026-04-01', waiver)).toMatchObject({ paid: '30.00', behind: '0.00' });
    const bounced = ask('ReversePayment', 'r1', { paymentId: 'p1' });
    expect(on('2026-04-01', payment, bounced)).toMatchObject({ paid: '0.00', behind: '30.00' });
  });

  it('is behind from the first day by the amount of an earlier payment that bounced', () => {
    const early = accountAfter([assess('f1', '10.00'), pay('p0', '4.00')]);
    const plan = ask('AgreePaymentPlan', 'n1', {
      feeIds: ['f1'],
      instalments: [{ dueOn: '2026-04-01', amount: '6.00' }],
    });
    const account = accountAfter([plan, ask('ReversePayment', 'r0', { paymentId: 'p0' })], policy, early);
    expect(paymentPlan(account, policy, { planId: 'n1', on: '2026-03-05' })).toMatchObject({
      ...{ total: '6.00', paid: '0.00', owed: '10.00', behind: '4.00' },
    });
  });

  it('is fulfilled when nothing is owed, and is never behind or due after its end', () => {
    const rest = pay('p2', '90.00', { feeIds: ['f1', 'f2'] });
    expect(on('2027-01-01', rest)).toMatchObject({ status: 'fulfilled', behind: '0.00', nextDue: null });
    const end = ask('EndPaymentPlan', 'e1', { planId: 'n1', cause: 'defaulted', at: '2026-07-01T09:00:00Z' });
    expect(on('2026-05-15', end)).toMatchObject({
      ...{
        status: 'defaulted',
        endedAt: '2026-07-01T09:00:00Z',
        behind: '0.00',
        nextDue: null,
        dueUntil: '60.00',
      },
    });
  });

  it('throws for an unknown plan, an invalid day and an invalid policy', () => {
    const asked = (options: object) =>
      errorOf(() => paymentPlan(accountWith(), policy, options as never)).code;
    expect(asked({ planId: 'n2', on: '2026-04-01' })).toBe('NOT_FOUND');
    expect(asked({ planId: 'n1', on: '2026-04-31' })).toBe('INVALID_ARGUMENT');
    expect(asked({ planId: 'n1' })).toBe('INVALID_ARGUMENT');
    expect(errorOf(() => paymentPlans(accountWith(), policy, {} as never)).code).toBe('INVALID_ARGUMENT');
    expect(errorOf(() => paymentPlans(fold([]), {} as never, { on: '2026-04-01' })).code).toBe(
      'INVALID_POLICY',
    );
  });
});

describe('the messages of paymentPlan and paymentPlans', () => {
  it('name the plan that the account does not have', () => {
    expect(
      errorOf(() => paymentPlan(accountWith(), policy, { planId: 'n2', on: '2026-04-01' })),
    ).toMatchObject({
      message: 'NOT_FOUND: the account has no payment plan n2',
      details: { planId: 'n2' },
    });
  });

  it('name the option that is invalid', () => {
    const nothing = {} as never;
    expect(errorOf(() => paymentPlan(accountWith(), policy, nothing)).message).toMatch(
      /^INVALID_ARGUMENT: options\.planId: missing .*; options\.on: missing /,
    );
    expect(errorOf(() => paymentPlans(accountWith(), policy, nothing)).message).toMatch(
      /^INVALID_ARGUMENT: options\.on: missing /,
    );
  });
});

describe('payment plans in other views', () => {
  it('lists all plans of an account, and those that run', () => {
    const end = ask('EndPaymentPlan', 'e1', { planId: 'n1', cause: 'cancelled' });
    const second = ask('AgreePaymentPlan', 'n2', {
      feeIds: ['f2'],
      instalments: [{ dueOn: '2026-09-01', amount: '30.00' }],
    });
    const account = accountWith(end, second);
    expect(paymentPlans(account, policy, { on: '2026-04-01' }).map(({ status }) => status)).toEqual([
      'cancelled',
      'running',
    ]);
    expect(runningPlans(account, policy).map(({ planId }) => planId)).toEqual(['n2']);
  });

  it('name the plan of a fee in its row and on the receipt', () => {
    const account = accountWith(payment);
    const { rows } = finesAndFees(account, policy, { status: 'all' });
    expect(rows.map((row) => row.kind === 'fee' && row.planId)).toEqual(['n1', 'n1']);
    const { allocations } = receipt(account, definePolicy({ currency: 'USD' }), { paymentId: 'p1' });
    expect(allocations.map(({ planId }) => planId)).toEqual(['n1']);
  });
});
