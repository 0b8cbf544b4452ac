import { feeTypeRule } from '../../policy/feePolicy.js';
import type { Accrual, AccrualEndCause } from '../accrual.js';
import type { AccrueFine } from '../commands/feeCommands.js';
import type { DecisionContext } from '../decisionContext.js';
import { type Fee, owed } from '../fee.js';
import type { Refusal } from '../rejections/rejection.js';
import { takeBackAccrued } from '../takeBackAccrued.js';

/**
 * Adjusts the fine of a loan to its current total. The rules for its events are checked again in
 * effects/feeEffects.ts.
 */
export function accrueFine(command: AccrueFine, context: DecisionContext): Refusal | undefined {
  const fee = context.fee(command.feeId);
  if (fee === undefined) return chargeFirst(command, context);
  const { accrual } = fee;
  if (accrual === null) return { type: 'FeeNotAccruing', feeId: fee.feeId };
  return difference(command, fee) ?? continueAccrual(command, fee, accrual, context);
}

/** Charges the fine for the first time, if there is anything to charge. */
function chargeFirst(command: AccrueFine, context: DecisionContext): Refusal | undefined {
  const { feeId, feeType, item, loanId } = command;
  const told = command.total === undefined ? 0 : context.minor(command.total);
  if (told === 0) return undefined;
  const refused = notChargeable(feeType, context);
  if (refused !== undefined) return refused;
  const owner = command.owner ?? command.by?.library;
  if (owner === undefined) return { type: 'FeeOwnerMissing' };
  const amount = Math.min(told, roomFor(feeType, context));
  if (amount === 0) return undefined;
  context.emit('FeeAssessed', {
    feeId: context.claim(feeId),
    feeType,
    amount: context.money(amount),
    currency: context.policy.currency,
    owner,
    lostItem: undefined,
    accruing: true,
    item,
    loanId,
    incidentId: undefined,
  });
  end(command.ends, feeId, told, context);
  return undefined;
}

/** Returns a rejection if the command's fee type, owner or loan differs from the fee's. */
function difference({ feeId, ...told }: AccrueFine, fee: Fee): Refusal | undefined {
  for (const field of ['feeType', 'owner', 'loanId'] as const) {
    const said = told[field];
    if (said === undefined || said === fee[field]) continue;
    return { type: 'AccruingFeeDiffers', feeId, field, recorded: fee[field], told: said };
  }
  return undefined;
}

function continueAccrual(
  command: AccrueFine,
  fee: Fee,
  { accrued, toldAt, total }: Accrual,
  context: DecisionContext,
): Refusal | undefined {
  const { feeId, feeType } = fee;
  if (command.ends === undefined && Date.parse(command.at) < Date.parse(toldAt)) return undefined;
  const told = command.total === undefined ? (total ?? accrued) : context.minor(command.total);
  if (total !== null) {
    if (told === total) return undefined;
    return { type: 'AccrualHasEnded', feeId, total: context.money(total), told: context.money(told) };
  }
  if (told > accrued) {
    const refused = notChargeable(feeType, context);
    if (refused !== undefined) return refused;
    const amount = Math.min(told - accrued, roomFor(feeType, context));
    if (amount > 0) {
      context.emit('FeeIncreased', {
        increaseId: context.newId(),
        feeId,
        amount: context.money(amount),
        currency: context.policy.currency,
      });
    }
  } else takeBackAccrued(context, feeId, accrued - told, 'owedAndPaid');
  end(command.ends, feeId, told, context);
  return undefined;
}

/** Returns a rejection if the policy does not allow a fine of this type. */
function notChargeable(feeType: string, context: DecisionContext): Refusal | undefined {
  const rule = feeTypeRule(context.policy, feeType);
  if (rule === undefined) return { type: 'FeeTypeUnknown', feeType };
  if (rule.retired === true) return { type: 'FeeTypeRetired', feeType };
  if (rule.lostItem) return { type: 'FeeTypeIsLostItem', feeType };
  return undefined;
}

/**
 * Returns how much more may be owed of a type, in minor units. All that is owed of the type counts (Koha's MaxFine).
 */
function roomFor(feeType: string, context: DecisionContext): number {
  const { accrualLimits } = context.policy;
  const limit = Object.hasOwn(accrualLimits, feeType) ? accrualLimits[feeType] : undefined;
  if (limit === undefined) return Number.POSITIVE_INFINITY;
  let open = 0;
  for (const fee of context.fees()) if (fee.feeType === feeType) open += owed(fee);
  return Math.max(0, context.minor(limit) - open);
}

/** Ends the growth of a fine at its current total. */
export function endAccrual(cause: AccrualEndCause, fee: Fee, context: DecisionContext): void {
  end(cause, fee.feeId, (fee.accrual as Accrual).accrued, context);
}

function end(
  cause: AccrualEndCause | undefined,
  feeId: string,
  total: number,
  context: DecisionContext,
): void {
  if (cause === undefined) return;
  context.emit('AccrualEnded', {
    endId: context.newId(),
    feeId,
    cause,
    total: context.money(total),
    currency: context.policy.currency,
  });
}
