import type { SettleTransfer } from '../commands/transferCommands.js';
import type { DecisionContext } from '../decisionContext.js';
import { transferPendingOf } from '../records.js';
import type { Refusal } from '../rejections/rejection.js';

/**
 * Records that the external system was paid. The amount above what is pending becomes a credit of the patron. The
 * reducer checks the amounts again in effects/transferEffects.ts.
 */
export function settleTransfer(command: SettleTransfer, context: DecisionContext): Refusal | undefined {
  const { transferId, externalReference } = command;
  const transfer = context.transfer(transferId);
  if (transfer === undefined) return { type: 'TransferNotFound', transferId };
  const pending = transferPendingOf(transfer);
  if (pending === 0) return { type: 'TransferNotPending', transferId };
  const amount = context.minor(command.amount);
  if (amount > pending && transfer.feeId === null) {
    return {
      type: 'SettlementExceedsPending',
      transferId,
      amount: command.amount,
      pending: context.money(pending),
    };
  }
  const { currency } = context.policy;
  const settlementId = context.newId();
  const surplus =
    amount > pending ? { creditId: context.newId(), amount: context.money(amount - pending) } : undefined;
  context.emit('TransferSettled', {
    settlementId,
    transferId,
    amount: context.money(Math.min(amount, pending)),
    currency,
    surplus,
    externalReference,
  });
  if (surplus === undefined) return undefined;
  context.emit('CreditIssued', {
    ...surplus,
    currency,
    cause: 'settlement',
    purpose: 'refundable',
    owner: context.fee(transfer.feeId as string)?.owner,
  });
  return undefined;
}
