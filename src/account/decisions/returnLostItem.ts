import { percentOf } from '../../money/rounding.js';
import { feeTypeRule } from '../../policy/feePolicy.js';
import type { ReturnLostItem } from '../commands/feeCommands.js';
import type { Credit } from '../credit.js';
import type { DecisionContext } from '../decisionContext.js';
import { type Fee, moneyIn, owed, refundableMoney, transferredAndNotReversed } from '../fee.js';
import type { Rejection } from '../rejections.js';

/** Takes a lost item back and gives what its fees entitle the patron to. */
export function returnLostItem(command: ReturnLostItem, context: DecisionContext): Rejection | undefined {
  const feeIds = command.feeIds ?? feesOfLoan(command.loanId as string, context);
  if (feeIds.length === 0) return { type: 'LostItemFeeNotFound', loanId: command.loanId as string };
  for (const feeId of feeIds) {
    const rejection = returnForFee(feeId, context);
    if (rejection !== undefined) return rejection;
  }
  return undefined;
}

/** The lost-item fees of a loan that still wait for the item; all of them when none waits, so that one is named. */
function feesOfLoan(loanId: string, context: DecisionContext): string[] {
  const fees = context.fees().filter((fee) => fee.lostItem && fee.loanId === loanId);
  const waiting = fees.filter((fee) => !fee.returned);
  return (waiting.length > 0 ? waiting : fees).map(({ feeId }) => feeId);
}

function returnForFee(feeId: string, context: DecisionContext): Rejection | undefined {
  const fee = context.fee(feeId);
  if (fee === undefined) return { type: 'FeeNotFound', feeId };
  if (!fee.lostItem) return { type: 'FeeNotLostItem', feeId };
  if (fee.returned) return { type: 'LostItemAlreadyReturned', feeId };
  const rule = feeTypeRule(context.policy, fee.feeType);
  if (rule === undefined) return { type: 'FeeTypeUnknown', feeType: fee.feeType };
  const { setOff, rest } =
    context.policy.unpaidOnReturn === 'all'
      ? forgiveUnpaid(fee, rule.refundPercent)
      : treatAlike(fee, rule.refundPercent, context.creditsOf(feeId));
  const external = Math.min(rest, transferredAndNotReversed(fee));
  const refundable = Math.min(rest - external, refundableMoney(fee));
  context.emit('LostItemReturned', { returnId: context.newId(), feeId });
  const credit = (amount: number, purpose: 'setOff' | 'external' | 'refundable') => {
    if (amount === 0) return;
    context.emit('LostItemCreditIssued', {
      creditId: context.newId(),
      feeId,
      amount: context.money(amount),
      currency: context.policy.currency,
      cause: 'returned',
      purpose,
      refundPercent: rule.refundPercent,
    });
  };
  credit(setOff, 'setOff');
  credit(external, 'external');
  credit(refundable, 'refundable');
  return undefined;
}

/** What a returned item brings, in minor units: off what is owed, and what is left for money paid or transferred. */
type Entitlement = { readonly setOff: number; readonly rest: number };

/**
 * The unpaid part is treated like the paid one: the percentage of what the fee rightly was, less what was waived and
 * given back already. What a cancellation took or gave back was no part of what the fee rightly was.
 */
function treatAlike(fee: Fee, refundPercent: number, credits: readonly Credit[]): Entitlement {
  const cancelled = sumOf(credits, ({ cause }) => cause === 'cancelled');
  const cancelledMoney = sumOf(
    credits,
    ({ cause, purpose }) => cause === 'cancelled' && purpose === 'refundable',
  );
  const waivedAndReversed = sumOf(
    credits,
    ({ cause, purpose }) => cause !== 'cancelled' && purpose !== 'refundable',
  );
  const rightful = percentOf(Math.max(0, fee.original - fee.cancelled - cancelled), refundPercent);
  const had = fee.waived + waivedAndReversed + fee.givenBack - cancelledMoney;
  const entitlement = Math.max(0, rightful - had);
  const setOff = Math.min(entitlement, owed(fee));
  return { setOff, rest: entitlement - setOff };
}

/** All that is owed is forgiven, and the percentage is taken of what was transferred or paid. */
function forgiveUnpaid(fee: Fee, refundPercent: number): Entitlement {
  const due = percentOf(fee.transferred + moneyIn(fee), refundPercent) - fee.transferReversed - fee.givenBack;
  return { setOff: owed(fee), rest: Math.max(0, due) };
}

/** The sum of some credits, less what of them was cancelled. */
function sumOf(credits: readonly Credit[], which: (credit: Credit) => boolean): number {
  return credits.filter(which).reduce((sum, { amount, cancelled }) => sum + amount - cancelled, 0);
}
