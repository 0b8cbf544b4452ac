import { isAccruing } from '../accrual.js';
import type { ResolveDispute } from '../commands/feeCommands.js';
import type { DecisionContext } from '../decisionContext.js';
import { chargeOf, type Fee, owed } from '../fee.js';
import { endAccrual } from './accrueFine.js';
import { cancelWhole, isCancellable } from './cancelFee.js';
import { waiveFee, waiveReason } from './waiveFees.js';

/**
 * Ends a dispute. If the patron was right, applies the command's remedy to the open amount and ends the growth of a
 * fine.
 */
export function resolveDispute(command: ResolveDispute, context: DecisionContext): void {
  const { feeId, outcome, remedy } = command;
  const fee = context.fee(feeId);
  const { disputeId } = fee;
  if (disputeId === null) return context.refuse({ type: 'FeeNotDisputed', feeId });
  context.emit('DisputeResolved', { disputeId, feeId, outcome });
  if (remedy === 'cancel') cancelUpheld(fee, context);
  if (remedy === 'waive' && owed(fee) > 0) waiveFee({ feeId }, waiveReason(command, context), context);
  if (outcome === 'patronUpheld' && isAccruing(fee)) endAccrual('other', fee, context);
}

/**
 * Cancels the fee if anything of it can be cancelled. Refuses if all that is owed was handed out: the patron would owe
 * what was upheld, without any sign.
 */
function cancelUpheld(fee: Fee, context: DecisionContext): void {
  if (owed(fee) > 0 && chargeOf(fee).owed === 0)
    context.refuse({ type: 'NothingToCancel', feeId: fee.feeId });
  if (isCancellable(fee, context)) cancelWhole(fee, context);
}
