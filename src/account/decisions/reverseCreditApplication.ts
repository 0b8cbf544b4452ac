import type { ReverseCreditApplication } from '../commands/creditCommands.js';
import type { DecisionContext } from '../decisionContext.js';
import { standingParts } from '../records.js';
import type { Refusal } from '../rejections/rejection.js';
import { allocationsOf } from '../shares.js';

/** Undoes the use of a credit, except the parts that a cancelled fee has undone before. */
export function reverseCreditApplication(
  { applicationId }: ReverseCreditApplication,
  context: DecisionContext,
): Refusal | undefined {
  const application = context.application(applicationId);
  if (application === undefined) return { type: 'CreditApplicationNotFound', applicationId };
  const parts = standingParts(application);
  if (parts.length === 0) return { type: 'AlreadyUndone', id: applicationId };
  context.emit('CreditApplicationReversed', {
    reversalId: context.newId(),
    applicationId,
    creditId: application.creditId,
    allocations: allocationsOf(parts, context),
    currency: context.policy.currency,
  });
  return undefined;
}
