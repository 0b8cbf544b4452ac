import type { ApplyCredit } from '../commands/creditCommands.js';
import type { Credit } from '../credit.js';
import type { DecisionContext } from '../decisionContext.js';
import type { Refusal } from '../rejections/rejection.js';
import {
  allocate,
  allocationsOf,
  meantFees,
  partOfCredit,
  room,
  type Share,
  sharesOf,
  sumOf,
  withinCredit,
} from '../shares.js';

/** Pays fees with a credit. The reducer checks the amounts again in effects/creditEffects.ts. */
export function applyCredit(command: ApplyCredit, context: DecisionContext): Refusal | undefined {
  const { creditId } = command;
  const credit = context.credit(creditId);
  if (credit === undefined) return { type: 'CreditNotFound', creditId };
  if (credit.purpose === 'external')
    return { type: 'CreditPurposeForbids', creditId, purpose: credit.purpose };
  const left = partOfCredit(credit, command.amount, context);
  if (typeof left === 'object') return left;
  const shares =
    credit.purpose === 'setOff'
      ? setOff(command, credit, left, context)
      : command.allocations === undefined
        ? spreadCredit(command, left, context)
        : allocateCredit(command, command.allocations, credit, context);
  if ('type' in shares) return shares;
  context.emit('CreditApplied', {
    applicationId: context.newId(),
    creditId,
    allocations: allocationsOf(shares, context),
    currency: context.policy.currency,
  });
  return undefined;
}

/** Applies a set-off credit to its own fee, where its amount is already reserved. */
function setOff(
  command: ApplyCredit,
  credit: Credit,
  amount: number,
  context: DecisionContext,
): Share[] | Refusal {
  const { creditId, purpose } = credit;
  const feeId = credit.feeId as string;
  const chosen = command.allocations?.map((allocation) => allocation.feeId) ?? command.feeIds ?? [feeId];
  if (chosen.length !== 1 || chosen[0] !== feeId) return { type: 'CreditPurposeForbids', creditId, purpose };
  if (context.fee(feeId)?.disputed === true) return { type: 'FeeIsDisputed', feeId };
  const allocated = command.allocations?.[0]?.amount;
  const part = allocated === undefined ? amount : partOfCredit(credit, allocated, context);
  if (typeof part === 'object') return part;
  return matchAmount(command, [{ feeId, amount: part }], context);
}

function spreadCredit(command: ApplyCredit, left: number, context: DecisionContext): Share[] | Refusal {
  const fees = meantFees(command.feeIds, context);
  if ('type' in fees) return fees;
  const disputed = command.feeIds === undefined ? undefined : fees.find((fee) => fee.disputed);
  if (disputed !== undefined) return { type: 'FeeIsDisputed', feeId: disputed.feeId };
  const owed = sumOf(fees.map(room));
  if (owed === 0) return { type: 'NothingOwed', feeId: null };
  if (command.amount !== undefined && left > owed) {
    return { type: 'ApplicationExceedsOwed', feeId: null, amount: command.amount, owed: context.money(owed) };
  }
  return sharesOf(Math.min(left, owed), fees, command.order ?? context.policy.paymentOrder);
}

function allocateCredit(
  command: ApplyCredit,
  allocations: NonNullable<ApplyCredit['allocations']>,
  credit: Credit,
  context: DecisionContext,
): Share[] | Refusal {
  const shares = allocate(allocations, false, context, (feeId, amount, owed) => ({
    type: 'ApplicationExceedsOwed',
    feeId,
    amount,
    owed,
  }));
  if ('type' in shares) return shares;
  const total = withinCredit(credit, sumOf(shares.map(({ amount }) => amount)), context);
  return typeof total === 'object' ? total : matchAmount(command, shares, context);
}

/** Returns the shares, or a rejection if the command names an amount that differs from their sum. */
function matchAmount(command: ApplyCredit, shares: Share[], context: DecisionContext): Share[] | Refusal {
  const allocated = context.money(sumOf(shares.map(({ amount }) => amount)));
  if (command.amount === undefined || command.amount === allocated) return shares;
  return { type: 'AllocationsDoNotAddUp', amount: command.amount, allocated };
}
