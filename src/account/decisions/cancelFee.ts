import { applyReserved } from '../closing.js';
import type { CancelFee } from '../commands/feeCommands.js';
import type { DecisionContext } from '../decisionContext.js';
import { type Fee, owed, refundableMoney, transferredAndNotReversed } from '../fee.js';
import type { Rejection } from '../rejections.js';

/** Takes back a fee that was assessed in error, whole or in part. */
export function cancelFee({ feeId, amount }: CancelFee, context: DecisionContext): Rejection | undefined {
  const fee = context.fee(feeId);
  if (fee === undefined) return { type: 'FeeNotFound', feeId };
  if (!isCancellable(fee)) return { type: 'NothingToCancel', feeId };
  const most = cancellable(fee);
  const part = amount === undefined ? most : context.minor(amount);
  if (part > most) {
    return {
      type: 'CancellationExceedsFee',
      feeId,
      amount: context.money(part),
      cancellable: context.money(most),
    };
  }
  if (part === most) cancelWhole(fee, context);
  else cancelPart(fee, part, context);
  return undefined;
}

/** Tells whether there is anything to cancel on a fee; the goodwill used on it counts. */
export function isCancellable(fee: Fee): boolean {
  return cancellable(fee) + fee.settledByCredit.goodwill > 0;
}

/** Cancels all of a fee: the use of goodwill on it is undone, and what is reserved for it is applied. */
export function cancelWhole({ feeId }: Fee, context: DecisionContext): void {
  undoGoodwill(feeId, context);
  const fee = context.fee(feeId) as Fee;
  cancelPart(fee, cancellable(fee), context);
  applyReserved(context, feeId);
}

/** Takes back what goodwill settled of a fee; what the same credit settled of other fees stays. */
function undoGoodwill(feeId: string, context: DecisionContext): void {
  if (context.fee(feeId)?.settledByCredit.goodwill === 0) return;
  const applied = context.transactionsOf(feeId).filter(({ kind }) => kind === 'creditApplied');
  for (const { id } of applied) {
    const application = context.application(id);
    const part = application?.allocations.find((candidate) => candidate.feeId === feeId);
    if (application === undefined || part === undefined || part.reversed) continue;
    if (context.credit(application.creditId)?.purpose !== 'goodwill') continue;
    context.follow('CreditApplicationReversed', {
      reversalId: context.newId(),
      applicationId: id,
      creditId: application.creditId,
      allocations: [{ feeId, amount: context.money(part.amount) }],
      currency: context.policy.currency,
    });
  }
}

/** What of a fee can be cancelled: owed, paid and not given back, or transferred and not reversed; in minor units. */
function cancellable(fee: Fee): number {
  return owed(fee) + refundableMoney(fee) + transferredAndNotReversed(fee);
}

/** Cancels a part: what is owed first, then money that came in, then what was transferred. */
function cancelPart(fee: Fee, part: number, context: DecisionContext): void {
  const { feeId } = fee;
  const { currency } = context.policy;
  const fromOwed = Math.min(part, owed(fee));
  const fromMoney = Math.min(part - fromOwed, refundableMoney(fee));
  const fromTransferred = part - fromOwed - fromMoney;
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
}
