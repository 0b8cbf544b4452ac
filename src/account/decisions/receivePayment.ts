import { knownCodes } from '../../policy/knownCodes.js';
import type { Allocation } from '../circumstances.js';
import type { ReceivePayment } from '../commands/paymentCommands.js';
import type { DecisionContext } from '../decisionContext.js';
import {
  type AllocationExcess,
  allocate,
  allocationsOf,
  payable,
  type Share,
  selectedFees,
  sharesOf,
  sumOf,
} from '../shares.js';
import { amountToRecord, feesNamedIn, totalSaidBy } from '../transactionPart.js';

/**
 * Records a payment: spreads it over fees, and issues a credit for the excess if the policy or the command wants that.
 * The reducer checks the amounts again in effects/paymentEffects.ts.
 */
export function receivePayment(command: ReceivePayment, context: DecisionContext): void {
  const { method, externalTransactionId, part, reference } = command;
  const amount = amountToRecord(command, context);
  if (amount === 0) return;
  const channel = command.by?.channel;
  if (context.policy.onlinePayments === false && (channel === 'online' || channel === 'selfCheck'))
    context.refuse({ type: 'OnlinePaymentsOff', channel });
  if (!Object.hasOwn(context.policy.paymentMethods, method)) {
    const known = knownCodes(method, Object.keys(context.policy.paymentMethods));
    context.refuse({ type: 'PaymentMethodUnknown', method, known });
  }
  const keepsRest = (command.overpayment ?? context.policy.overpayment) === 'credit';
  const excess = keepsRest ? 'reduced' : 'PaymentExceedsOwed';
  const shares =
    command.allocations === undefined
      ? spreadPayment(command, amount, excess, context)
      : allocatePayment(command, command.allocations, amount, excess, context);
  const rest = amount - sumOf(shares.map((share) => share.amount));
  const total = totalSaidBy(command, context);
  const named = feesNamedIn(command);
  context.emit('PaymentReceived', {
    paymentId: context.newId(),
    amount: context.money(amount),
    method,
    allocations: allocationsOf(shares, context),
    overpayment: rest > 0 ? { creditId: context.newId(), amount: context.money(rest) } : undefined,
    externalTransactionId,
    feesNamed: externalTransactionId === undefined ? undefined : named,
    externalTransactionTotal: total === undefined ? undefined : context.money(total),
    // With a total, the rest may name fees, and needs no mark then: the sum decides.
    part: part === 'rest' && named.length === 0 ? part : undefined,
    reference,
  });
}

function spreadPayment(
  command: ReceivePayment,
  amount: number,
  excess: AllocationExcess,
  context: DecisionContext,
): Share[] {
  const fees = selectedFees(command.feeIds, context);
  const disputed = command.feeIds === undefined ? undefined : fees.find((fee) => fee.disputed);
  if (disputed !== undefined && excess !== 'reduced') {
    context.refuse({ type: 'FeeIsDisputed', feeId: disputed.feeId });
  }
  const owed = sumOf(fees.map(payable));
  if (amount > owed && excess !== 'reduced') {
    const money = { amount: context.money(amount), owed: context.money(owed) };
    context.refuse({ type: 'PaymentExceedsOwed', feeId: null, ...money });
  }
  return sharesOf(Math.min(amount, owed), fees, command.order ?? context.policy.paymentOrder);
}

function allocatePayment(
  command: ReceivePayment,
  allocations: readonly Allocation[],
  amount: number,
  excess: AllocationExcess,
  context: DecisionContext,
): Share[] {
  const given = context.minor(command.amount);
  const allocated = sumOf(allocations.map((allocation) => context.minor(allocation.amount)));
  const recorded = amount < given ? cutFromTheLast(allocations, amount, context) : allocations;
  const shares = allocate(recorded, excess, context);
  if (excess === 'reduced' ? allocated > given : allocated !== given) {
    const money = { amount: command.amount, allocated: context.money(allocated) };
    context.refuse({ type: 'AllocationsDoNotAddUp', ...money });
  }
  return shares;
}

/** Returns allocations of at most an amount, in minor units: the last ones are reduced or left out. */
function cutFromTheLast(
  allocations: readonly Allocation[],
  amount: number,
  context: DecisionContext,
): readonly Allocation[] {
  let left = amount;
  return allocations.flatMap(({ feeId, ...allocation }) => {
    context.fee(feeId);
    const part = Math.min(left, context.minor(allocation.amount));
    left -= part;
    return part > 0 ? { feeId, amount: context.money(part) } : [];
  });
}
