import type { ReverseCreditApplication } from '../commands/creditCommands.js';
import type { DecisionContext } from '../decisionContext.js';
import { unreversedParts } from '../records.js';
import { allocationsOf } from '../shares.js';

/** Undoes the use of a credit, except the parts that a cancelled fee has undone before. */
export function reverseCreditApplication(
  { applicationId }: ReverseCreditApplication,
  context: DecisionContext,
): void {
  const application = context.application(applicationId);
  const parts = unreversedParts(application);
  if (parts.length === 0) context.refuse({ type: 'AlreadyUndone', id: applicationId });
  context.emit('CreditApplicationReversed', {
    reversalId: context.newId(),
    applicationId,
    creditId: application.creditId,
    allocations: allocationsOf(parts, context),
  });
}
