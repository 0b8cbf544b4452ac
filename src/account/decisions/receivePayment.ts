import type { ReceivePayment } from '../commands/paymentCommands.js';
import type { DecisionContext } from '../decisionContext.js';
import { externalTransactionUse } from '../ids.js';
import type { Payment } from '../records.js';
import type { Rejection } from '../rejections.js';
import { allocate, allocationsOf, meantFees, room, type Share, sharesOf, sumOf } from '../shares.js';

/**
 * Takes a payment: spreads it over fees, and keeps what they cannot take as a credit where that is wanted. One that the
 * provider reported before is done already.
 */
export function receivePayment(command: ReceivePayment, context: DecisionContext): Rejection | undefined {
  const { method, externalTransactionId, reference } = command;
  const known = paymentOf(method, externalTransactionId, context);
  if (known !== undefined) return knownPayment(known, command, context);
  if (!Object.hasOwn(context.policy.paymentMethods, method)) return { type: 'PaymentMethodUnknown', method };
  const keepsRest = (command.overpayment ?? context.policy.overpayment) === 'credit';
  const shares =
    command.allocations === undefined
      ? spreadPayment(command, keepsRest, context)
      : allocatePayment(command, command.allocations, keepsRest, context);
  if ('type' in shares) return shares;
  const rest = context.minor(command.amount) - sumOf(shares.map(({ amount }) => amount));
  context.emit('PaymentReceived', {
    paymentId: context.newId(),
    amount: command.amount,
    currency: context.policy.currency,
    method,
    allocations: allocationsOf(shares, context),
    overpayment: rest > 0 ? { creditId: context.newId(), amount: context.money(rest) } : undefined,
    externalTransactionId,
    reference,
  });
  return undefined;
}

/** The payment with the provider's id, if there is one. */
function paymentOf(method: string, id: string | undefined, { set }: DecisionContext): Payment | undefined {
  const { touched, before } = set;
  if (id === undefined) return undefined;
  const used = externalTransactionUse(touched.ids, method, id);
  const account = used === externalTransactionUse(before.ids, method, id) ? before : touched;
  return used && account.payments[used.position];
}

function knownPayment(
  known: Payment,
  command: ReceivePayment,
  context: DecisionContext,
): Rejection | undefined {
  if (known.amount === context.minor(command.amount)) return undefined;
  return {
    type: 'ExternalTransactionAlreadyUsed',
    method: known.method,
    externalTransactionId: command.externalTransactionId as string,
    paymentId: known.paymentId,
    recordedAmount: context.money(known.amount),
    amount: command.amount,
  };
}

function spreadPayment(
  command: ReceivePayment,
  keepsRest: boolean,
  context: DecisionContext,
): Share[] | Rejection {
  const fees = meantFees(command.feeIds, context);
  if ('type' in fees) return fees;
  const disputed = command.feeIds === undefined ? undefined : fees.find((fee) => fee.disputed);
  if (disputed !== undefined && !keepsRest) return { type: 'FeeIsDisputed', feeId: disputed.feeId };
  const amount = context.minor(command.amount);
  const owed = sumOf(fees.map(room));
  if (amount > owed && !keepsRest) {
    return { type: 'PaymentExceedsOwed', feeId: null, amount: command.amount, owed: context.money(owed) };
  }
  return sharesOf(Math.min(amount, owed), fees, command.order ?? context.policy.paymentOrder);
}

function allocatePayment(
  command: ReceivePayment,
  allocations: NonNullable<ReceivePayment['allocations']>,
  keepsRest: boolean,
  context: DecisionContext,
): Share[] | Rejection {
  const shares = allocate(allocations, keepsRest, context, (feeId, amount, owed) => ({
    type: 'PaymentExceedsOwed',
    feeId,
    amount,
    owed,
  }));
  const amount = context.minor(command.amount);
  const allocated = sumOf(allocations.map((allocation) => context.minor(allocation.amount)));
  if ('type' in shares || (keepsRest ? allocated <= amount : allocated === amount)) return shares;
  return { type: 'AllocationsDoNotAddUp', amount: command.amount, allocated: context.money(allocated) };
}
