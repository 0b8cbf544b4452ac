import { isAccruing } from '../accrual.js';
import type { AgreePaymentPlan } from '../commands/feeCommands.js';
import type { DecisionContext } from '../decisionContext.js';
import { owed } from '../fee.js';

/** Records a payment plan for fees. The rules are checked again in effects/planEffects.ts. */
export function agreePaymentPlan({ feeIds, instalments }: AgreePaymentPlan, context: DecisionContext): void {
  context.refuseIfMerged();
  let open = 0;
  for (const feeId of feeIds) {
    const fee = context.fee(feeId);
    if (fee.disputed) context.refuse({ type: 'FeeIsDisputed', feeId });
    if (isAccruing(fee)) context.refuse({ type: 'FeeStillAccruing', feeId });
    if (owed(fee) === 0) context.refuse({ type: 'NothingOwed', feeId });
    if (fee.planId !== null) context.refuse({ type: 'FeeInPaymentPlan', feeId, planId: fee.planId });
    open += owed(fee);
  }
  const total = instalments.reduce((sum, { amount }) => sum + context.minor(amount), 0);
  if (total !== open) {
    context.refuse({ type: 'InstalmentsDoNotAddUp', total: context.money(total), owed: context.money(open) });
  }
  context.emit('PaymentPlanAgreed', { planId: context.newId(), feeIds, instalments });
}
