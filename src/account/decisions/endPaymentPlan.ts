import type { EndPaymentPlan } from '../commands/feeCommands.js';
import type { DecisionContext } from '../decisionContext.js';
import { owed } from '../fee.js';
import { planStatus } from '../paymentPlan.js';

/** Ends a running payment plan. The rules are checked again in effects/planEffects.ts. */
export function endPaymentPlan({ planId, cause }: EndPaymentPlan, context: DecisionContext): void {
  const plan = context.paymentPlan(planId);
  const owedNow = plan.feeIds.reduce((sum, feeId) => sum + owed(context.fee(feeId)), 0);
  const status = planStatus(plan, owedNow);
  if (status !== 'running') context.refuse({ type: 'PaymentPlanNotRunning', planId, status });
  context.emit('PaymentPlanEnded', { planId, cause });
}
