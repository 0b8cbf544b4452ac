import { isAccruing } from '../accrual.js';
import type { ResolveDispute } from '../commands/feeCommands.js';
import type { DecisionContext } from '../decisionContext.js';
import { owed } from '../fee.js';
import type { Refusal } from '../rejections/rejection.js';
import { endAccrual } from './accrueFine.js';
import { cancelWhole, isCancellable } from './cancelFee.js';
import { reasonForWaiver, waiveFee } from './waiveFees.js';

/**
 * Ends a dispute. If the patron was right, applies the command's remedy to whatever is open and ends the growth of a
 * fine.
 */
export function resolveDispute(command: ResolveDispute, context: DecisionContext): Refusal | undefined {
  const { feeId, outcome, remedy } = command;
  const fee = context.fee(feeId);
  if (fee === undefined) return { type: 'FeeNotFound', feeId };
  if (fee.disputeId === null) return { type: 'FeeNotDisputed', feeId };
  context.emit('DisputeResolved', { disputeId: fee.disputeId, feeId, outcome });
  if (remedy === 'cancel' && isCancellable(fee)) cancelWhole(fee, context);
  const refused =
    remedy === 'waive' && owed(fee) > 0
      ? (reasonForWaiver(command.reason, context) ?? waiveFee({ feeId }, context))
      : undefined;
  if (refused !== undefined) return refused;
  if (outcome === 'patronUpheld' && isAccruing(fee)) endAccrual('other', fee, context);
  return undefined;
}
