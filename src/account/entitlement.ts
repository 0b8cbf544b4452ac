import { percentOf } from '../money/rounding.js';
import type { Credit } from './credit.js';
import type { DecisionContext } from './decisionContext.js';
import {
  type Fee,
  givenBackAboveMoneyIn,
  moneyIn,
  owed,
  type ReturnTerms,
  refundableMoney,
  transferredAndNotReversed,
} from './fee.js';

/**
 * Issues what a returned fee is still entitled to on the terms of its return: off what is owed first, then of what was
 * transferred, then of the money that came in. Never against what is owed or transferred only because more was given
 * back than came in: that money has left the library.
 *
 * Asked when the item comes back, and at the end of every decision that touches a returned fee: so a waiver that is
 * undone, a recall or a bounced payment costs the same before and after the return.
 */
export function issueEntitlement(
  fee: Fee,
  terms: ReturnTerms,
  context: DecisionContext,
  emit: DecisionContext['emit'],
): void {
  const excess = givenBackAboveMoneyIn(fee);
  const open = {
    owed: Math.max(0, owed(fee) - excess),
    transferred: Math.max(0, transferredAndNotReversed(fee) - Math.max(0, excess - owed(fee))),
    money: refundableMoney(fee),
  };
  if (open.owed + open.transferred + open.money === 0) return;
  const { setOff, rest } =
    terms.unpaid === 'all' ? forgiveUnpaid(fee, terms, context) : treatAlike(fee, terms, context);
  const fromOwed = Math.min(setOff, open.owed);
  const external = Math.min(rest(fromOwed), open.transferred);
  const refundable = Math.min(rest(fromOwed) - external, open.money);
  const credit = (amount: number, purpose: 'setOff' | 'external' | 'refundable') => {
    if (amount === 0) return;
    emit('LostItemCreditIssued', {
      creditId: context.newId(),
      feeId: fee.feeId,
      amount: context.money(amount),
      currency: context.policy.currency,
      cause: 'returned',
      purpose,
      refundPercent: terms.refundPercent,
    });
  };
  credit(fromOwed, 'setOff');
  credit(external, 'external');
  credit(refundable, 'refundable');
}

/** What is missing, in minor units: at most off what is owed, and of the rest once so much was taken off that. */
type Missing = { readonly setOff: number; readonly rest: (fromOwed: number) => number };

/**
 * The unpaid part is treated like the paid one: the percentage of what the fee rightly was, less what was waived, given
 * back and reversed already. What a cancellation took or gave back was no part of what the fee rightly was. The
 * return's own credits count even where somebody cancelled them.
 */
function treatAlike(fee: Fee, { refundPercent }: ReturnTerms, context: DecisionContext): Missing {
  const credits = context.creditsOf(fee.feeId);
  const ofCause = (cause: Credit['cause']) => credits.filter((credit) => credit.cause === cause);
  const rightful = fee.original - fee.cancelled - sum(ofCause('cancelled'), standing);
  const entitlement = percentOf(Math.max(0, rightful), refundPercent);
  const shortfall = fee.givenBack - sum(credits.filter(isRefundable), standing);
  const had =
    fee.waived +
    sum(ofCause('waived'), standing) +
    sum(ofCause('returned'), ({ amount }) => amount) +
    shortfall;
  const missing = Math.max(0, entitlement - had);
  return { setOff: missing, rest: (fromOwed) => missing - fromOwed };
}

/**
 * All that is owed is forgiven, and the percentage is taken of what was transferred or paid, less what was reversed and
 * given back. Where more was given than that percentage, so much less is forgiven. Cancellations are left out on both
 * sides, and so are the fee's own credits that were applied to it: no money came in or went out by them.
 */
function forgiveUnpaid(fee: Fee, { refundPercent }: ReturnTerms, context: DecisionContext): Missing {
  const credits = context.creditsOf(fee.feeId);
  const own = appliedToOwnFee(fee, credits, context);
  const ownApplied = sum([...own.values()], (amount) => amount);
  const cancellations = sum(
    credits.filter(({ cause }) => cause === 'cancelled'),
    (credit) => standing(credit) - (own.get(credit.creditId) ?? credit.applied),
  );
  const takenBackByHand = (which: (credit: Credit) => boolean) =>
    sum(
      credits.filter((credit) => credit.cause === 'returned' && which(credit)),
      ({ cancelled }) => cancelled,
    );
  const leftOut = cancellations + ownApplied;
  const paid = fee.transferred + moneyIn(fee) - leftOut;
  const given =
    fee.transferReversed + fee.givenBack - leftOut + takenBackByHand(({ purpose }) => purpose !== 'setOff');
  const due = percentOf(Math.max(0, paid), refundPercent) - given;
  const forgiven = owed(fee) - Math.max(0, -due) - takenBackByHand(({ purpose }) => purpose === 'setOff');
  return { setOff: Math.max(0, forgiven), rest: () => Math.max(0, due) };
}

/** What of each of the fee's own refundable credits was applied to the fee itself. */
function appliedToOwnFee(
  fee: Fee,
  credits: readonly Credit[],
  context: DecisionContext,
): ReadonlyMap<string, number> {
  const applied = new Map<string, number>(credits.filter(isRefundable).map(({ creditId }) => [creditId, 0]));
  if (fee.shortfallCreditId !== null) applied.set(fee.shortfallCreditId, 0);
  const signs = { creditApplied: 1, creditApplicationReversed: -1 } as const;
  for (const { kind, reference, amount } of context.transactionsOf(fee.feeId)) {
    if (kind !== 'creditApplied' && kind !== 'creditApplicationReversed') continue;
    const creditId = reference as string;
    const before = applied.get(creditId);
    if (before !== undefined) applied.set(creditId, before + signs[kind] * amount);
  }
  return applied;
}

function isRefundable({ purpose }: Credit): boolean {
  return purpose === 'refundable';
}

/** A credit less what was cancelled of it. */
function standing({ amount, cancelled }: Credit): number {
  return amount - cancelled;
}

function sum<Row>(rows: readonly Row[], amountOf: (row: Row) => number): number {
  return rows.reduce((total, row) => total + amountOf(row), 0);
}
