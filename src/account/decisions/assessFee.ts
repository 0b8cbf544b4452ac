import { feeTypeRule } from '../../policy/feePolicy.js';
import type { AssessFee } from '../commands/feeCommands.js';
import type { DecisionContext } from '../decisionContext.js';
import type { Refusal } from '../rejections/rejection.js';

/** Charges a fee of a type that the policy allows. The reducer, effects/feeEffects.ts, does not check the policy. */
export function assessFee(command: AssessFee, context: DecisionContext): Refusal | undefined {
  const { feeType, amount, item, loanId, incidentId, by } = command;
  const rule = feeTypeRule(context.policy, feeType);
  if (rule === undefined) return { type: 'FeeTypeUnknown', feeType };
  if (rule.retired === true) return { type: 'FeeTypeRetired', feeType };
  const automatic = command.automatic ?? by?.channel !== 'desk';
  if (!automatic && !rule.manual) return { type: 'FeeTypeNotManual', feeType };
  const owner = command.owner ?? by?.library;
  if (owner === undefined) return { type: 'FeeOwnerMissing' };
  context.emit('FeeAssessed', {
    feeId: context.newId(),
    feeType,
    amount,
    currency: context.policy.currency,
    owner,
    lostItem: rule.lostItem ? true : undefined,
    accruing: undefined,
    item,
    loanId,
    incidentId,
  });
  return undefined;
}
