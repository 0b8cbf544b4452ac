import type { FeeTypeRule } from '../../policy/policyRules.js';
import { isBlank } from '../circumstanceRules.js';
import type { Item, RecordedActor } from '../circumstances.js';
import type { AssessFee } from '../commands/feeCommands.js';
import type { DecisionContext } from '../decisionContext.js';

/** Charges a fee of a type that the policy allows. The reducer, effects/feeEffects.ts, does not check the policy. */
export function assessFee(command: AssessFee, context: DecisionContext): void {
  const { feeType, amount, item, loanId, incidentId, by } = command;
  context.refuseIfMerged();
  const rule = chargeableType(feeType, context);
  const automatic = command.automatic ?? by?.channel !== 'desk';
  if (!automatic && !rule.manual) context.refuse({ type: 'FeeTypeNotManual', feeType });
  if (!automatic && rule.commentRequired === true && isBlank(command.comment))
    context.refuse({ type: 'CommentRequired', code: feeType });
  const { owner } = command;
  chargeFee({ feeId: context.newId(), feeType, amount, owner, item, loanId, incidentId }, by, context);
}

/** Returns the rule of a fee type that can be charged. Refuses one that the policy does not have or has retired. */
export function chargeableType(feeType: string, context: DecisionContext): FeeTypeRule {
  const rule = context.feeTypeRule(feeType);
  if (rule.retired === true) context.refuse({ type: 'FeeTypeRetired', feeType });
  return rule;
}

/** Returns the library that owns a new fee: the named one, or the actor's. Refuses the command without either. */
export function ownerOfNewFee(
  owner: string | undefined,
  by: RecordedActor | undefined,
  context: DecisionContext,
): string {
  return owner ?? by?.library ?? context.refuse({ type: 'FeeOwnerMissing' });
}

/** A fee to charge. The amount is a decimal string. */
type NewFee = {
  readonly feeId: string;
  readonly feeType: string;
  readonly amount: string;
  readonly owner: string | undefined;
  readonly accruing?: true;
  readonly total?: string;
  readonly item?: Item | undefined;
  readonly loanId?: string | undefined;
  readonly incidentId?: string | undefined;
};

/**
 * Charges a fee. Refuses a type that cannot be charged, a fee without an owner, and an id in use.
 *
 * @param tax - whether the amount includes the tax of the fee's type; money that is claimed back is not taxed
 */
export function chargeFee(
  fee: NewFee,
  by: RecordedActor | undefined,
  context: DecisionContext,
  tax: 'included' | 'none' = 'included',
): void {
  const { lostItem, vatPercent = 0 } = chargeableType(fee.feeType, context);
  const owner = ownerOfNewFee(fee.owner, by, context);
  context.claim(fee.feeId);
  // Copying the fields would take as long as the rest of the decision.
  const charged = fee.owner === undefined ? { ...fee, owner } : (fee as NewFee & { readonly owner: string });
  const vat = vatPercent > 0 && tax === 'included' ? vatPercent : undefined;
  const isPlain = !lostItem && vat === undefined;
  context.emit(
    'FeeAssessed',
    isPlain ? charged : { ...charged, lostItem: lostItem ? true : undefined, vatPercent: vat },
  );
}
