import { percentOf } from '../money/rounding.js';
import type { Accrual } from './accrual.js';
import { type Credit, unused } from './credit.js';
import type { DecisionContext } from './decisionContext.js';
import { chargeOf, type Fee, givenBackAboveMoneyIn, moneyIn, owed, type ReturnTerms } from './fee.js';

/**
 * Applies the closing rules at the end of every decision. They run automatically, in this order:
 *
 * 1. A fee that gave back more than came in (a cheque bounced after the item was returned) uses its own unused
 *    refundable credits, oldest first. So only what was really refunded in cash, or spent on other fees, is owed again.
 * 2. The missing part of a returned fee's entitlement is issued.
 * 3. A fine that has stopped growing and was charged above its total is reduced as far as it is owed.
 * 4. If anything but a waiver brought what is owed to 0 while a credit is reserved, that credit is applied, so that
 *    both rows close.
 */
export function close(context: DecisionContext): void {
  for (const feeId of context.unclosed()) takeOwnCredits(context, feeId);
  for (const feeId of context.unclosed()) {
    const fee = context.fee(feeId);
    if (fee.returnTerms !== null) issueEntitlement(fee, fee.returnTerms, context, 'follow');
  }
  for (const feeId of context.unclosed()) takeBackAfterEnd(context, feeId);
  for (const feeId of context.broughtToZero()) applyReserved(context, feeId);
  context.setClosed();
}

function takeOwnCredits(context: DecisionContext, feeId: string): void {
  const excess = () => {
    const fee = context.fee(feeId);
    return Math.min(givenBackAboveMoneyIn(fee), owed(fee));
  };
  if (excess() <= 0) return;
  for (const credit of ownCredits(context, context.fee(feeId))) {
    const amount = Math.min(excess(), unused(credit));
    if (credit.purpose === 'refundable' && amount > 0) apply(context, credit.creditId, feeId, amount);
  }
}

/**
 * Returns the credits of a fee, oldest first; for a fee that a shortfall was charged to, the credit with that
 * shortfall.
 */
function ownCredits(context: DecisionContext, { feeId, shortfallCreditId }: Fee) {
  const credit = shortfallCreditId === null ? undefined : context.credit(shortfallCreditId);
  return credit === undefined ? context.creditsOf(feeId) : [credit, ...context.creditsOf(feeId)];
}

/** Applies all credits reserved for a fee to it: one application for each credit, oldest first. */
export function applyReserved(context: DecisionContext, feeId: string): void {
  if (context.fee(feeId).reserved === 0) return;
  for (const credit of context.creditsOf(feeId)) {
    if (credit.purpose === 'setOff' && unused(credit) > 0)
      apply(context, credit.creditId, feeId, unused(credit));
  }
}

function apply(context: DecisionContext, creditId: string, feeId: string, amount: number): void {
  context.follow('CreditApplied', {
    applicationId: context.newId(),
    creditId,
    allocations: [{ feeId, amount: context.money(amount) }],
  });
}

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

/**
 * Lowers a fine to a reported total, as far as possible: first what is owed, except what is owed only because more was
 * given back than came in; then money that was paid. Waived amounts are not given back (Koha bug 29923).
 *
 * @param total - the reported total, in minor units, below what accrual has charged
 * @param recorded - whether the total is recorded even if nothing can be taken back
 */
export function takeBackAccrued(
  context: DecisionContext,
  feeId: string,
  total: number,
  recorded: 'always' | 'ifTaken',
): void {
  const fee = context.fee(feeId);
  const tooMuch = (fee.accrual as Accrual).accrued - total;
  const charge = chargeOf(fee);
  const fromOwed = Math.min(tooMuch, charge.owed);
  const fromMoney = Math.min(tooMuch - fromOwed, charge.money);
  if (fromOwed + fromMoney === 0 && recorded === 'ifTaken') return;
  context.emit('FeeCancelled', lowered(context, feeId, fromOwed, total));
  if (fromMoney === 0) return;
  context.emit('CreditIssued', {
    creditId: context.newId(),
    amount: context.money(fromMoney),
    cause: 'cancelled',
    purpose: 'refundable',
    feeId,
    owner: fee.owner,
    item: undefined,
    accrual: true,
  });
}

/** Closing rule: if an accrual has ended and charged more than its total, takes back what became owed of the excess. */
export function takeBackAfterEnd(context: DecisionContext, feeId: string): void {
  const fee = context.fee(feeId);
  if (fee.accrual === null || fee.accrual.total === null) return;
  const { accrued, total } = fee.accrual;
  const amount = Math.min(accrued - total, chargeOf(fee).owed);
  if (amount > 0) context.follow('FeeCancelled', lowered(context, feeId, amount, total));
}

/** Returns the details of the event that lowers what is owed on a fine. */
function lowered(context: DecisionContext, feeId: string, amount: number, total: number) {
  return {
    cancellationId: context.newId(),
    feeId,
    amount: context.money(amount),
    accrual: true,
    total: context.money(total),
  };
}
