import type { RefundCredit } from '../commands/creditCommands.js';
import type { DecisionContext } from '../decisionContext.js';
import type { Refusal } from '../rejections/rejection.js';
import { partOfCredit } from '../shares.js';

/** Pays out a refundable credit. The reducer checks the amount and the purpose again in effects/creditEffects.ts. */
export function refundCredit(command: RefundCredit, context: DecisionContext): Refusal | undefined {
  const { creditId, method, externalTransactionId, reference } = command;
  const credit = context.credit(creditId);
  if (credit === undefined) return { type: 'CreditNotFound', creditId };
  if (credit.purpose !== 'refundable')
    return { type: 'CreditPurposeForbids', creditId, purpose: credit.purpose };
  if (!Object.hasOwn(context.policy.paymentMethods, method)) return { type: 'PaymentMethodUnknown', method };
  const part = partOfCredit(credit, command.amount, context);
  if (typeof part === 'object') return part;
  context.emit('CreditRefunded', {
    refundId: context.newId(),
    creditId,
    amount: context.money(part),
    currency: context.policy.currency,
    method,
    externalTransactionId,
    reference,
  });
  return undefined;
}
