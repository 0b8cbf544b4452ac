import type { ReverseRefund } from '../commands/creditCommands.js';
import type { DecisionContext } from '../decisionContext.js';
import type { Refusal } from '../rejections/rejection.js';

/** Undoes a refund in full. */
export function reverseRefund({ refundId }: ReverseRefund, context: DecisionContext): Refusal | undefined {
  const refund = context.refund(refundId);
  if (refund === undefined) return { type: 'RefundNotFound', refundId };
  if (refund.reversed) return { type: 'AlreadyUndone', id: refundId };
  context.emit('RefundReversed', {
    reversalId: context.newId(),
    refundId,
    creditId: refund.creditId,
    amount: context.money(refund.amount),
    currency: context.policy.currency,
  });
  return undefined;
}
