import type { ReverseWaiver } from '../commands/feeCommands.js';
import { type Credit, unused } from '../credit.js';
import type { DecisionContext } from '../decisionContext.js';

/** Undoes a waiver. If the waiver became a credit, cancels the credit. */
export function reverseWaiver({ waiverId }: ReverseWaiver, context: DecisionContext): void {
  const credit = context.find('credit', waiverId);
  if (credit?.cause === 'waived') return cancelWaivedCredit(credit, context);
  const waiver = context.waiver(waiverId);
  if (waiver.reversed) context.refuse({ type: 'AlreadyUndone', id: waiverId });
  context.emit('WaiverReversed', {
    reversalId: context.newId(),
    waiverId,
    feeId: waiver.feeId,
    amount: context.money(waiver.amount),
  });
}

function cancelWaivedCredit(credit: Credit, context: DecisionContext): void {
  const { creditId } = credit;
  const left = credit.amount - credit.cancelled;
  if (left === 0) context.refuse({ type: 'AlreadyUndone', id: creditId });
  const amount = context.money(left);
  if (unused(credit) < left) {
    context.refuse({ type: 'CreditInUse', creditId, amount, unused: context.money(unused(credit)) });
  }
  context.emit('CreditCancelled', { cancellationId: context.newId(), creditId, amount });
}
