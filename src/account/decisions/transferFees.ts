import { DAY_MS } from '../../input/instant.js';
import { knownCodes } from '../../policy/knownCodes.js';
import { agesFrom, isAccruing } from '../accrual.js';
import { applyReserved } from '../closing.js';
import type { CreditChoice, FeePart } from '../commands/commandBase.js';
import type { EligibleSelection, TransferFees } from '../commands/transferCommands.js';
import { unused } from '../credit.js';
import type { DecisionContext } from '../decisionContext.js';
import { owed } from '../fee.js';
import { partOfCredit } from '../shares.js';

/**
 * Transfers fees and credits to an external billing system: named ones, or all that are eligible. The reducer checks
 * the amounts again in effects/transferEffects.ts.
 */
export function transferFees(command: TransferFees, context: DecisionContext): void {
  const { destination, eligible } = command;
  if (destination !== undefined && !Object.hasOwn(context.policy.destinations, destination)) {
    const known = knownCodes(destination, Object.keys(context.policy.destinations));
    context.refuse({ type: 'DestinationUnknown', destination, known });
  }
  const fees = eligible === undefined ? (command.fees ?? []) : eligibleFees(command, eligible.fees, context);
  const credits =
    eligible === undefined ? (command.credits ?? []) : eligibleCredits(command, eligible.credits, context);
  if (fees.length + credits.length === 0) context.refuse({ type: 'NothingToTransfer' });
  for (const part of fees) transferFee(part, command, context);
  for (const part of credits) transferCredit(part, command, context);
}

/** Transfers one fee. Credits reserved for it are applied first, so that only what is owed is transferred. */
function transferFee({ feeId, amount }: FeePart, command: TransferFees, context: DecisionContext): void {
  const fee = context.fee(feeId);
  if (fee.disputed) context.refuse({ type: 'FeeIsDisputed', feeId });
  if (isAccruing(fee)) context.refuse({ type: 'FeeStillAccruing', feeId });
  const open = owed(fee);
  if (open === 0) context.refuse({ type: 'NothingOwed', feeId });
  if (fee.planId !== null) context.refuse({ type: 'FeeInPaymentPlan', feeId, planId: fee.planId });
  const part = amount === undefined ? open : context.minor(amount);
  if (part > open) {
    const money = { amount: context.money(part), owed: context.money(open) };
    context.refuse({ type: 'TransferExceedsOwed', feeId, ...money });
  }
  applyReserved(context, feeId);
  context.emit('FeeTransferred', { ...transferData(command, part, context), feeId });
}

/** Transfers one credit. */
function transferCredit({ creditId, amount }: CreditChoice, command: TransferFees, context: DecisionContext) {
  const credit = context.credit(creditId);
  const { purpose } = credit;
  if (!isTransferable(credit)) context.refuse({ type: 'CreditPurposeForbids', creditId, purpose });
  const part = partOfCredit(credit, amount, context);
  context.emit('CreditTransferred', { ...transferData(command, part, context), creditId });
}

function isTransferable({ purpose }: { readonly purpose: string }): boolean {
  return purpose === 'refundable' || purpose === 'external';
}

function transferData(command: TransferFees, amount: number, context: DecisionContext) {
  return {
    transferId: context.newId(),
    batchId: command.id,
    amount: context.money(amount),
    destination: command.destination,
    expectsSettlement: command.expectsSettlement ?? context.policy.transfers.expectsSettlement,
    externalReference: command.externalReference,
  };
}

type Minimum = EligibleSelection['fees'];

function eligibleFees(command: TransferFees, chosen: Minimum, context: DecisionContext): FeePart[] {
  if (chosen === undefined) return [];
  const { minimum, oldEnough } = conditions(command, chosen, context.policy.transfers.fees, context);
  return context
    .fees()
    .filter((fee) => !fee.disputed && fee.planId === null)
    .filter((fee) => owed(fee) >= minimum && oldEnough(agesFrom(fee)))
    .filter((fee) => chosen.feeTypes?.includes(fee.feeType) !== false)
    .filter((fee) => chosen.owners?.includes(fee.owner) !== false)
    .map(({ feeId }) => ({ feeId }));
}

function eligibleCredits(command: TransferFees, chosen: Minimum, context: DecisionContext): CreditChoice[] {
  if (chosen === undefined) return [];
  const { minimum, oldEnough } = conditions(command, chosen, context.policy.transfers.credits, context);
  const ownerOf = (credit: { readonly owner: string | null; readonly feeId: string | null }) =>
    credit.owner ?? (credit.feeId === null ? undefined : context.fee(credit.feeId).owner) ?? '';
  return context
    .credits()
    .filter((credit) => isTransferable(credit) && unused(credit) >= minimum && oldEnough(credit.issuedAt))
    .filter((credit) => chosen.owners?.includes(ownerOf(credit)) !== false)
    .map(({ creditId }) => ({ creditId }));
}

/**
 * Returns the minimum amount in minor units and the minimum age. The amount is at least one unit, because zero cannot
 * be transferred.
 */
function conditions(
  command: TransferFees,
  chosen: NonNullable<Minimum>,
  configured: { readonly minimumAmount?: string; readonly minimumAgeDays?: number },
  context: DecisionContext,
) {
  const minimumAmount = chosen.minimumAmount ?? configured.minimumAmount;
  const minimumAgeDays = chosen.minimumAgeDays ?? configured.minimumAgeDays ?? 0;
  const youngest = Date.parse(command.at) - minimumAgeDays * DAY_MS;
  return {
    minimum: minimumAmount === undefined ? 1 : context.minor(minimumAmount),
    oldEnough: (since: string | null) =>
      since !== null && (minimumAgeDays === 0 || Date.parse(since) <= youngest),
  };
}
