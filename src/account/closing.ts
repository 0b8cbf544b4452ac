import { unused } from './credit.js';
import type { DecisionContext } from './decisionContext.js';
import { issueEntitlement } from './entitlement.js';
import { type Fee, givenBackAboveMoneyIn, owed } from './fee.js';
import { takeBackAfterEnd } from './takeBackAccrued.js';

/**
 * Applies the closing rules at the end of every decision. They run automatically, in this order:
 *
 * 1. A fee that gave back more than came in (a cheque bounced after the item was returned) uses its own unused
 *    refundable credits, oldest first. So only what was really refunded in cash, or spent on other fees, is owed again.
 * 2. The missing part of a returned fee's entitlement is issued.
 * 3. A fine that has stopped growing and was charged above its total is reduced as far as it is owed.
 * 4. If anything but a waiver brought what is owed to 0 while a credit is reserved, that credit is applied, so that
 *    both rows close.
 */
export function close(context: DecisionContext): void {
  for (const feeId of context.unclosed()) takeOwnCredits(context, feeId);
  for (const feeId of context.unclosed()) {
    const fee = context.fee(feeId);
    if (fee.returnTerms !== null) issueEntitlement(fee, fee.returnTerms, context, 'follow');
  }
  for (const feeId of context.unclosed()) takeBackAfterEnd(context, feeId);
  for (const feeId of context.broughtToZero()) applyReserved(context, feeId);
  context.setClosed();
}

function takeOwnCredits(context: DecisionContext, feeId: string): void {
  const excess = () => {
    const fee = context.fee(feeId);
    return Math.min(givenBackAboveMoneyIn(fee), owed(fee));
  };
  if (excess() <= 0) return;
  for (const credit of ownCredits(context, context.fee(feeId))) {
    const amount = Math.min(excess(), unused(credit));
    if (credit.purpose === 'refundable' && amount > 0) apply(context, credit.creditId, feeId, amount);
  }
}

/**
 * Returns the credits of a fee, oldest first; for a fee that a shortfall was charged to, the credit with that
 * shortfall.
 */
function ownCredits(context: DecisionContext, { feeId, shortfallCreditId }: Fee) {
  const credit = shortfallCreditId === null ? undefined : context.credit(shortfallCreditId);
  return credit === undefined ? context.creditsOf(feeId) : [credit, ...context.creditsOf(feeId)];
}

/** Applies all credits reserved for a fee to it: one application for each credit, oldest first. */
export function applyReserved(context: DecisionContext, feeId: string): void {
  if (context.fee(feeId).reserved === 0) return;
  for (const credit of context.creditsOf(feeId)) {
    if (credit.purpose === 'setOff' && unused(credit) > 0)
      apply(context, credit.creditId, feeId, unused(credit));
  }
}

function apply(context: DecisionContext, creditId: string, feeId: string, amount: number): void {
  context.follow('CreditApplied', {
    applicationId: context.newId(),
    creditId,
    allocations: [{ feeId, amount: context.money(amount) }],
  });
}
