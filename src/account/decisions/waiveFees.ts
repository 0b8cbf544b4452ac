import { feeTypeRule } from '../../policy/feePolicy.js';
import type { FeePart } from '../commands/commandBase.js';
import type { WaiveFees } from '../commands/feeCommands.js';
import type { DecisionContext } from '../decisionContext.js';
import { owed, transferredAndNotReversed } from '../fee.js';
import type { Refusal } from '../rejections/rejection.js';

/** Waives fees, each in full or in part. */
export function waiveFees(command: WaiveFees, context: DecisionContext): Refusal | undefined {
  const refused = reasonForWaiver(command.reason, context);
  if (refused !== undefined) return refused;
  for (const part of command.fees) {
    const rejection = waiveFee(part, context);
    if (rejection !== undefined) return rejection;
  }
  return undefined;
}

/** Returns a rejection if the reason is not in the policy's list of waiving reasons. */
export function reasonForWaiver(reason: string | undefined, context: DecisionContext): Refusal | undefined {
  if (reason !== undefined && Object.hasOwn(context.policy.waiveReasons, reason)) return undefined;
  return { type: 'ReasonUnknown', list: 'waiveReasons', reason: reason ?? null };
}

/**
 * Waives one fee. The waived amount of a lost-item fee becomes a credit and the remaining amount is not reduced (Alma
 * guide, note). If nothing is owed but the fee was transferred, a credit is issued for the external system. The reducer
 * checks the amount again in effects/feeEffects.ts.
 */
export function waiveFee({ feeId, amount }: FeePart, context: DecisionContext): Refusal | undefined {
  const fee = context.fee(feeId);
  if (fee === undefined) return { type: 'FeeNotFound', feeId };
  const rule = feeTypeRule(context.policy, fee.feeType);
  if (rule === undefined) return { type: 'FeeTypeUnknown', feeType: fee.feeType };
  if (!rule.waiveable) return { type: 'FeeTypeNotWaiveable', feeId, feeType: fee.feeType };
  const open = owed(fee);
  const waivable = open > 0 ? open : transferredAndNotReversed(fee);
  if (waivable === 0) return { type: 'NothingOwed', feeId };
  const waived = amount === undefined ? waivable : context.minor(amount);
  if (waived > waivable) {
    return { type: 'WaiverExceedsOwed', feeId, amount: context.money(waived), owed: context.money(waivable) };
  }
  const id = context.newId();
  const money = { feeId, amount: context.money(waived), currency: context.policy.currency };
  const credit = { ...money, creditId: id, cause: 'waived' } as const;
  if (fee.lostItem)
    context.emit('LostItemCreditIssued', { ...credit, purpose: open > 0 ? 'setOff' : 'external' });
  else if (open > 0) context.emit('FeeWaived', { ...money, waiverId: id });
  else context.emit('CreditIssued', { ...credit, purpose: 'external', owner: fee.owner });
  return undefined;
}
