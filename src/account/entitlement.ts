import { percentOf } from '../money/rounding.js';
import type { Credit } from './credit.js';
import type { DecisionContext } from './decisionContext.js';
import { chargeOf, type Fee, moneyIn, owed, type ReturnTerms } from './fee.js';

/**
 * Issues the credits that a returned fee is still entitled to on the terms of its return: first a reduction of what is
 * owed, then of what was transferred, then a refund of money that came in. Money that was handed out is left out. What a
 * person cancelled of the return's credits is left out too: a correction by hand is kept.
 *
 * Called when the item is returned, and at the end of every decision that touches a returned fee. So undoing a waiver,
 * a recall or a bounced payment leaves the patron owing the same before and after the return.
 */
export function issueEntitlement(
  fee: Fee,
  terms: ReturnTerms,
  context: DecisionContext,
  emit: 'emit' | 'follow',
): void {
  const open = chargeOf(fee);
  const total = open.owed + open.transferred + open.money;
  if (total === 0) return;
  const credits = context.creditsOf(fee.feeId);
  // What a person took back stays open, in whichever form it is now.
  const takenBack = sum(credits.filter(isOfReturn), ({ cancelled }) => cancelled);
  const most = total - takenBack;
  if (most <= 0) return;
  const { setOff, rest } =
    terms.unpaid === 'all'
      ? forgiveUnpaid(fee, terms, takenBack, credits, context)
      : treatAlike(fee, terms, credits);
  const fromOwed = Math.min(setOff, open.owed, most);
  const external = Math.min(rest(fromOwed), open.transferred, most - fromOwed);
  const refundable = Math.min(rest(fromOwed) - external, open.money, most - fromOwed - external);
  const credit = (amount: number, purpose: 'setOff' | 'external' | 'refundable') => {
    if (amount === 0) return;
    context[emit]('LostItemCreditIssued', {
      creditId: context.newId(),
      feeId: fee.feeId,
      amount: context.money(amount),
      cause: 'returned',
      purpose,
      refundPercent: terms.refundPercent,
    });
  };
  credit(fromOwed, 'setOff');
  credit(external, 'external');
  credit(refundable, 'refundable');
}

/**
 * The missing amounts in minor units: the most that may reduce what is owed, and the rest, depending on how much did.
 */
type Missing = { readonly setOff: number; readonly rest: (fromOwed: number) => number };

/**
 * Treats the unpaid part like the paid part: the percentage of the correct fee, less what was already waived, given
 * back and reversed. The correct fee leaves out cancelled amounts. The return's own credits count even if they were
 * cancelled.
 */
function treatAlike(fee: Fee, { refundPercent }: ReturnTerms, credits: readonly Credit[]): Missing {
  const ofCause = (cause: Credit['cause']) => credits.filter((credit) => credit.cause === cause);
  const rightful = fee.original - fee.cancelled - sum(ofCause('cancelled'), netOfCancelled);
  const entitlement = percentOf(Math.max(0, rightful), refundPercent);
  const shortfall = fee.givenBack - sum(credits.filter(isRefundable), netOfCancelled);
  const had =
    fee.waived +
    sum(ofCause('waived'), netOfCancelled) +
    sum(ofCause('returned'), ({ amount }) => amount) +
    shortfall;
  const missing = Math.max(0, entitlement - had);
  return { setOff: missing, rest: (fromOwed) => missing - fromOwed };
}

/**
 * Forgives all that is owed and gives the percentage of what was transferred or paid, less what was reversed and given
 * back. If more was given than that percentage, less is forgiven. Cancellations are left out on both sides. So are the
 * fee's own credits that were applied to it, because no money came in or went out by them.
 *
 * @param takenBack - what a person cancelled of the return's credits, which counts as given
 */
function forgiveUnpaid(
  fee: Fee,
  { refundPercent }: ReturnTerms,
  takenBack: number,
  credits: readonly Credit[],
  context: DecisionContext,
): Missing {
  const own = appliedToOwnFee(fee, credits, context);
  const ownApplied = sum([...own.values()], (amount) => amount);
  const ofCancellations = (kept: readonly Credit[]) =>
    sum(
      kept.filter(({ cause }) => cause === 'cancelled'),
      (credit) => netOfCancelled(credit) - (own.get(credit.creditId) ?? credit.applied),
    );
  const leftOut = ofCancellations(credits) + ownApplied;
  // Cancelled money that was handed out before its payment was reversed is owed here, and no part of what is paid or sent.
  const handedOut = ofCancellations(credits.filter(isRefundable)) + ownApplied - moneyIn(fee);
  const owedForIt = Math.min(owed(fee), Math.max(0, handedOut));
  const paid = fee.transferred + moneyIn(fee) - leftOut + owedForIt;
  const given = fee.transferReversed + fee.givenBack - leftOut + takenBack;
  const due = percentOf(Math.max(0, paid), refundPercent) - given;
  return { setOff: Math.max(0, owed(fee) - owedForIt - Math.max(0, -due)), rest: () => Math.max(0, due) };
}

/**
 * Returns how much of each of the fee's own refundable credits was applied to the fee itself. The credit of a shortfall
 * is left out: a fee that a shortfall was charged to gave back as much as it can take in, so nothing of it is open
 * here.
 */
function appliedToOwnFee(
  fee: Fee,
  credits: readonly Credit[],
  context: DecisionContext,
): ReadonlyMap<string, number> {
  const applied = new Map<string, number>(credits.filter(isRefundable).map(({ creditId }) => [creditId, 0]));
  const signs = { creditApplied: 1, creditApplicationReversed: -1 } as const;
  for (const { kind, references, amount } of context.transactionsOf(fee.feeId)) {
    if (kind !== 'creditApplied' && kind !== 'creditApplicationReversed') continue;
    const creditId = references.creditId as string;
    const before = applied.get(creditId);
    if (before !== undefined) applied.set(creditId, before + signs[kind] * amount);
  }
  return applied;
}

function isRefundable({ purpose }: Credit): boolean {
  return purpose === 'refundable';
}

function isOfReturn({ cause }: Credit): boolean {
  return cause === 'returned';
}

/** Returns a credit's amount, less what was cancelled. */
function netOfCancelled({ amount, cancelled }: Credit): number {
  return amount - cancelled;
}

function sum<Row>(rows: readonly Row[], amountOf: (row: Row) => number): number {
  return rows.reduce((total, row) => total + amountOf(row), 0);
}
