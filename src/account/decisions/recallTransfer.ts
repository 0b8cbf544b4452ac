import type { CreditPart } from '../circumstances.js';
import type { RecallTransfer } from '../commands/transferCommands.js';
import { unused } from '../credit.js';
import type { DecisionContext } from '../decisionContext.js';
import { type Fee, openElsewhere } from '../fee.js';

/**
 * Takes back a transfer. The amount is owed here again, less what external credits had already reversed. The reducer
 * checks the amount again in effects/transferEffects.ts.
 */
export function recallTransfer({ transferId, amount }: RecallTransfer, context: DecisionContext): void {
  const transfer = context.transfer(transferId);
  const left = transfer.amount - transfer.settled - transfer.recalled;
  if (left === 0) context.refuse({ type: 'NothingToRecall', transferId });
  const part = amount === undefined ? left : context.minor(amount);
  if (part > left) {
    const recallable = context.money(left);
    context.refuse({ type: 'RecallExceedsTransfer', transferId, amount: context.money(part), recallable });
  }
  const { feeId } = transfer;
  const usedUp = feeId === null ? [] : usedUpCredits(transferId, context.fee(feeId), part, context);
  context.emit('TransferRecalled', {
    recallId: context.newId(),
    transferId,
    amount: context.money(part),
    setOff: usedUp.length > 0 ? usedUp : undefined,
  });
}

/**
 * Returns the parts of the fee's external credits that are used up because they reverse more than is still open in the
 * external system after the recall: first the return's, so that a return before and after the recall costs the same;
 * then oldest first. Never more than is recalled: what reverses an amount that was paid there stays.
 */
function usedUpCredits(transferId: string, fee: Fee, part: number, context: DecisionContext): CreditPart[] {
  const { feeId, transferReversed, transferred } = fee;
  const open = openElsewhere(fee, context.transactionsOf(feeId)) - part;
  let left = Math.min(part, transferReversed - open);
  let reversed = transferReversed;
  const usedUp: CreditPart[] = [];
  const external = context
    .creditsOf(feeId)
    .filter(({ purpose }) => purpose === 'external')
    .sort((a, b) => Number(b.cause === 'returned') - Number(a.cause === 'returned'));
  for (const credit of external) {
    const amount = Math.min(left, unused(credit));
    if (amount <= 0) continue;
    usedUp.push({ creditId: credit.creditId, amount: context.money(amount) });
    left -= amount;
    reversed -= amount;
  }
  const excess = reversed - (transferred - part);
  if (excess > 0) {
    const creditIds = external.filter((credit) => credit.transferred > 0).map(({ creditId }) => creditId);
    context.refuse({ type: 'ReversalAlreadySent', transferId, creditIds, amount: context.money(excess) });
  }
  return usedUp;
}
