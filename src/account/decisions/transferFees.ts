import { agesFrom, isAccruing } from '../accrual.js';
import { applyReserved } from '../closing.js';
import type { CreditChoice, FeePart } from '../commands/commandBase.js';
import type { EligibleSelection, TransferFees } from '../commands/transferCommands.js';
import { unused } from '../credit.js';
import type { DecisionContext } from '../decisionContext.js';
import { owed } from '../fee.js';
import type { Refusal } from '../rejections/rejection.js';
import { partOfCredit } from '../shares.js';

/**
 * Transfers fees and credits to an external billing system: named ones, or all that are eligible. The reducer checks
 * the amounts again in effects/transferEffects.ts.
 */
export function transferFees(command: TransferFees, context: DecisionContext): Refusal | undefined {
  const { destination, eligible } = command;
  if (destination !== undefined && !Object.hasOwn(context.policy.destinations, destination)) {
    return { type: 'DestinationUnknown', destination };
  }
  const fees = eligible === undefined ? (command.fees ?? []) : eligibleFees(command, eligible.fees, context);
  const credits =
    eligible === undefined ? (command.credits ?? []) : eligibleCredits(command, eligible.credits, context);
  if (fees.length + credits.length === 0) return { type: 'NothingToTransfer' };
  for (const part of fees) {
    const rejection = transferFee(part, command, context);
    if (rejection !== undefined) return rejection;
  }
  for (const part of credits) {
    const rejection = transferCredit(part, command, context);
    if (rejection !== undefined) return rejection;
  }
  return undefined;
}

/** Transfers one fee. Credits reserved for it are applied first, so that only what is owed is transferred. */
function transferFee({ feeId, amount }: FeePart, command: TransferFees, context: DecisionContext) {
  const fee = context.fee(feeId);
  if (fee === undefined) return { type: 'FeeNotFound', feeId } as const;
  if (fee.disputed) return { type: 'FeeIsDisputed', feeId } as const;
  if (isAccruing(fee)) return { type: 'FeeStillAccruing', feeId } as const;
  const open = owed(fee);
  if (open === 0) return { type: 'NothingOwed', feeId } as const;
  if (fee.planId !== null) return { type: 'FeeInPaymentPlan', feeId, planId: fee.planId } as const;
  const part = amount === undefined ? open : context.minor(amount);
  if (part > open) {
    return {
      type: 'TransferExceedsOwed',
      feeId,
      amount: context.money(part),
      owed: context.money(open),
    } as const;
  }
  applyReserved(context, feeId);
  context.emit('FeeTransferred', { ...transferData(command, part, context), feeId });
  return undefined;
}

/** Transfers one credit. */
function transferCredit({ creditId, amount }: CreditChoice, command: TransferFees, context: DecisionContext) {
  const credit = context.credit(creditId);
  if (credit === undefined) return { type: 'CreditNotFound', creditId } as const;
  if (!isTransferable(credit))
    return { type: 'CreditPurposeForbids', creditId, purpose: credit.purpose } as const;
  const part = partOfCredit(credit, amount, context);
  if (typeof part === 'object') return part;
  context.emit('CreditTransferred', { ...transferData(command, part, context), creditId });
  return undefined;
}

function isTransferable({ purpose }: { readonly purpose: string }): boolean {
  return purpose === 'refundable' || purpose === 'external';
}

function transferData(command: TransferFees, amount: number, context: DecisionContext) {
  return {
    transferId: context.newId(),
    batchId: command.id,
    amount: context.money(amount),
    currency: context.policy.currency,
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
    credit.owner ?? (credit.feeId === null ? undefined : context.fee(credit.feeId)?.owner) ?? '';
  return context
    .credits()
    .filter((credit) => isTransferable(credit) && unused(credit) >= minimum && oldEnough(credit.issuedAt))
    .filter((credit) => chosen.owners?.includes(ownerOf(credit)) !== false)
    .map(({ creditId }) => ({ creditId }));
}

const DAY_MILLISECONDS = 86_400_000;

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
  const youngest = Date.parse(command.at) - minimumAgeDays * DAY_MILLISECONDS;
  return {
    minimum: minimumAmount === undefined ? 1 : context.minor(minimumAmount),
    oldEnough: (since: string | null) =>
      since !== null && (minimumAgeDays === 0 || Date.parse(since) <= youngest),
  };
}
