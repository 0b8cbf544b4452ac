import { feeTypeRule } from '../../policy/feePolicy.js';
import type { ReversePayment, ShortfallFee } from '../commands/paymentCommands.js';
import { unused } from '../credit.js';
import type { DecisionContext } from '../decisionContext.js';
import { type Payment, reversedOf } from '../records.js';
import type { Rejection } from '../rejections.js';
import { allocationsOf, type Share } from '../shares.js';
import { rowNow } from '../workingSet.js';

/**
 * Undoes a payment: what became a credit first, then what went to fees, last to first. What cannot be withdrawn of the
 * credit is charged to a new fee, if the command names one.
 */
export function reversePayment(command: ReversePayment, context: DecisionContext): Rejection | undefined {
  const { paymentId } = command;
  const payment = rowNow(context.set, 'payment', paymentId);
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
  const credit = creditPart(payment, amount, context);
  const shortfall = credit.amount - credit.withdrawable;
  const fee = command.shortfallFee;
  if (shortfall > 0 && fee === undefined) {
    return {
      type: 'CreditInUse',
      creditId: credit.creditId,
      amount: context.money(credit.amount),
      unused: context.money(credit.withdrawable),
    };
  }
  const charged =
    shortfall > 0 && fee !== undefined ? { feeId: fee.feeId, amount: context.money(shortfall) } : undefined;
  const refused =
    charged === undefined
      ? undefined
      : chargeShortfall(command, fee as ShortfallFee, charged.amount, context);
  if (refused !== undefined) return refused;
  context.emit('PaymentReversed', {
    reversalId: context.newId(),
    paymentId,
    amount: context.money(amount),
    currency: context.policy.currency,
    allocations: allocationsOf(reopened(payment, amount - credit.amount), context),
    overpayment:
      credit.withdrawable > 0
        ? { creditId: credit.creditId, amount: context.money(credit.withdrawable) }
        : undefined,
    shortfall: charged,
    method: method ?? payment.method,
  });
  return undefined;
}

/** What of a reversal concerns the payment's overpayment credit, and what of that is still unused; in minor units. */
type CreditPart = { readonly creditId: string; readonly amount: number; readonly withdrawable: number };

function creditPart({ overpayment }: Payment, amount: number, context: DecisionContext): CreditPart {
  const credit = overpayment === null ? undefined : context.credit(overpayment.creditId);
  if (overpayment === null || credit === undefined) return { creditId: '', amount: 0, withdrawable: 0 };
  const part = Math.min(amount, overpayment.amount - overpayment.reversed);
  return { creditId: overpayment.creditId, amount: part, withdrawable: Math.min(part, unused(credit)) };
}

/** By how much each fee reopens, last allocation first. */
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

/** Charges what was used of the credit to the new fee that the command names. */
function chargeShortfall(
  command: ReversePayment,
  { feeId, feeType, owner }: ShortfallFee,
  amount: string,
  context: DecisionContext,
): Rejection | undefined {
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
