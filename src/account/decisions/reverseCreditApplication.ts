import type { ReverseCreditApplication } from '../commands/creditCommands.js';
import type { DecisionContext } from '../decisionContext.js';
import type { Rejection } from '../rejections.js';
import { allocationsOf } from '../shares.js';
import { rowNow } from '../workingSet.js';

/** Undoes the use of a credit, whole. */
export function reverseCreditApplication(
  { applicationId }: ReverseCreditApplication,
  context: DecisionContext,
): Rejection | undefined {
  const application = rowNow(context.set, 'application', applicationId);
  if (application === undefined) return { type: 'CreditApplicationNotFound', applicationId };
  if (application.reversed) return { type: 'AlreadyUndone', id: applicationId };
  context.emit('CreditApplicationReversed', {
    reversalId: context.newId(),
    applicationId,
    creditId: application.creditId,
    allocations: allocationsOf(application.allocations, context),
    currency: context.policy.currency,
  });
  return undefined;
}
