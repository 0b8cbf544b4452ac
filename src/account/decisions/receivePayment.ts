import type { ReceivePayment } from '../commands/paymentCommands.js';
import type { DecisionContext } from '../decisionContext.js';
import { externalTransactionPositions } from '../ids.js';
import { type Payment, reversedOf } from '../records.js';
import type { Refusal } from '../rejections/rejection.js';
import { allocate, allocationsOf, meantFees, room, type Share, sharesOf, sumOf } from '../shares.js';
import { rowNow } from '../workingSet.js';

/**
 * Records a payment: spreads it over fees, and issues a credit for the excess if the policy or the command wants that.
 * A part that the provider reported before is a repeat. The reducer checks the amounts again in
 * effects/paymentEffects.ts.
 */
export function receivePayment(command: ReceivePayment, context: DecisionContext): Refusal | undefined {
  const { method, externalTransactionId, reference } = command;
  const recorded =
    externalTransactionId === undefined ? [] : recordedParts(method, externalTransactionId, context);
  if (recorded.length > 0) {
    const known = comparePart(command, recorded, context);
    if (known === 'repeat') return undefined;
    if (known !== 'furtherPart') return known;
  }
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
    feesNamed: externalTransactionId === undefined ? undefined : feesNamedIn(command),
    reference,
  });
  return undefined;
}

/** Returns the fees that a payment names, by its allocations or in a list; empty if it names none. */
function feesNamedIn({ allocations, feeIds }: ReceivePayment): readonly string[] {
  return allocations?.map(({ feeId }) => feeId) ?? feeIds ?? [];
}

/** Returns the payments recorded for an external transaction in their current state, oldest first. */
function recordedParts(method: string, id: string, { set }: DecisionContext): readonly Payment[] {
  return [set.before, set.touched].flatMap(({ ids, payments }) =>
    externalTransactionPositions(ids, method, id).map((position) => {
      const { paymentId } = payments[position] as Payment;
      return rowNow(set, 'payment', paymentId) as Payment;
    }),
  );
}

/**
 * Distinguishes a repeat of a recorded part from a further part of the same transaction. Clients post one transaction
 * in several calls with one id, one call for each fee, and retry each call. So the fees they name identify the parts.
 */
function comparePart(
  command: ReceivePayment,
  recorded: readonly Payment[],
  context: DecisionContext,
): 'repeat' | 'furtherPart' | Refusal {
  const named = new Set(feesNamedIn(command));
  const amount = context.minor(command.amount);
  const same = recorded.filter((part) => part.amount === amount && namesExactly(part, named));
  if (same.length > 0) return repeatOf(same, command, context);
  if (named.size > 0) {
    const overlapping = recorded.find(
      ({ feesNamed, allocations }) =>
        feesNamed.some((feeId) => named.has(feeId)) || allocations.some(({ feeId }) => named.has(feeId)),
    );
    return overlapping === undefined ? 'furtherPart' : alreadyUsed(overlapping, command, context);
  }
  const nameless = recorded.find(({ feesNamed }) => feesNamed.length === 0);
  if (nameless !== undefined) return alreadyUsed(nameless, command, context);
  // The rest of a transaction, unless it repeats the whole.
  if (amount !== sumOf(recorded.map((part) => part.amount))) return 'furtherPart';
  const gone = recorded.filter(isReversedWhole);
  return repeatOf(gone.length > 0 ? gone : recorded, command, context);
}

function namesExactly({ feesNamed }: Payment, named: ReadonlySet<string>): boolean {
  return feesNamed.length === named.size && feesNamed.every((feeId) => named.has(feeId));
}

/**
 * Records a repeat of the first part that was not reversed. Returns a rejection if all parts were reversed, so that the
 * user knows before entering the payment again.
 */
function repeatOf(
  parts: readonly Payment[],
  command: ReceivePayment,
  context: DecisionContext,
): 'repeat' | Refusal {
  const standing = parts.find((part) => !isReversedWhole(part));
  if (standing === undefined) return alreadyUsed(parts[0] as Payment, command, context);
  context.repeat(standing.paymentId);
  return 'repeat';
}

function isReversedWhole(payment: Payment): boolean {
  return reversedOf(payment) === payment.amount;
}

function alreadyUsed(part: Payment, command: ReceivePayment, context: DecisionContext): Refusal {
  return {
    type: 'ExternalTransactionAlreadyUsed',
    method: part.method,
    externalTransactionId: part.externalTransactionId as string,
    paymentId: part.paymentId,
    recordedAmount: context.money(part.amount),
    amount: command.amount,
    feesNamed: part.feesNamed,
    reversed: isReversedWhole(part),
  };
}

function spreadPayment(
  command: ReceivePayment,
  keepsRest: boolean,
  context: DecisionContext,
): Share[] | Refusal {
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
): Share[] | Refusal {
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
