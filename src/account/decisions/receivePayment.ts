import type { ReceivePayment } from '../commands/paymentCommands.js';
import type { DecisionContext } from '../decisionContext.js';
import { externalTransactionPositions } from '../ids.js';
import { type Payment, reversedOf } from '../records.js';
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

/**
 * Records a payment: spreads it over fees, and issues a credit for the excess if the policy or the command wants that.
 * A part that the provider reported before is a repeat. The reducer checks the amounts again in
 * effects/paymentEffects.ts.
 */
export function receivePayment(command: ReceivePayment, context: DecisionContext): void {
  const { method, externalTransactionId, reference } = command;
  const recorded =
    externalTransactionId === undefined ? [] : recordedParts(method, externalTransactionId, context);
  if (recorded.length > 0 && isRepeat(command, recorded, context)) return;
  if (!Object.hasOwn(context.policy.paymentMethods, method)) {
    context.refuse({ type: 'PaymentMethodUnknown', method });
  }
  const keepsRest = (command.overpayment ?? context.policy.overpayment) === 'credit';
  const excess = keepsRest ? 'reduced' : 'PaymentExceedsOwed';
  const shares =
    command.allocations === undefined
      ? spreadPayment(command, excess, context)
      : allocatePayment(command, command.allocations, excess, context);
  const rest = context.minor(command.amount) - sumOf(shares.map(({ amount }) => amount));
  context.emit('PaymentReceived', {
    paymentId: context.newId(),
    amount: command.amount,
    method,
    allocations: allocationsOf(shares, context),
    overpayment: rest > 0 ? { creditId: context.newId(), amount: context.money(rest) } : undefined,
    externalTransactionId,
    feesNamed: externalTransactionId === undefined ? undefined : feesNamedIn(command),
    reference,
  });
}

/** Returns the fees that a payment names, by its allocations or in a list; empty if it names none. */
function feesNamedIn({ allocations, feeIds }: ReceivePayment): readonly string[] {
  return allocations?.map(({ feeId }) => feeId) ?? feeIds ?? [];
}

/** Returns the payments recorded for an external transaction in their current state, oldest first. */
function recordedParts(method: string, id: string, context: DecisionContext): readonly Payment[] {
  return [context.workingSet.before, context.workingSet.touched].flatMap(({ ids, payments }) =>
    externalTransactionPositions(ids, method, id).map((position) =>
      context.payment((payments[position] as Payment).paymentId),
    ),
  );
}

/**
 * Returns whether a payment repeats a recorded part of its transaction; otherwise it is a further part. Clients post one
 * transaction in several calls with one id, one call for each fee, and retry each call. So the fees they name identify
 * the parts. Refuses a payment that is neither.
 */
function isRepeat(command: ReceivePayment, recorded: readonly Payment[], context: DecisionContext): boolean {
  const named = new Set(feesNamedIn(command));
  const amount = context.minor(command.amount);
  const same = recorded.filter((part) => part.amount === amount && namesExactly(part, named));
  if (same.length > 0) return repeats(same, command, context);
  if (named.size > 0) {
    const overlapping = recorded.find(
      ({ feesNamed, allocations }) =>
        feesNamed.some((feeId) => named.has(feeId)) || allocations.some(({ feeId }) => named.has(feeId)),
    );
    return overlapping === undefined ? false : refuseUsed(overlapping, command, context);
  }
  const nameless = recorded.find(({ feesNamed }) => feesNamed.length === 0);
  if (nameless !== undefined) return refuseUsed(nameless, command, context);
  // The rest of a transaction, unless it repeats the whole.
  if (amount !== sumOf(recorded.map((part) => part.amount))) return false;
  const gone = recorded.filter(isReversedWhole);
  return repeats(gone.length > 0 ? gone : recorded, command, context);
}

function namesExactly({ feesNamed }: Payment, named: ReadonlySet<string>): boolean {
  return feesNamed.length === named.size && feesNamed.every((feeId) => named.has(feeId));
}

/**
 * Records a repeat of the first part that was not reversed. Refuses the payment if all parts were reversed, so that the
 * user knows before entering the payment again.
 */
function repeats(parts: readonly Payment[], command: ReceivePayment, context: DecisionContext): true {
  const unreversed = parts.find((part) => !isReversedWhole(part));
  if (unreversed === undefined) return refuseUsed(parts[0] as Payment, command, context);
  context.repeat(unreversed.paymentId);
  return true;
}

function isReversedWhole(payment: Payment): boolean {
  return reversedOf(payment) === payment.amount;
}

function refuseUsed(part: Payment, command: ReceivePayment, context: DecisionContext): never {
  return context.refuse({
    type: 'ExternalTransactionAlreadyUsed',
    method: part.method,
    externalTransactionId: part.externalTransactionId as string,
    paymentId: part.paymentId,
    recordedAmount: context.money(part.amount),
    amount: command.amount,
    feesNamed: part.feesNamed,
    reversed: isReversedWhole(part),
  });
}

function spreadPayment(command: ReceivePayment, excess: AllocationExcess, context: DecisionContext): Share[] {
  const fees = selectedFees(command.feeIds, context);
  const disputed = command.feeIds === undefined ? undefined : fees.find((fee) => fee.disputed);
  if (disputed !== undefined && excess !== 'reduced') {
    context.refuse({ type: 'FeeIsDisputed', feeId: disputed.feeId });
  }
  const amount = context.minor(command.amount);
  const owed = sumOf(fees.map(payable));
  if (amount > owed && excess !== 'reduced') {
    const money = { amount: command.amount, owed: context.money(owed) };
    context.refuse({ type: 'PaymentExceedsOwed', feeId: null, ...money });
  }
  return sharesOf(Math.min(amount, owed), fees, command.order ?? context.policy.paymentOrder);
}

function allocatePayment(
  command: ReceivePayment,
  allocations: NonNullable<ReceivePayment['allocations']>,
  excess: AllocationExcess,
  context: DecisionContext,
): Share[] {
  const shares = allocate(allocations, excess, context);
  const amount = context.minor(command.amount);
  const allocated = sumOf(allocations.map((allocation) => context.minor(allocation.amount)));
  if (excess === 'reduced' ? allocated > amount : allocated !== amount) {
    const money = { amount: command.amount, allocated: context.money(allocated) };
    context.refuse({ type: 'AllocationsDoNotAddUp', ...money });
  }
  return shares;
}
