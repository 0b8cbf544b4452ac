import type { CreditPart } from '../circumstances.js';
import type { RecallTransfer } from '../commands/transferCommands.js';
import { unused } from '../credit.js';
import type { DecisionContext } from '../decisionContext.js';
import type { Fee } from '../fee.js';
import type { Refusal } from '../rejections/rejection.js';

/**
 * Takes back a transfer. The amount is owed here again, less what external credits had already reversed. The reducer
 * checks the amount again in effects/transferEffects.ts.
 */
export function recallTransfer(
  { transferId, amount }: RecallTransfer,
  context: DecisionContext,
): Refusal | undefined {
  const transfer = context.transfer(transferId);
  if (transfer === undefined) return { type: 'TransferNotFound', transferId };
  const left = transfer.amount - transfer.settled - transfer.recalled;
  if (left === 0) return { type: 'NothingToRecall', transferId };
  const part = amount === undefined ? left : context.minor(amount);
  if (part > left) {
    const recallable = context.money(left);
    return { type: 'RecallExceedsTransfer', transferId, amount: context.money(part), recallable };
  }
  const fee = transfer.feeId === null ? undefined : context.fee(transfer.feeId);
  const usedUp = fee === undefined ? [] : usedUpCredits(transferId, fee, part, context);
  if ('type' in usedUp) return usedUp;
  context.emit('TransferRecalled', {
    recallId: context.newId(),
    transferId,
    amount: context.money(part),
    currency: context.policy.currency,
    setOff: usedUp.length > 0 ? usedUp : undefined,
  });
  return undefined;
}

/**
 * Returns the parts of the fee's external credits that are used up, oldest first, because they reverse more than
 * remains transferred.
 */
function usedUpCredits(
  transferId: string,
  fee: Fee,
  part: number,
  context: DecisionContext,
): CreditPart[] | Refusal {
  let excess = fee.transferReversed - (fee.transferred - part);
  const usedUp: CreditPart[] = [];
  const external = context.creditsOf(fee.feeId).filter(({ purpose }) => purpose === 'external');
  for (const credit of external) {
    const amount = Math.min(excess, unused(credit));
    if (amount <= 0) continue;
    usedUp.push({ creditId: credit.creditId, amount: context.money(amount) });
    excess -= amount;
  }
  if (excess <= 0) return usedUp;
  const sent = external.filter(({ transferred }) => transferred > 0).map(({ creditId }) => creditId);
  return { type: 'ReversalAlreadySent', transferId, creditIds: sent, amount: context.money(excess) };
}
