import { knownCodes } from '../../policy/knownCodes.js';
import type { ReversePayment } from '../commands/paymentCommands.js';
import type { ReverseSettlement } from '../commands/transferCommands.js';
import { type Credit, unused } from '../credit.js';
import type { DecisionContext } from '../decisionContext.js';
import type { Shortfall, WithdrawnCredit } from '../events/paymentEvents.js';
import { repeatsRefund } from '../providerRefund.js';
import { type OverpaidPart, type Payment, reversedOf } from '../records.js';
import { allocationsOf, type Share, sumOf } from '../shares.js';
import { chargeFee } from './assessFee.js';

/**
 * Undoes a payment: first its overpayment credit, then its allocations, last to first, then the cancelled part of the
 * credit. The used part of the credit is charged to a new fee if the command names one. A refund that its provider
 * reported before is a repeat. The reducer checks the amounts
 * again in effects/paymentEffects.ts.
 */
export function reversePayment(command: ReversePayment, context: DecisionContext): void {
  const { paymentId, method, externalTransactionId, externalTransactionTotal } = command;
  const payment = context.payment(paymentId);
  const left = payment.amount - reversedOf(payment);
  const given = command.amount === undefined ? undefined : context.minor(command.amount);
  const paidBack = { creditId: null, paymentId, method: method ?? payment.method, amount: given, left };
  if (repeatsRefund(command, paidBack, context)) return;
  if (method !== undefined && !Object.hasOwn(context.policy.paymentMethods, method)) {
    const known = knownCodes(method, Object.keys(context.policy.paymentMethods));
    context.refuse({ type: 'PaymentMethodUnknown', method, known });
  }
  if (left === 0) context.refuse({ type: 'AlreadyUndone', id: paymentId });
  const amount = given ?? left;
  if (amount > left) {
    const money = { amount: context.money(amount), reversible: context.money(left) };
    context.refuse({ type: 'ReversalExceedsPayment', paymentId, ...money });
  }
  const fromCredit = Math.min(amount, withdrawnFirst(payment.overpayment, context));
  const shares = reopened(payment, amount - fromCredit);
  const cancelled = amount - fromCredit - sumOf(shares.map((share) => share.amount));
  const taken = { part: payment.overpayment, fromCredit, cancelled };
  const { withdrawn, shortfall } = takeBackCredit(taken, command, context);
  context.emit('PaymentReversed', {
    reversalId: context.newId(),
    paymentId,
    amount: context.money(amount),
    allocations: allocationsOf(shares, context),
    overpayment: withdrawn,
    shortfall,
    method: paidBack.method,
    externalTransactionId,
    externalTransactionTotal,
  });
}

/** Returns the amount by which each fee reopens, last allocation first. */
function reopened(payment: Payment, amount: number): Share[] {
  let rest = amount;
  const shares: Share[] = [];
  for (const allocation of [...payment.allocations].reverse()) {
    const part = Math.min(rest, allocation.amount - allocation.reversed);
    if (part > 0) shares.push({ feeId: allocation.feeId, amount: part });
    rest -= part;
  }
  return shares;
}

/**
 * Returns the part of an overpayment or surplus that a reversal takes back before anything else, in minor units: all of
 * it except what was cancelled, because that was never paid out. A credit that came back after a shortfall was charged
 * for it can be cancelled by more than is left to reverse.
 */
export function withdrawnFirst(part: OverpaidPart | null, context: DecisionContext): number {
  const credit = creditOf(part, context);
  return part === null || credit === undefined
    ? 0
    : Math.max(0, part.amount - part.reversed - credit.cancelled);
}

/** Returns the credit of an overpayment or surplus; undefined without one. */
export function creditOf(part: OverpaidPart | null, context: DecisionContext): Credit | undefined {
  return part === null ? undefined : context.find('credit', part.creditId);
}

/** What a reversal takes back of the credit of an overpayment or surplus, in minor units. */
type CreditTakenBack = {
  /** The overpayment or surplus; null without one. */
  readonly part: OverpaidPart | null;
  /** The unused and the used part of the credit. */
  readonly fromCredit: number;
  /** The cancelled part of the credit. */
  readonly cancelled: number;
};

/** What the event of a reversal records about the credit. */
type CreditOfReversal = { readonly withdrawn?: WithdrawnCredit; readonly shortfall?: Shortfall };

/**
 * Withdraws the unused and the cancelled part of a credit, and charges its used part to the new fee that the command
 * names. Refuses the command if it names none.
 */
export function takeBackCredit(
  { part, fromCredit, cancelled }: CreditTakenBack,
  { shortfallFee, by }: ReversePayment | ReverseSettlement,
  context: DecisionContext,
): CreditOfReversal {
  const credit = creditOf(part, context);
  if (credit === undefined) return {};
  const { creditId } = credit;
  const left = Math.min(fromCredit, unused(credit));
  const used = fromCredit - left;
  const amount = context.money(left);
  const withdrawn =
    cancelled > 0 ? { creditId, amount, cancelled: context.money(cancelled) } : { creditId, amount };
  const taken = left + cancelled > 0 ? { withdrawn } : {};
  if (used === 0) return taken;
  if (shortfallFee === undefined) {
    const money = { amount: context.money(fromCredit), unused: amount };
    return context.refuse({ type: 'CreditInUse', creditId, ...money });
  }
  const shortfall = { feeId: shortfallFee.feeId, amount: context.money(used), creditId };
  chargeFee({ ...shortfallFee, owner: shortfallFee.owner, amount: shortfall.amount }, by, context, 'none');
  return { ...taken, shortfall };
}
