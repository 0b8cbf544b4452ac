import { isAccruing } from '../accrual.js';
import type { AgreePaymentPlan } from '../commands/planCommands.js';
import type { DecisionContext } from '../decisionContext.js';
import { owed } from '../fee.js';
import type { Refusal } from '../rejections/rejection.js';

/** Records a payment plan for fees. The rules are checked again in effects/planEffects.ts. */
export function agreePaymentPlan(command: AgreePaymentPlan, context: DecisionContext): Refusal | undefined {
  const { feeIds, instalments } = command;
  let open = 0;
  for (const feeId of feeIds) {
    const fee = context.fee(feeId);
    if (fee === undefined) return { type: 'FeeNotFound', feeId };
    if (fee.disputed) return { type: 'FeeIsDisputed', feeId };
    if (isAccruing(fee)) return { type: 'FeeStillAccruing', feeId };
    if (owed(fee) === 0) return { type: 'NothingOwed', feeId };
    if (fee.planId !== null) return { type: 'FeeInPaymentPlan', feeId, planId: fee.planId };
    open += owed(fee);
  }
  const total = instalments.reduce((sum, { amount }) => sum + context.minor(amount), 0);
  if (total !== open) {
    return { type: 'InstalmentsDoNotAddUp', total: context.money(total), owed: context.money(open) };
  }
  context.emit('PaymentPlanAgreed', {
    planId: context.newId(),
    feeIds,
    currency: context.policy.currency,
    instalments,
  });
  return undefined;
}
