import { applyReserved } from '../closing.js';
import type { CancelFee } from '../commands/feeCommands.js';
import type { DecisionContext } from '../decisionContext.js';
import { type Fee, owed, refundableMoney, transferredAndNotReversed } from '../fee.js';
import type { Rejection } from '../rejections.js';

/** Takes back a fee that was assessed in error, whole or in part. */
export function cancelFee({ feeId, amount }: CancelFee, context: DecisionContext): Rejection | undefined {
  const fee = context.fee(feeId);
  if (fee === undefined) return { type: 'FeeNotFound', feeId };
  const whole = cancellable(fee);
  if (whole === 0) return { type: 'NothingToCancel', feeId };
  const part = amount === undefined ? whole : context.minor(amount);
  if (part > whole) {
    return {
      type: 'CancellationExceedsFee',
      feeId,
      amount: context.money(part),
      cancellable: context.money(whole),
    };
  }
  cancelPart(fee, part, context);
  return undefined;
}

/** What of a fee can be cancelled: owed, paid and not given back, or transferred and not reversed; in minor units. */
export function cancellable(fee: Fee): number {
  return owed(fee) + refundableMoney(fee) + transferredAndNotReversed(fee);
}

/** Cancels a part: what is owed first, then money that came in, then what was transferred. */
export function cancelPart(fee: Fee, part: number, context: DecisionContext): void {
  const { feeId } = fee;
  const { currency } = context.policy;
  const fromOwed = Math.min(part, owed(fee));
  const fromMoney = Math.min(part - fromOwed, refundableMoney(fee));
  const fromTransferred = part - fromOwed - fromMoney;
  const everything = part === cancellable(fee);
  context.emit('FeeCancelled', {
    cancellationId: context.newId(),
    feeId,
    amount: context.money(fromOwed),
    currency,
  });
  const giveBack = (amount: number, purpose: 'refundable' | 'external') => {
    if (amount === 0) return;
    context.emit('CreditIssued', {
      creditId: context.newId(),
      amount: context.money(amount),
      currency,
      cause: 'cancelled',
      purpose,
      feeId,
      owner: fee.owner,
    });
  };
  giveBack(fromMoney, 'refundable');
  giveBack(fromTransferred, 'external');
  if (everything) applyReserved(context, feeId);
}
