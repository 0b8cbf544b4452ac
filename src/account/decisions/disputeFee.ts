import type { DisputeFee } from '../commands/feeCommands.js';
import type { DecisionContext } from '../decisionContext.js';
import { owed } from '../fee.js';
import type { Refusal } from '../rejections/rejection.js';

/** Marks a fee as disputed if something is owed on it. */
export function disputeFee({ feeId }: DisputeFee, context: DecisionContext): Refusal | undefined {
  const fee = context.fee(feeId);
  if (fee === undefined) return { type: 'FeeNotFound', feeId };
  if (fee.disputed) return { type: 'FeeAlreadyDisputed', feeId };
  if (owed(fee) === 0) return { type: 'NothingOwed', feeId };
  context.emit('FeeDisputed', { disputeId: context.newId(), feeId });
  return undefined;
}
