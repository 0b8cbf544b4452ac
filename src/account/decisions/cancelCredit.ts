import type { CancelCredit } from '../commands/creditCommands.js';
import type { DecisionContext } from '../decisionContext.js';
import type { Refusal } from '../rejections/rejection.js';
import { partOfCredit } from '../shares.js';

/** Withdraws the unused part of a credit. The reducer checks the amount again in effects/creditEffects.ts. */
export function cancelCredit(
  { creditId, amount }: CancelCredit,
  context: DecisionContext,
): Refusal | undefined {
  const credit = context.credit(creditId);
  if (credit === undefined) return { type: 'CreditNotFound', creditId };
  const part = partOfCredit(credit, amount, context);
  if (typeof part === 'object') return part;
  context.emit('CreditCancelled', {
    cancellationId: context.newId(),
    creditId,
    amount: context.money(part),
    currency: context.policy.currency,
  });
  return undefined;
}
