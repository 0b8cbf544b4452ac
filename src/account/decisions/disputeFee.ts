import type { DisputeFee } from '../commands/feeCommands.js';
import type { DecisionContext } from '../decisionContext.js';
import { owed } from '../fee.js';

/** Marks a fee as disputed if something is owed on it. */
export function disputeFee({ feeId }: DisputeFee, context: DecisionContext): void {
  const fee = context.fee(feeId);
  if (fee.disputed) context.refuse({ type: 'FeeAlreadyDisputed', feeId });
  if (owed(fee) === 0) context.refuse({ type: 'NothingOwed', feeId });
  context.emit('FeeDisputed', { disputeId: context.newId(), feeId });
}
