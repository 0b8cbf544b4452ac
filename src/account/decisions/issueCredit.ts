import { knownCodes } from '../../policy/knownCodes.js';
import type { IssueCredit } from '../commands/creditCommands.js';
import type { DecisionContext } from '../decisionContext.js';

/**
 * Issues a credit that staff give, which needs a reason of the policy, or takes one over from another system. The
 * reducer checks the purpose again in effects/creditEffects.ts.
 */
export function issueCredit(command: IssueCredit, context: DecisionContext): void {
  const { amount, cause, owner, item, reason } = command;
  context.refuseIfMerged();
  const isKnown = reason !== undefined && Object.hasOwn(context.policy.creditReasons, reason);
  if (cause === 'manual' && !isKnown) {
    const known = knownCodes(reason, Object.keys(context.policy.creditReasons));
    context.refuse({ type: 'ReasonUnknown', list: 'creditReasons', reason: reason ?? null, known });
  }
  context.emit('CreditIssued', {
    creditId: context.newId(),
    amount,
    cause,
    purpose: cause === 'manual' ? 'goodwill' : (command.purpose ?? 'refundable'),
    owner,
    item,
  });
}
