import { DAY_MS, instantOf } from '../input/instant.js';
import { type Fee, owed } from './fee.js';
import { findFee, type PatronAccount } from './patronAccount.js';
import type { PaymentPlan, PlanEndCause } from './records.js';
import type { Transaction } from './transaction.js';

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
 * Returns by how much the patron would be behind a plan at the end of a day if nothing were disputed, in minor units:
 * what was due until then, less what the owed amount has decreased by. If more is owed than when it was agreed (a
 * payment bounced), the excess is due too.
 *
 * @param plan - a payment plan
 * @param owedNow - what is owed on its fees, in minor units
 * @param on - the day, a local date `YYYY-MM-DD`
 */
export function planBehind(plan: Pick<PaymentPlan, 'instalments'>, owedNow: number, on: string): number {
  return Math.max(0, planDueUntil(plan, on) - (planTotal(plan) - owedNow));
}

/**
 * Returns by how much the patron is behind a plan at the end of a day, in minor units. What nobody may pay is not due:
 * of disputed fees, only what was due before the day of the dispute (UTC). So a dispute neither makes nor heals a
 * delay.
 *
 * @param account - the account of the plan
 * @param plan - a payment plan
 * @param on - the day, a local date `YYYY-MM-DD`
 */
export function behindPlan(account: PatronAccount, plan: PaymentPlan, on: string): number {
  const fees = plan.feeIds.map((feeId) => findFee(account, feeId) as Fee);
  const owedNow = planOwed(account, plan);
  const disputed = fees.filter((fee) => fee.disputed).map((fee) => ({ fee, before: dayBeforeDispute(fee) }));
  let behind = 0;
  // Earliest dispute first: what was due before it can be due on any of the fees, what was due since then only on others.
  for (const { fee, before } of disputed.sort((a, b) => (a.before < b.before ? -1 : 1)))
    behind = Math.min(behind + owed(fee), planBehind(plan, owedNow, before));
  const payable = fees.reduce((sum, fee) => (fee.disputed ? sum : sum + owed(fee)), 0);
  return Math.min(behind + payable, planBehind(plan, owedNow, on));
}

/** Returns the day before the one on which the open dispute of a fee began, in UTC. */
function dayBeforeDispute({ disputeId, transactions }: Fee): string {
  const { at } = transactions.find(({ kind, id }) => kind === 'disputed' && id === disputeId) as Transaction;
  return new Date(instantOf(at) - DAY_MS).toISOString().slice(0, 10);
}
