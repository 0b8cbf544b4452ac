import type { RefundCredit } from '../commands/creditCommands.js';
import type { DecisionContext } from '../decisionContext.js';
import { partOfCredit } from '../shares.js';

/** Pays out a refundable credit. The reducer checks the amount and the purpose again in effects/creditEffects.ts. */
export function refundCredit(command: RefundCredit, context: DecisionContext): void {
  const { creditId, method, externalTransactionId, reference } = command;
  const credit = context.credit(creditId);
  const { purpose } = credit;
  if (purpose !== 'refundable') context.refuse({ type: 'CreditPurposeForbids', creditId, purpose });
  if (!Object.hasOwn(context.policy.paymentMethods, method)) {
    context.refuse({ type: 'PaymentMethodUnknown', method });
  }
  const part = partOfCredit(credit, command.amount, context);
  context.emit('CreditRefunded', {
    refundId: context.newId(),
    creditId,
    amount: context.money(part),
    method,
    externalTransactionId,
    reference,
  });
}
