import type { EndPaymentPlan } from '../commands/planCommands.js';
import type { DecisionContext } from '../decisionContext.js';
import { type Fee, owed } from '../fee.js';
import { planStatus } from '../paymentPlan.js';
import type { Refusal } from '../rejections/rejection.js';

/** Ends a running payment plan. The rules are checked again in effects/planEffects.ts. */
export function endPaymentPlan(
  { planId, cause }: EndPaymentPlan,
  context: DecisionContext,
): Refusal | undefined {
  const plan = context.paymentPlan(planId);
  if (plan === undefined) return { type: 'PaymentPlanNotFound', planId };
  const owedNow = plan.feeIds.reduce((sum, feeId) => sum + owed(context.fee(feeId) as Fee), 0);
  const status = planStatus(plan, owedNow);
  if (status !== 'running') return { type: 'PaymentPlanNotRunning', planId, status };
  context.emit('PaymentPlanEnded', { planId, cause });
  return undefined;
}
