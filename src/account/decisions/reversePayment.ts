import { feeTypeRule } from '../../policy/feePolicy.js';
import type { ReversePayment, ShortfallFee } from '../commands/paymentCommands.js';
import type { ReverseSettlement } from '../commands/transferCommands.js';
import { unused } from '../credit.js';
import type { DecisionContext } from '../decisionContext.js';
import { type Payment, reversedOf } from '../records.js';
import type { Refusal } from '../rejections/rejection.js';
import { allocationsOf, type Share, sumOf } from '../shares.js';

/**
 * Undoes a payment: first its overpayment credit, then its allocations, last to first, then the cancelled part of the
 * credit. The used part of the credit is charged to a new fee if the command names one. The reducer checks the amounts
 * again in effects/paymentEffects.ts.
 */
export function reversePayment(command: ReversePayment, context: DecisionContext): Refusal | undefined {
  const { paymentId } = command;
  const payment = context.payment(paymentId);
  if (payment === undefined) return { type: 'PaymentNotFound', paymentId };
  const { method } = command;
  if (method !== undefined && !Object.hasOwn(context.policy.paymentMethods, method)) {
    return { type: 'PaymentMethodUnknown', method };
  }
  const left = payment.amount - reversedOf(payment);
  if (left === 0) return { type: 'AlreadyUndone', id: paymentId };
  const amount = command.amount === undefined ? left : context.minor(command.amount);
  if (amount > left) {
    const reversible = context.money(left);
    return { type: 'ReversalExceedsPayment', paymentId, amount: context.money(amount), reversible };
  }
  const parts = partsOf(payment, amount, context);
  const { creditId, withdrawn, used, cancelled } = parts;
  if (used > 0 && command.shortfallFee === undefined) {
    return {
      type: 'CreditInUse',
      creditId,
      amount: context.money(withdrawn + used),
      unused: context.money(withdrawn),
    };
  }
  if (used > 0 && command.shortfallFee !== undefined) {
    const refused = chargeShortfall(command, command.shortfallFee, context.money(used), context);
    if (refused !== undefined) return refused;
  }
  const shortfallFeeId = command.shortfallFee?.feeId as string;
  context.emit('PaymentReversed', {
    reversalId: context.newId(),
    paymentId,
    amount: context.money(amount),
    currency: context.policy.currency,
    allocations: allocationsOf(parts.reopened, context),
    overpayment:
      withdrawn + cancelled > 0
        ? { creditId, amount: context.money(withdrawn), ...cancelledPart(cancelled, context) }
        : undefined,
    shortfall: used > 0 ? { feeId: shortfallFeeId, amount: context.money(used), creditId } : undefined,
    method: method ?? payment.method,
  });
  return undefined;
}

/** The amounts that a reversal takes back, in minor units. */
type ReversedParts = {
  /** The payment's overpayment credit; empty without one. */
  readonly creditId: string;
  /** The unused part of the credit. */
  readonly withdrawn: number;
  /** The used part of the credit. */
  readonly used: number;
  /** The amount by which each fee reopens. */
  readonly reopened: readonly Share[];
  /** The cancelled part of the credit, which was never paid out. */
  readonly cancelled: number;
};

/** Takes the credit's unused part first, then its used part, then the allocations, then the credit's cancelled part. */
function partsOf(payment: Payment, amount: number, context: DecisionContext): ReversedParts {
  const { overpayment } = payment;
  const credit = overpayment === null ? undefined : context.credit(overpayment.creditId);
  const cancellable = credit?.cancelled ?? 0;
  const ofCredit = overpayment === null ? 0 : overpayment.amount - overpayment.reversed - cancellable;
  const fromCredit = Math.min(amount, ofCredit);
  const withdrawn = credit === undefined ? 0 : Math.min(fromCredit, unused(credit));
  const shares = reopened(payment, amount - fromCredit);
  return {
    creditId: overpayment?.creditId ?? '',
    withdrawn,
    used: fromCredit - withdrawn,
    reopened: shares,
    cancelled: amount - fromCredit - sumOf(shares.map((share) => share.amount)),
  };
}

function cancelledPart(cancelled: number, context: DecisionContext): { readonly cancelled?: string } {
  return cancelled > 0 ? { cancelled: context.money(cancelled) } : {};
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

/** Charges the used part of the credit to the new fee that the command names. */
export function chargeShortfall(
  command: ReversePayment | ReverseSettlement,
  { feeId, feeType, owner }: ShortfallFee,
  amount: string,
  context: DecisionContext,
): Refusal | undefined {
  const rule = feeTypeRule(context.policy, feeType);
  if (rule === undefined) return { type: 'FeeTypeUnknown', feeType };
  if (rule.retired === true) return { type: 'FeeTypeRetired', feeType };
  const chargedBy = owner ?? command.by?.library;
  if (chargedBy === undefined) return { type: 'FeeOwnerMissing' };
  context.emit('FeeAssessed', {
    feeId: context.claim(feeId),
    feeType,
    amount,
    currency: context.policy.currency,
    owner: chargedBy,
    lostItem: rule.lostItem ? true : undefined,
    accruing: undefined,
  });
  return undefined;
}
