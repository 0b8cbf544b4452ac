import { isDate } from '../../input/instant.js';
import { isAccruing } from '../accrual.js';
import { corrupt } from '../corruptHistory.js';
import type { EventOf } from '../events/accountEvent.js';
import { owed } from '../fee.js';
import { extended } from '../lists.js';
import type { AccountState } from '../patronAccount.js';
import { planEndCauses } from '../records.js';
import { addUp, eachOnce, feeOf, lookUp, newUse, positive, record, sum } from './guards.js';
import { addTransaction, transaction } from './newRows.js';

/** Adds a payment plan. Its rules are in decisions/agreePaymentPlan.ts. */
export function paymentPlanAgreed(state: AccountState, event: EventOf<'PaymentPlanAgreed'>): void {
  const { data } = event;
  const { planId } = data;
  const feeIds = [...data.feeIds];
  eachOnce(feeIds);
  const fees = feeIds.map((feeId) => feeOf(state, feeId));
  if (fees.length === 0) corrupt('NotForPaymentPlan', 'at least one fee', 'none');
  for (const fee of fees) {
    if (fee.disputed || isAccruing(fee) || owed(fee) === 0 || fee.planId !== null) {
      const expected = 'fees with something owed, not disputed, not growing, and in no other plan';
      corrupt('NotForPaymentPlan', expected, fee.feeId);
    }
  }
  const instalments = data.instalments.map(({ dueOn, amount }) => ({
    dueOn,
    amount: positive(state, amount, data.currency),
  }));
  for (const [index, { dueOn }] of instalments.entries()) {
    const before = instalments[index - 1]?.dueOn ?? '';
    if (!isDate(dueOn) || dueOn <= before) corrupt('InvalidInstalments', 'dates in ascending order', dueOn);
  }
  addUp(sum(fees.map(owed)), sum(instalments.map(({ amount }) => amount)));
  record(state, event, newUse('paymentPlan', planId, state.paymentPlans.length), 0);
  state.paymentPlans = extended(state.paymentPlans, {
    planId,
    feeIds,
    instalments,
    agreedAt: data.at,
    comment: data.comment ?? null,
    endedAt: null,
    endCause: null,
  });
  for (const fee of fees) {
    fee.planId = planId;
    addTransaction(fee, transaction(data, { kind: 'planAgreed', id: planId, amount: 0 }));
  }
}

/** Ends a payment plan. Its rules are in decisions/endPaymentPlan.ts. */
export function paymentPlanEnded(state: AccountState, event: EventOf<'PaymentPlanEnded'>): void {
  const { data } = event;
  const plan = state.paymentPlans[lookUp(state, 'paymentPlan', data.planId)];
  if (plan === undefined) return corrupt('UnknownPaymentPlan', 'a payment plan of this account', data.planId);
  if (!planEndCauses.includes(data.cause)) corrupt('InvalidPlanEnd', planEndCauses.join(' or '), data.cause);
  const fees = plan.feeIds.map((feeId) => feeOf(state, feeId));
  if (plan.endedAt !== null || sum(fees.map(owed)) === 0) {
    corrupt('PaymentPlanNotRunning', 'a plan on whose fees something is owed', data.planId);
  }
  record(state, event, null, 0);
  plan.endedAt = data.at;
  plan.endCause = data.cause;
  for (const fee of fees) {
    fee.planId = null;
    addTransaction(
      fee,
      transaction(data, {
        kind: 'planEnded',
        id: data.planId,
        amount: 0,
        references: { planEndCause: data.cause },
      }),
    );
  }
}
