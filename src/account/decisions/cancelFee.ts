import { applyReserved } from '../closing.js';
import type { CancelFee } from '../commands/feeCommands.js';
import { type Credit, unused } from '../credit.js';
import type { DecisionContext } from '../decisionContext.js';
import { chargeOf, type Fee, givenBackAboveMoneyIn, owed } from '../fee.js';
import type { AppliedPart, CreditApplication } from '../records.js';

/**
 * Cancels a fee that was charged in error, in full or in part. The reducer checks the amounts again: of
 * the cancellation in effects/feeEffects.ts, of credits in effects/creditEffects.ts.
 */
export function cancelFee({ feeId, amount }: CancelFee, context: DecisionContext): void {
  const fee = context.fee(feeId);
  if (!isCancellable(fee, context)) context.refuse({ type: 'NothingToCancel', feeId });
  if (amount === undefined) return cancelWhole(fee, context);
  const [part, most] = [context.minor(amount), cancellable(fee)];
  if (part > most) {
    const money = { amount: context.money(part), cancellable: context.money(most) };
    context.refuse({ type: 'CancellationExceedsFee', feeId, ...money });
  }
  cancelPart(fee, part, context);
}

/**
 * Returns whether anything of a fee can be cancelled. Goodwill applied to the fee and its waivers count, where they can
 * be undone.
 */
export function isCancellable(fee: Fee, context: DecisionContext): boolean {
  if (cancellable(fee) > 0) return true;
  return (
    !coversHandedOut(fee) &&
    (fee.settledByCredit.goodwill + fee.waived > 0 ||
      waiverCredits(fee, context).some((credit) => undoneOfWaiver(credit) > 0))
  );
}

/**
 * Cancels a fee in full: undoes the use of goodwill on it, turns its waivers into cancellations, so that undoing them
 * never charges the patron again, and applies the credits reserved for it.
 */
export function cancelWhole({ feeId }: Fee, context: DecisionContext): void {
  if (!coversHandedOut(context.fee(feeId))) {
    undoGoodwill(feeId, context);
    undoWaivers(feeId, context);
  }
  const fee = context.fee(feeId);
  cancelPart(fee, cancellable(fee), context);
  applyReserved(context, feeId);
}

/**
 * Returns whether waivers, goodwill or a transfer cover money of a fee that was handed out. Undone, the patron would owe
 * that money again.
 */
function coversHandedOut(fee: Fee): boolean {
  return givenBackAboveMoneyIn(fee) > owed(fee);
}

/** Undoes the waivers of a fee. Keeps what was sent to an external system of a waiver, or used up by a recall. */
function undoWaivers(feeId: string, context: DecisionContext): void {
  const fee = context.fee(feeId);
  for (const { kind, id } of context.transactionsOf(feeId)) {
    const waiver = kind === 'waiver' ? context.waiver(id) : undefined;
    if (waiver === undefined || waiver.reversed) continue;
    const amount = context.money(waiver.amount);
    context.follow('WaiverReversed', { reversalId: context.newId(), waiverId: id, feeId, amount });
  }
  const credits = waiverCredits(fee, context);
  // Once for all of them: searching the uses of each credit would take quadratic time.
  const setOff = new Set(
    credits.flatMap(({ purpose, creditId }) => (purpose === 'setOff' ? [creditId] : [])),
  );
  if (setOff.size > 0) undoUses(feeId, ({ creditId }) => setOff.has(creditId), context);
  for (const credit of credits) {
    const { creditId } = credit;
    const amount = undoneOfWaiver(credit);
    if (amount === 0) continue;
    const cancellationId = context.newId();
    context.follow('CreditCancelled', { cancellationId, creditId, amount: context.money(amount) });
  }
}

/** Returns the credits that waivers of a fee became. */
function waiverCredits({ feeId }: Fee, context: DecisionContext): readonly Credit[] {
  return context.creditsOf(feeId).filter(({ cause }) => cause === 'waived');
}

/** Returns how much of a waiver's credit can become a cancellation, in minor units. */
function undoneOfWaiver(credit: Credit): number {
  return credit.purpose === 'setOff' ? credit.amount - credit.cancelled : unused(credit);
}

/** Undoes the use of goodwill on a fee. The same credit's use on other fees is unchanged. */
function undoGoodwill(feeId: string, context: DecisionContext): void {
  if (context.fee(feeId).settledByCredit.goodwill === 0) return;
  undoUses(feeId, ({ creditId }) => context.credit(creditId).purpose === 'goodwill', context);
}

/** Undoes the uses of credits on a fee. */
function undoUses(
  feeId: string,
  isUndone: (use: CreditApplication) => boolean,
  context: DecisionContext,
): void {
  for (const { id } of context.transactionsOf(feeId)) {
    const application = context.find('application', id);
    if (application === undefined || !isUndone(application)) continue;
    const part = application.allocations.find((candidate) => candidate.feeId === feeId) as AppliedPart;
    if (part.reversed) continue;
    context.follow('CreditApplicationReversed', {
      reversalId: context.newId(),
      applicationId: id,
      creditId: application.creditId,
      allocations: [{ feeId, amount: context.money(part.amount) }],
    });
  }
}

/** Returns the amount of a fee that can be cancelled, in minor units: all that is a charge. */
function cancellable(fee: Fee): number {
  const { owed: open, money, transferred } = chargeOf(fee);
  return open + money + transferred;
}

/** Cancels a part of a fee: first what is owed, then money that came in, then what was transferred. */
function cancelPart(fee: Fee, part: number, context: DecisionContext): void {
  const { feeId } = fee;
  const charge = chargeOf(fee);
  const fromOwed = Math.min(part, charge.owed);
  const fromMoney = Math.min(part - fromOwed, charge.money);
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
