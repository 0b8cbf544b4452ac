import { knownCodes } from '../../policy/knownCodes.js';
import type { WaiveReason } from '../../policy/policyRules.js';
import { isBlank } from '../circumstanceRules.js';
import type { FeePart } from '../commands/commandBase.js';
import type { WaiveFees } from '../commands/feeCommands.js';
import type { DecisionContext } from '../decisionContext.js';
import { openElsewhere, owed } from '../fee.js';

/** Waives fees, each in full or in part. */
export function waiveFees(command: WaiveFees, context: DecisionContext): void {
  const reason = waiveReason(command, context);
  for (const part of command.fees) waiveFee(part, reason, context);
}

/** Returns the waiving reason of a command. Refuses a reason that is not in the policy's list, or needs a comment. */
export function waiveReason(
  { reason, comment }: Pick<WaiveFees, 'comment'> & { readonly reason?: string },
  context: DecisionContext,
): WaiveReason {
  const { waiveReasons } = context.policy;
  const rule = reason !== undefined && Object.hasOwn(waiveReasons, reason) ? waiveReasons[reason] : undefined;
  if (rule?.commentRequired === true && isBlank(comment))
    context.refuse({ type: 'CommentRequired', code: reason as string });
  if (rule !== undefined) return rule;
  const known = knownCodes(reason, Object.keys(waiveReasons));
  return context.refuse({ type: 'ReasonUnknown', list: 'waiveReasons', reason: reason ?? null, known });
}

/**
 * Waives one fee. The waived amount of a lost-item fee becomes a credit and the remaining amount is not reduced (Alma
 * guide, note). If nothing is owed but the fee is open in an external system, a credit is issued for that system: not
 * for what was paid there, because a waiver never becomes money. The reducer checks the amount again: of a waiver in
 * effects/feeEffects.ts, of a credit in effects/creditEffects.ts.
 */
export function waiveFee(
  { feeId, amount: asked }: FeePart,
  { kind }: WaiveReason,
  context: DecisionContext,
): void {
  const fee = context.fee(feeId);
  const { feeType } = fee;
  const rule = context.feeTypeRule(feeType);
  if (!rule.waiveable) context.refuse({ type: 'FeeTypeNotWaiveable', feeId, feeType });
  const open = owed(fee);
  const elsewhere = () =>
    Math.max(0, openElsewhere(fee, context.transactionsOf(feeId)) - fee.transferReversed);
  const waivable = open > 0 ? open : elsewhere();
  if (waivable === 0) context.refuse({ type: 'NothingOwed', feeId });
  const waived = asked === undefined ? waivable : context.minor(asked);
  const amount = context.money(waived);
  if (waived > waivable) {
    context.refuse({ type: 'WaiverExceedsOwed', feeId, amount, owed: context.money(waivable) });
  }
  const id = context.newId();
  const writeOff = kind === 'writeOff' ? true : undefined;
  const credit = { feeId, amount, creditId: id, cause: 'waived', writeOff } as const;
  if (fee.lostItem)
    context.emit('LostItemCreditIssued', { ...credit, purpose: open > 0 ? 'setOff' : 'external' });
  else if (open > 0) context.emit('FeeWaived', { feeId, amount, waiverId: id, writeOff });
  else context.emit('CreditIssued', { ...credit, purpose: 'external', owner: fee.owner });
}
