import { close } from '../closing.js';
import type { ReverseCreditApplication } from '../commands/creditCommands.js';
import type { DecisionContext } from '../decisionContext.js';
import { type AppliedPart, unreversedParts } from '../records.js';
import { allocationsOf } from '../shares.js';

/**
 * Undoes the use of a credit, except the parts that a cancelled fee has undone before. Refuses if the closing rules at
 * once apply all of it again.
 */
export function reverseCreditApplication(
  { applicationId }: ReverseCreditApplication,
  context: DecisionContext,
): void {
  const { creditId, ...application } = context.application(applicationId);
  const parts = unreversedParts(application);
  if (parts.length === 0) context.refuse({ type: 'AlreadyUndone', id: applicationId });
  context.emit('CreditApplicationReversed', {
    reversalId: context.newId(),
    applicationId,
    creditId,
    allocations: allocationsOf(parts, context),
  });
  close(context);
  if (parts.every((part) => isAppliedAgain(creditId, part, context))) {
    context.refuse({ type: 'AppliedAgain', creditId, feeId: (parts[0] as AppliedPart).feeId });
  }
}

/** Returns whether the decision has applied the same amount of the credit to the same fee. */
function isAppliedAgain(creditId: string, { feeId, amount }: AppliedPart, context: DecisionContext): boolean {
  const money = context.money(amount);
  return context.events.some(
    ({ type, data }) =>
      type === 'CreditApplied' &&
      data.creditId === creditId &&
      data.allocations.some((part) => part.feeId === feeId && part.amount === money),
  );
}
