import { type Fee, owed } from './fee.js';
import { findFee, type PatronAccount } from './patronAccount.js';
import type { PaymentPlan, PlanEndCause } from './records.js';

/**
 * The status of a payment plan. `running` and `fulfilled` are derived, never stored: if a payment of a fulfilled plan
 * is reversed, the plan runs again.
 *
 * - `running`: something is owed on its fees.
 * - `fulfilled`: nothing is owed on its fees.
 * - `cancelled`, `defaulted`: a person ended it.
 */
export type PaymentPlanStatus = 'running' | 'fulfilled' | PlanEndCause;

/** Returns what was owed on the fees of a plan when it was agreed, in minor units. */
export function planTotal({ instalments }: Pick<PaymentPlan, 'instalments'>): number {
  return instalments.reduce((sum, { amount }) => sum + amount, 0);
}

/** Returns what is owed on the fees of a plan now, in minor units. */
export function planOwed(account: PatronAccount, { feeIds }: Pick<PaymentPlan, 'feeIds'>): number {
  return feeIds.reduce((sum, feeId) => sum + owed(findFee(account, feeId) as Fee), 0);
}

/** Returns the status of a plan, given what is owed on its fees now. */
export function planStatus({ endCause }: Pick<PaymentPlan, 'endCause'>, owedNow: number): PaymentPlanStatus {
  return endCause ?? (owedNow === 0 ? 'fulfilled' : 'running');
}

/**
 * Returns what should have been paid by the end of a day, in minor units.
 *
 * @param plan - a payment plan
 * @param on - the day, a local date `YYYY-MM-DD`
 */
export function planDueUntil({ instalments }: Pick<PaymentPlan, 'instalments'>, on: string): number {
  return instalments.reduce((sum, { dueOn, amount }) => (dueOn <= on ? sum + amount : sum), 0);
}

/**
 * Returns by how much the patron is behind a plan at the end of a day, in minor units: what was due until then, less
 * what the owed amount has decreased by. If more is owed than when it was agreed (a payment bounced), the excess is due
 * too.
 *
 * @param plan - a payment plan
 * @param owedNow - what is owed on its fees, in minor units
 * @param on - the day, a local date `YYYY-MM-DD`
 */
export function planBehind(plan: Pick<PaymentPlan, 'instalments'>, owedNow: number, on: string): number {
  return Math.max(0, planDueUntil(plan, on) - (planTotal(plan) - owedNow));
}
