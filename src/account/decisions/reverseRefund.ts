import type { ReverseRefund } from '../commands/creditCommands.js';
import type { DecisionContext } from '../decisionContext.js';

/** Undoes a refund in full. */
export function reverseRefund({ refundId }: ReverseRefund, context: DecisionContext): void {
  const refund = context.refund(refundId);
  if (refund.reversed) context.refuse({ type: 'AlreadyUndone', id: refundId });
  context.emit('RefundReversed', {
    reversalId: context.newId(),
    refundId,
    creditId: refund.creditId,
    amount: context.money(refund.amount),
  });
}
