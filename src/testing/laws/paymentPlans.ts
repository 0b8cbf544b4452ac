import assert from 'node:assert/strict';
import type { AccountEvent } from '../../account/events/accountEvent.js';
import { balancesInMinorUnits, findFee, type PatronAccount } from '../../account/patronAccount.js';
import { paymentPlans as plansOf } from '../../views/paymentPlan.js';
import type { Story } from '../arbitraries/story.js';
import { inStories, type LawText, type State, statesOf } from './law.js';
import { minorUnits, type ReferenceFee, total } from './referenceModel.js';

type EventOf<Type extends AccountEvent['type']> = Extract<AccountEvent, { readonly type: Type }>;

/** Law 12. */
export const paymentPlans: LawText = {
  number: 12,
  name: 'payment plans',
  sentence:
    'A payment plan moves no money, and its progress is what the owed amount of its fees has decreased by.',
  clauses: [
    inStories('agreeing and ending a plan change no balance and no fee', planMovesNoMoney),
    inStories(
      'instalments add up to what is owed on the fees when the plan is agreed, and follow each other',
      (story) => {
        for (const state of statesOf(story)) checkInstalments(state);
      },
    ),
    inStories('a plan is fulfilled exactly when nothing is owed on its fees', (story) => {
      for (const state of statesOf(story)) checkProgress(state);
    }),
    inStories('a fee in a running plan is never transferred, and never in two plans', (story) => {
      for (const state of statesOf(story)) checkFees(state);
    }),
    inStories(
      'what a patron is behind by grows with the day, to between what can be paid and what is owed',
      (story) => {
        for (const state of statesOf(story)) checkBehind(state);
      },
    ),
  ],
};

function planMovesNoMoney({ steps }: Story): void {
  for (const { command, decision, before, after } of steps) {
    if (command.type !== 'AgreePaymentPlan' && command.type !== 'EndPaymentPlan') continue;
    if (decision.events.length === 0) continue;
    const type = command.type === 'AgreePaymentPlan' ? 'PaymentPlanAgreed' : 'PaymentPlanEnded';
    assert.deepEqual(
      decision.events.map((event) => event.type),
      [type],
      `${command.id} has other events`,
    );
    assert.deepEqual(moneyOf(after), moneyOf(before), `${command.id} moved money`);
  }
}

function moneyOf(account: PatronAccount) {
  return {
    balances: balancesInMinorUnits(account),
    turnover: account.turnover,
    credits: account.credits,
    fees: account.fees.map((fee) => ({ ...fee, planId: null, transactions: null })),
  };
}

function checkInstalments({ step, events, model }: State): void {
  for (const { type, data } of step.decision.events) {
    if (type !== 'PaymentPlanAgreed') continue;
    const amounts = data.instalments.map(({ amount }) => minorUnits(amount));
    const open = total(data.feeIds.map((feeId) => owedOf(feeId, model.fees)));
    assert.equal(total(amounts), open, `${data.planId} does not add up`);
    assert.ok(
      amounts.every((amount) => amount > 0n),
      `${data.planId} has an instalment of zero`,
    );
    const dates = data.instalments.map(({ dueOn }) => dueOn);
    assert.deepEqual(dates, [...new Set(dates)].sort(), `${data.planId} is not in order`);
    assert.equal(planEvents(events).filter(({ planId }) => planId === data.planId).length, 1);
  }
}

function checkProgress({ events, account, model, step }: State): void {
  const views = plansOf(account, step.policy, { on: '2026-04-15' });
  const agreed = planEvents(events);
  assert.deepEqual(
    views.map(({ planId }) => planId),
    agreed.map(({ planId }) => planId),
  );
  for (const [index, { planId, feeIds, instalments }] of agreed.entries()) {
    const view = views[index] as (typeof views)[number];
    const open = total(feeIds.map((feeId) => owedOf(feeId, model.fees)));
    const end = endOf(planId, events);
    assert.equal(view.status, end ?? (open === 0n ? 'fulfilled' : 'running'), `the status of ${planId}`);
    const all = total(instalments.map(({ amount }) => minorUnits(amount)));
    const paid = all > open ? all - open : 0n;
    assert.equal(minorUnits(view.owed), open, `what is owed on ${planId}`);
    assert.equal(minorUnits(view.paid), paid, `what was paid of ${planId}`);
    const left = total(view.instalments.map((instalment) => minorUnits(instalment.open)));
    assert.equal(left, all - paid, `what is left of the instalments of ${planId}`);
  }
}

function checkFees({ step, events, account }: State): void {
  const count = events.length - step.decision.events.length;
  const running = (feeId: string, until: number) => {
    const known = events.slice(0, until);
    return planEvents(known).filter(
      ({ planId, feeIds }) => feeIds.includes(feeId) && endOf(planId, known) === null,
    );
  };
  for (const [index, event] of step.decision.events.entries()) {
    if (event.type !== 'FeeTransferred') continue;
    assert.deepEqual(running(event.data.feeId, count + index), [], `${event.data.feeId} was transferred`);
  }
  for (const { feeId, planId } of account.fees) {
    const plans = running(feeId, events.length).map((plan) => plan.planId);
    assert.deepEqual(plans, planId === null ? [] : [planId], `the plans of ${feeId}`);
  }
}

function checkBehind({ account, step }: State): void {
  const on = ['2026-03-31', '2026-04-01', '2026-04-20', '2026-12-31'];
  for (const { planId } of account.paymentPlans) {
    const views = on.map((day) =>
      plansOf(account, step.policy, { on: day }).find((plan) => plan.planId === planId),
    );
    const behind = views.map((view) => minorUnits(view?.behind ?? '0'));
    for (const [index, amount] of behind.entries()) {
      assert.ok(amount >= (behind[index - 1] ?? 0n), `${planId} is behind by less on a later day`);
    }
    const last = views.at(-1);
    const fees = last?.status === 'running' ? last.fees : [];
    const undisputed = fees.filter(({ feeId }) => !findFee(account, feeId)?.disputed);
    const [open, payable] = [fees, undisputed].map((list) => total(list.map((fee) => minorUnits(fee.owed))));
    const inTheEnd = behind.at(-1) as bigint;
    assert.ok(inTheEnd >= (payable as bigint), `${planId} is behind by all that can be paid in the end`);
    assert.ok(inTheEnd <= (open as bigint), `${planId} is behind by more than is owed`);
    assert.equal(last?.nextDue, null, `${planId} has no instalment after the last`);
  }
}

function owedOf(feeId: string, fees: readonly ReferenceFee[]): bigint {
  const fee = fees.find((one) => one.feeId === feeId);
  assert.ok(fee !== undefined, `there is no fee ${feeId}`);
  return fee.remaining - fee.reserved;
}

function planEvents(events: readonly AccountEvent[]): readonly EventOf<'PaymentPlanAgreed'>['data'][] {
  return events.flatMap((event) => (event.type === 'PaymentPlanAgreed' ? [event.data] : []));
}

/** Returns why a person ended a plan, or null. */
function endOf(planId: string, events: readonly AccountEvent[]): string | null {
  const end = events.find((event) => event.type === 'PaymentPlanEnded' && event.data.planId === planId);
  return end?.type === 'PaymentPlanEnded' ? end.data.cause : null;
}
