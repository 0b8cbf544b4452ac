import { applyReserved } from '../closing.js';
import type { CancelFee } from '../commands/feeCommands.js';
import type { DecisionContext } from '../decisionContext.js';
import { type Fee, owed, refundableMoney, transferredAndNotReversed } from '../fee.js';
import type { AppliedPart } from '../records.js';

/**
 * Cancels a fee that was charged in error, in full or in part. The reducer checks the amounts again: of
 * the cancellation in effects/feeEffects.ts, of credits in effects/creditEffects.ts.
 */
export function cancelFee({ feeId, amount }: CancelFee, context: DecisionContext): void {
  const fee = context.fee(feeId);
  if (!isCancellable(fee)) context.refuse({ type: 'NothingToCancel', feeId });
  const most = cancellable(fee);
  const part = amount === undefined ? most : context.minor(amount);
  if (part > most) {
    const money = { amount: context.money(part), cancellable: context.money(most) };
    context.refuse({ type: 'CancellationExceedsFee', feeId, ...money });
  }
  if (part === most) cancelWhole(fee, context);
  else cancelPart(fee, part, context);
}

/** Returns whether anything of a fee can be cancelled. Goodwill applied to the fee counts. */
export function isCancellable(fee: Fee): boolean {
  return cancellable(fee) + fee.settledByCredit.goodwill > 0;
}

/** Cancels a fee in full: undoes the use of goodwill on it and applies the credits reserved for it. */
export function cancelWhole({ feeId }: Fee, context: DecisionContext): void {
  undoGoodwill(feeId, context);
  const fee = context.fee(feeId);
  cancelPart(fee, cancellable(fee), context);
  applyReserved(context, feeId);
}

/** Undoes the use of goodwill on a fee. The same credit's use on other fees is unchanged. */
function undoGoodwill(feeId: string, context: DecisionContext): void {
  if (context.fee(feeId).settledByCredit.goodwill === 0) return;
  for (const { id } of context.transactionsOf(feeId)) {
    const application = context.find('application', id);
    if (application === undefined) continue;
    const part = application.allocations.find((candidate) => candidate.feeId === feeId) as AppliedPart;
    if (part.reversed || context.credit(application.creditId).purpose !== 'goodwill') continue;
    context.follow('CreditApplicationReversed', {
      reversalId: context.newId(),
      applicationId: id,
      creditId: application.creditId,
      allocations: [{ feeId, amount: context.money(part.amount) }],
    });
  }
}

/**
 * Returns the amount of a fee that can be cancelled, in minor units: owed, paid and not given back, or transferred and
 * not reversed.
 */
function cancellable(fee: Fee): number {
  return owed(fee) + refundableMoney(fee) + transferredAndNotReversed(fee);
}

/** Cancels a part of a fee: first what is owed, then money that came in, then what was transferred. */
function cancelPart(fee: Fee, part: number, context: DecisionContext): void {
  const { feeId } = fee;
  const fromOwed = Math.min(part, owed(fee));
  const fromMoney = Math.min(part - fromOwed, refundableMoney(fee));
  const fromTransferred = part - fromOwed - fromMoney;
  context.emit('FeeCancelled', {
    cancellationId: context.newId(),
    feeId,
    amount: context.money(fromOwed),
  });
  const giveBack = (amount: number, purpose: 'refundable' | 'external') => {
    if (amount === 0) return;
    context.emit('CreditIssued', {
      creditId: context.newId(),
      amount: context.money(amount),
      cause: 'cancelled',
      purpose,
      feeId,
      owner: fee.owner,
    });
  };
  giveBack(fromMoney, 'refundable');
  giveBack(fromTransferred, 'external');
}
