import type { CancelCredit } from '../commands/creditCommands.js';
import type { DecisionContext } from '../decisionContext.js';
import { partOfCredit } from '../shares.js';

/** Withdraws the unused part of a credit. The reducer checks the amount again in effects/creditEffects.ts. */
export function cancelCredit({ creditId, amount }: CancelCredit, context: DecisionContext): void {
  const part = partOfCredit(context.credit(creditId), amount, context);
  context.emit('CreditCancelled', {
    cancellationId: context.newId(),
    creditId,
    amount: context.money(part),
  });
}
