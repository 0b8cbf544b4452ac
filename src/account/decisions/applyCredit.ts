import type { ApplyCredit } from '../commands/creditCommands.js';
import type { Credit } from '../credit.js';
import type { DecisionContext } from '../decisionContext.js';
import {
  allocate,
  allocationsOf,
  partOfCredit,
  payable,
  type Share,
  selectedFees,
  sharesOf,
  sumOf,
  withinCredit,
} from '../shares.js';

/** Pays fees with a credit. The reducer checks the amounts again in effects/creditEffects.ts. */
export function applyCredit(command: ApplyCredit, context: DecisionContext): void {
  const { creditId } = command;
  const credit = context.credit(creditId);
  const { purpose } = credit;
  if (purpose === 'external') context.refuse({ type: 'CreditPurposeForbids', creditId, purpose });
  const left = partOfCredit(credit, command.amount, context);
  const shares =
    purpose === 'setOff'
      ? setOff(command, credit, left, context)
      : command.allocations === undefined
        ? spreadCredit(command, left, context)
        : allocateCredit(command, command.allocations, credit, context);
  context.emit('CreditApplied', {
    applicationId: context.newId(),
    creditId,
    allocations: allocationsOf(shares, context),
  });
}

/** Applies a set-off credit to its own fee, where its amount is already reserved. */
function setOff(command: ApplyCredit, credit: Credit, amount: number, context: DecisionContext): Share[] {
  const { creditId, purpose } = credit;
  const feeId = credit.feeId as string;
  const chosen = command.allocations?.map((allocation) => allocation.feeId) ?? command.feeIds ?? [feeId];
  if (chosen.length !== 1 || chosen[0] !== feeId) {
    context.refuse({ type: 'CreditPurposeForbids', creditId, purpose });
  }
  if (context.fee(feeId).disputed) context.refuse({ type: 'FeeIsDisputed', feeId });
  const allocated = command.allocations?.[0]?.amount;
  const part = allocated === undefined ? amount : partOfCredit(credit, allocated, context);
  return matchAmount(command, [{ feeId, amount: part }], context);
}

function spreadCredit(command: ApplyCredit, left: number, context: DecisionContext): Share[] {
  const fees = selectedFees(command.feeIds, context);
  const disputed = command.feeIds === undefined ? undefined : fees.find((fee) => fee.disputed);
  if (disputed !== undefined) context.refuse({ type: 'FeeIsDisputed', feeId: disputed.feeId });
  const owed = sumOf(fees.map(payable));
  if (owed === 0) context.refuse({ type: 'NothingOwed', feeId: null });
  const { amount } = command;
  if (amount !== undefined && left > owed) {
    context.refuse({ type: 'ApplicationExceedsOwed', feeId: null, amount, owed: context.money(owed) });
  }
  return sharesOf(Math.min(left, owed), fees, command.order ?? context.policy.paymentOrder);
}

function allocateCredit(
  command: ApplyCredit,
  allocations: NonNullable<ApplyCredit['allocations']>,
  credit: Credit,
  context: DecisionContext,
): Share[] {
  const shares = allocate(allocations, 'ApplicationExceedsOwed', context);
  withinCredit(credit, sumOf(shares.map(({ amount }) => amount)), context);
  return matchAmount(command, shares, context);
}

/** Returns the shares. Refuses a command that names an amount that differs from their sum. */
function matchAmount({ amount }: ApplyCredit, shares: Share[], context: DecisionContext): Share[] {
  const allocated = context.money(sumOf(shares.map((share) => share.amount)));
  if (amount !== undefined && amount !== allocated) {
    context.refuse({ type: 'AllocationsDoNotAddUp', amount, allocated });
  }
  return shares;
}
