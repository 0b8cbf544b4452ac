import { DAY_MS, instantOf } from '../../input/instant.js';
import { instantText } from '../circumstanceRules.js';
import type { CancelCredit } from '../commands/creditCommands.js';
import type { Credit } from '../credit.js';
import type { DecisionContext } from '../decisionContext.js';
import { partOfCredit } from '../shares.js';

/** Withdraws the unused part of a credit. The reducer checks the amount again in effects/creditEffects.ts. */
export function cancelCredit(
  { creditId, amount, forfeit, at }: CancelCredit,
  context: DecisionContext,
): void {
  const credit = context.credit(creditId);
  if (forfeit === true) refuseUnlessForfeitable(credit, at, context);
  const part = partOfCredit(credit, amount, context);
  context.emit('CreditCancelled', {
    cancellationId: context.newId(),
    creditId,
    amount: context.money(part),
    forfeited: forfeit === true ? true : undefined,
  });
}

/**
 * Refuses a credit that is neither money nor goodwill, or whose last transaction is more recent than the policy's days.
 */
function refuseUnlessForfeitable(
  { creditId, purpose, transactions }: Credit,
  at: string,
  context: DecisionContext,
): void {
  if (purpose === 'setOff' || purpose === 'external') {
    context.refuse({ type: 'CreditPurposeForbids', creditId, purpose });
  }
  const days = context.policy.forfeitAfterDays;
  if (days === undefined) return context.refuse({ type: 'CreditNotForfeitable', creditId, from: null });
  // Without a time that can be read, as in an unchecked history, nothing is known to be too recent.
  const last = transactions
    .map(({ at: time }) => (typeof time === 'string' ? instantOf(time) : Number.NaN))
    .filter(Number.isFinite);
  const from =
    last.reduce((latest, instant) => Math.max(latest, instant), Number.NEGATIVE_INFINITY) + days * DAY_MS;
  if (instantOf(at) >= from) return;
  context.refuse({ type: 'CreditNotForfeitable', creditId, from: instantText(from) });
}
