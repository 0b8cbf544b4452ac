import { feeTypeRule } from '../../policy/feePolicy.js';
import type { ReturnLostItem } from '../commands/feeCommands.js';
import type { DecisionContext } from '../decisionContext.js';
import { issueEntitlement } from '../entitlement.js';
import type { Refusal } from '../rejections/rejection.js';

/** Records the return of a lost item and gives the patron what its fees entitle to. */
export function returnLostItem(command: ReturnLostItem, context: DecisionContext): Refusal | undefined {
  const feeIds = command.feeIds ?? feesOfLoan(command.loanId as string, context);
  if (feeIds.length === 0) return { type: 'LostItemFeeNotFound', loanId: command.loanId as string };
  for (const feeId of feeIds) {
    const rejection = returnForFee(feeId, context);
    if (rejection !== undefined) return rejection;
  }
  return undefined;
}

/**
 * Returns the lost-item fees of a loan that are not returned yet. If all are returned, returns all of them, so that the
 * rejection can name one.
 */
function feesOfLoan(loanId: string, context: DecisionContext): string[] {
  const fees = context.fees().filter((fee) => fee.lostItem && fee.loanId === loanId);
  const waiting = fees.filter((fee) => !fee.returned);
  return (waiting.length > 0 ? waiting : fees).map(({ feeId }) => feeId);
}

function returnForFee(feeId: string, context: DecisionContext): Refusal | undefined {
  const fee = context.fee(feeId);
  if (fee === undefined) return { type: 'FeeNotFound', feeId };
  if (!fee.lostItem) return { type: 'FeeNotLostItem', feeId };
  if (fee.returned) return { type: 'LostItemAlreadyReturned', feeId };
  const rule = feeTypeRule(context.policy, fee.feeType);
  if (rule === undefined) return { type: 'FeeTypeUnknown', feeType: fee.feeType };
  const terms = { refundPercent: rule.refundPercent, unpaid: context.policy.unpaidOnReturn };
  context.emit('LostItemReturned', { returnId: context.newId(), feeId, ...terms });
  issueEntitlement(fee, terms, context, context.emit);
  return undefined;
}
