import type { ReverseWaiver } from '../commands/feeCommands.js';
import { type Credit, unused } from '../credit.js';
import type { DecisionContext } from '../decisionContext.js';
import type { Refusal } from '../rejections/rejection.js';

/** Undoes a waiver. If the waiver became a credit, cancels the credit. */
export function reverseWaiver(command: ReverseWaiver, context: DecisionContext): Refusal | undefined {
  const { waiverId } = command;
  const credit = context.credit(waiverId);
  if (credit?.cause === 'waived') return cancelWaivedCredit(credit, context);
  const waiver = context.waiver(waiverId);
  if (waiver === undefined) return { type: 'WaiverNotFound', waiverId };
  if (waiver.reversed) return { type: 'AlreadyUndone', id: waiverId };
  context.emit('WaiverReversed', {
    reversalId: context.newId(),
    waiverId,
    feeId: waiver.feeId,
    amount: context.money(waiver.amount),
    currency: context.policy.currency,
  });
  return undefined;
}

function cancelWaivedCredit(credit: Credit, context: DecisionContext): Refusal | undefined {
  const { creditId } = credit;
  const left = credit.amount - credit.cancelled;
  if (left === 0) return { type: 'AlreadyUndone', id: creditId };
  if (unused(credit) < left) {
    return {
      type: 'CreditInUse',
      creditId,
      amount: context.money(left),
      unused: context.money(unused(credit)),
    };
  }
  context.emit('CreditCancelled', {
    cancellationId: context.newId(),
    creditId,
    amount: context.money(left),
    currency: context.policy.currency,
  });
  return undefined;
}
