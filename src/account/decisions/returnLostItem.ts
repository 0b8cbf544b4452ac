import { issueEntitlement } from '../closing.js';
import type { ReturnLostItem } from '../commands/feeCommands.js';
import type { DecisionContext } from '../decisionContext.js';

/** Records the return of a lost item and issues the credits that its fees entitle the patron to. */
export function returnLostItem(command: ReturnLostItem, context: DecisionContext): void {
  const loanId = command.loanId as string;
  const feeIds = command.feeIds ?? feesOfLoan(loanId, context);
  if (feeIds.length === 0) context.refuse({ type: 'LostItemFeeNotFound', loanId });
  for (const feeId of feeIds) returnForFee(feeId, context);
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

function returnForFee(feeId: string, context: DecisionContext): void {
  const fee = context.fee(feeId);
  const { feeType } = fee;
  if (!fee.lostItem) context.refuse({ type: 'FeeNotLostItem', feeId });
  if (fee.returned) context.refuse({ type: 'LostItemAlreadyReturned', feeId });
  const rule = context.feeTypeRule(feeType);
  const terms = { refundPercent: rule.refundPercent, unpaid: context.policy.unpaidOnReturn };
  context.emit('LostItemReturned', { returnId: context.newId(), feeId, ...terms });
  issueEntitlement(fee, terms, context, 'emit');
}
