import { type Accrual, type AccrualEndCause, standsAt } from '../accrual.js';
import { lateChannels } from '../circumstanceRules.js';
import { takeBackAccrued } from '../closing.js';
import type { AccrueFine } from '../commands/feeCommands.js';
import type { DecisionContext } from '../decisionContext.js';
import { type Fee, owed } from '../fee.js';
import { chargeableType, chargeFee, ownerOfNewFee } from './assessFee.js';

/**
 * Adjusts the fine of a loan to its current total. The reducer checks its events again in effects/feeEffects.ts, a
 * credit in effects/creditEffects.ts.
 */
export function accrueFine(command: AccrueFine, context: DecisionContext): void {
  const fee = context.find('fee', command.feeId);
  if (fee === undefined) return chargeFirst(command, context);
  const { accrual, feeId } = fee;
  if (accrual === null) return context.refuse({ type: 'FeeNotAccruing', feeId });
  refuseDifference(command, fee, context);
  continueAccrual(command, fee, accrual, context);
}

/** Charges the fine for the first time, if there is anything to charge. */
function chargeFirst(command: AccrueFine, context: DecisionContext): void {
  const { feeId, feeType, item, loanId } = command;
  const total = command.total === undefined ? 0 : context.minor(command.total);
  if (total === 0) return;
  context.refuseIfMerged();
  refuseOtherThanFine(feeType, context);
  const owner = ownerOfNewFee(command.owner, command.by, context);
  const amount = Math.min(total, amountBelowLimit(feeType, context));
  if (amount === 0) return;
  const [now, stands] = [context.money(amount), context.money(total)];
  const fine = { amount: now, total: stands, accruing: true, feeId, feeType, owner, item, loanId } as const;
  chargeFee(fine, command.by, context);
  end(command.ends, feeId, total, context);
}

/** Refuses the command if its fee type, owner or loan differs from the fee's. */
function refuseDifference({ feeId, ...given }: AccrueFine, fee: Fee, context: DecisionContext): void {
  for (const field of ['feeType', 'owner', 'loanId'] as const) {
    const value = given[field];
    if (value === undefined || value === fee[field]) continue;
    context.refuse({ type: 'AccruingFeeDiffers', feeId, field, recorded: fee[field], given: value });
  }
}

function continueAccrual(command: AccrueFine, fee: Fee, accrual: Accrual, context: DecisionContext): void {
  if (isOldNews(command, accrual)) return;
  const { feeId, feeType } = fee;
  const { accrued, total } = accrual;
  const stands = total ?? standsAt(accrual);
  const requested = command.total === undefined ? stands : context.minor(command.total);
  if (total !== null) {
    if (requested === total) return;
    context.refuse({
      type: 'AccrualHasEnded',
      feeId,
      total: context.money(total),
      requested: context.money(requested),
    });
  }
  const ends = command.ends !== undefined;
  if (requested > accrued) refuseOtherThanFine(feeType, context);
  if (requested >= accrued) {
    const amount = Math.min(requested - accrued, amountBelowLimit(feeType, context));
    // Recorded even without an increase if the fine now amounts to more; an end records the total itself.
    if (amount > 0 || (accrued > stands && !ends))
      context.emit('FeeIncreased', {
        increaseId: context.newId(),
        feeId,
        amount: context.money(amount),
        total: context.money(requested),
      });
  } else takeBackAccrued(context, feeId, requested, ends || requested === stands ? 'ifTaken' : 'always');
  end(command.ends, feeId, requested, context);
}

/**
 * Returns whether a report is older than the last change of the fine, so that it changes nothing. The end of a fine is
 * older only than an earlier end, and only if a program reports it: a person who enters it late has to see that the
 * fine had ended with another total.
 */
function isOldNews({ at, by, ends }: AccrueFine, { reportedAt, endedAt }: Accrual): boolean {
  if (ends !== undefined && !lateChannels.has(by?.channel)) return false;
  const since = ends === undefined ? reportedAt : endedAt;
  return since !== null && Date.parse(at) < Date.parse(since);
}

/** Refuses a type that the policy does not allow for a fine that grows. */
function refuseOtherThanFine(feeType: string, context: DecisionContext): void {
  if (chargeableType(feeType, context).lostItem) context.refuse({ type: 'FeeTypeIsLostItem', feeType });
}

/**
 * Returns how much more may be owed of a type, in minor units. All that is owed of the type counts (Koha's MaxFine), in
 * the patron's other accounts too.
 */
function amountBelowLimit(feeType: string, context: DecisionContext): number {
  const { accrualLimits } = context.policy;
  const limit = Object.hasOwn(accrualLimits, feeType) ? accrualLimits[feeType] : undefined;
  if (limit === undefined) return Number.POSITIVE_INFINITY;
  let open = 0;
  const elsewhere = context.otherAccounts.flatMap(({ fees }) => fees);
  for (const fee of [...context.fees(), ...elsewhere]) if (fee.feeType === feeType) open += owed(fee);
  return Math.max(0, context.minor(limit) - open);
}

/** Ends the growth of a fine at its current amount. */
export function endAccrual(cause: AccrualEndCause, fee: Fee, context: DecisionContext): void {
  end(cause, fee.feeId, standsAt(fee.accrual as Accrual), context);
}

function end(
  cause: AccrualEndCause | undefined,
  feeId: string,
  total: number,
  context: DecisionContext,
): void {
  if (cause === undefined) return;
  context.emit('AccrualEnded', { endId: context.newId(), feeId, cause, total: context.money(total) });
}
