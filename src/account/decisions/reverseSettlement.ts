import type { ReverseSettlement } from '../commands/transferCommands.js';
import type { DecisionContext } from '../decisionContext.js';
import { settlementReversedOf } from '../records.js';
import { creditOf, takeBackCredit, withdrawnFirst } from './reversePayment.js';

/**
 * Undoes a settlement: first its surplus credit, then the settled amount, then the cancelled part of the credit. The
 * used part of the credit is charged to a new fee if the command names one. The reducer checks the amounts again in
 * effects/transferEffects.ts.
 */
export function reverseSettlement(command: ReverseSettlement, context: DecisionContext): void {
  const { settlementId } = command;
  const settlement = context.settlement(settlementId);
  // In an unchecked history, the credit may never have been issued: then nothing of it can be taken back.
  const surplus = creditOf(settlement.surplus, context) === undefined ? null : settlement.surplus;
  const left = settlement.amount + (surplus?.amount ?? 0) - settlementReversedOf(settlement);
  if (left === 0) context.refuse({ type: 'AlreadyUndone', id: settlementId });
  const amount = command.amount === undefined ? left : context.minor(command.amount);
  if (amount > left) {
    const money = { amount: context.money(amount), reversible: context.money(left) };
    context.refuse({ type: 'ReversalExceedsSettlement', settlementId, ...money });
  }
  const fromCredit = Math.min(amount, withdrawnFirst(surplus, context));
  const pending = Math.min(amount - fromCredit, settlement.amount - settlement.reversed);
  const cancelled = amount - fromCredit - pending;
  const taken = { part: surplus, fromCredit, cancelled };
  const { withdrawn, shortfall } = takeBackCredit(taken, command, context);
  context.emit('SettlementReversed', {
    reversalId: context.newId(),
    settlementId,
    transferId: settlement.transferId,
    amount: context.money(pending),
    surplus: withdrawn,
    shortfall,
    externalReference: command.externalReference,
  });
}
