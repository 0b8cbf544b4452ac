import { knownCodes } from '../../policy/knownCodes.js';
import type { RefundCredit } from '../commands/creditCommands.js';
import { unused } from '../credit.js';
import type { DecisionContext } from '../decisionContext.js';
import { repeatsRefund } from '../providerRefund.js';
import { partOfCredit } from '../shares.js';

/**
 * Pays out a refundable credit. A refund that its provider reported before is a repeat. The reducer checks the amount
 * and the purpose again in effects/creditEffects.ts.
 */
export function refundCredit(command: RefundCredit, context: DecisionContext): void {
  const { creditId, method, externalTransactionId, externalTransactionTotal, reference } = command;
  const credit = context.credit(creditId);
  const { purpose, paymentId } = credit;
  const amount = command.amount === undefined ? undefined : context.minor(command.amount);
  const paidBack = { creditId, paymentId, method, amount, left: unused(credit) };
  if (repeatsRefund(command, paidBack, context)) return;
  if (purpose !== 'refundable') context.refuse({ type: 'CreditPurposeForbids', creditId, purpose });
  if (!Object.hasOwn(context.policy.paymentMethods, method)) {
    const known = knownCodes(method, Object.keys(context.policy.paymentMethods));
    context.refuse({ type: 'PaymentMethodUnknown', method, known });
  }
  const part = partOfCredit(credit, command.amount, context);
  context.emit('CreditRefunded', {
    refundId: context.newId(),
    creditId,
    amount: context.money(part),
    method,
    externalTransactionId,
    externalTransactionTotal,
    reference,
  });
}
