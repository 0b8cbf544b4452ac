import type { SettleTransfer } from '../commands/transferCommands.js';
import type { DecisionContext } from '../decisionContext.js';
import { transferPendingOf } from '../records.js';

/**
 * Records that the external system was paid. The amount above what is pending becomes a credit of the patron. The
 * reducer checks the amounts again in effects/transferEffects.ts, those of the credit in effects/creditEffects.ts.
 */
export function settleTransfer(command: SettleTransfer, context: DecisionContext): void {
  const { transferId, externalReference } = command;
  const transfer = context.transfer(transferId);
  const pending = transferPendingOf(transfer);
  if (pending === 0) context.refuse({ type: 'TransferNotPending', transferId });
  const amount = context.minor(command.amount);
  if (amount > pending && transfer.feeId === null) {
    const money = { amount: command.amount, pending: context.money(pending) };
    context.refuse({ type: 'SettlementExceedsPending', transferId, ...money });
  }
  const settlementId = context.newId();
  const surplus =
    amount > pending ? { creditId: context.newId(), amount: context.money(amount - pending) } : undefined;
  context.emit('TransferSettled', {
    settlementId,
    transferId,
    amount: context.money(Math.min(amount, pending)),
    surplus,
    externalReference,
  });
  if (surplus === undefined) return;
  context.emit('CreditIssued', {
    ...surplus,
    cause: 'settlement',
    purpose: 'refundable',
    owner: context.fee(transfer.feeId as string).owner,
  });
}
