import type { ReverseSettlement } from '../commands/transferCommands.js';
import { unused } from '../credit.js';
import type { DecisionContext } from '../decisionContext.js';
import { type Settlement, settlementReversedOf } from '../records.js';
import type { Refusal } from '../rejections/rejection.js';
import { chargeShortfall } from './reversePayment.js';

/**
 * Undoes a settlement: first its surplus credit, then the settled amount, then the cancelled part of the credit. The
 * used part of the credit is charged to a new fee if the command names one. The reducer checks the amounts again in
 * effects/transferEffects.ts.
 */
export function reverseSettlement(command: ReverseSettlement, context: DecisionContext): Refusal | undefined {
  const { settlementId, shortfallFee } = command;
  const settlement = context.settlement(settlementId);
  if (settlement === undefined) return { type: 'SettlementNotFound', settlementId };
  const left = settlement.amount + (settlement.surplus?.amount ?? 0) - settlementReversedOf(settlement);
  if (left === 0) return { type: 'AlreadyUndone', id: settlementId };
  const amount = command.amount === undefined ? left : context.minor(command.amount);
  if (amount > left) {
    const reversible = context.money(left);
    return { type: 'ReversalExceedsSettlement', settlementId, amount: context.money(amount), reversible };
  }
  const { creditId, withdrawn, used, pending, cancelled } = partsOf(settlement, amount, context);
  if (used > 0) {
    if (shortfallFee === undefined) {
      return {
        type: 'CreditInUse',
        creditId,
        amount: context.money(withdrawn + used),
        unused: context.money(withdrawn),
      };
    }
    const refused = chargeShortfall(command, shortfallFee, context.money(used), context);
    if (refused !== undefined) return refused;
  }
  const surplus = { creditId, amount: context.money(withdrawn) };
  context.emit('SettlementReversed', {
    reversalId: context.newId(),
    settlementId,
    transferId: settlement.transferId,
    amount: context.money(pending),
    currency: context.policy.currency,
    surplus:
      cancelled > 0
        ? { ...surplus, cancelled: context.money(cancelled) }
        : withdrawn > 0
          ? surplus
          : undefined,
    shortfall:
      used > 0 && shortfallFee !== undefined
        ? { feeId: shortfallFee.feeId, amount: context.money(used), creditId }
        : undefined,
    externalReference: command.externalReference,
  });
  return undefined;
}

/** The amounts that a reversal takes back, in minor units. */
type ReversedParts = {
  /** The settlement's surplus credit; empty without one. */
  readonly creditId: string;
  /** The unused part of the credit. */
  readonly withdrawn: number;
  /** The used part of the credit. */
  readonly used: number;
  /** The amount that is pending again. */
  readonly pending: number;
  /** The cancelled part of the credit, which was never paid out. */
  readonly cancelled: number;
};

function partsOf(settlement: Settlement, amount: number, context: DecisionContext): ReversedParts {
  const { surplus } = settlement;
  const credit = surplus === null ? undefined : context.credit(surplus.creditId);
  const settled = settlement.amount - settlement.reversed;
  if (surplus === null || credit === undefined) {
    return { creditId: '', withdrawn: 0, used: 0, pending: Math.min(amount, settled), cancelled: 0 };
  }
  const fromCredit = Math.min(amount, surplus.amount - surplus.reversed - credit.cancelled);
  const withdrawn = Math.min(fromCredit, unused(credit));
  const pending = Math.min(amount - fromCredit, settled);
  return {
    creditId: surplus.creditId,
    withdrawn,
    used: fromCredit - withdrawn,
    pending,
    cancelled: amount - fromCredit - pending,
  };
}
