import type { ReceivePayment } from './commands/paymentCommands.js';
import type { DecisionContext } from './decisionContext.js';
import { type Payment, reversedOf } from './records.js';
import type { ExternalTransactionAlreadyUsed } from './rejections/paymentRejections.js';
import { sumOf } from './shares.js';

/**
 * Returns the amount of a payment to record, in minor units: its own, or less if the total of its provider's
 * transaction leaves less; 0 if it repeats a recorded part. Refuses a payment if that is unclear.
 *
 * Clients post one transaction in several calls with one id: one call for each fee and another for the rest, or one for
 * all. They repeat calls whose answer is lost, and some split the amount anew. With the total, the sum decides; of a rest
 * that says it, nothing else does. Without it, only the fees that a part names and its amount tell whether it repeats
 * another one.
 */
export function amountToRecord(command: ReceivePayment, context: DecisionContext): number {
  const amount = context.minor(command.amount);
  const { method, externalTransactionId } = command;
  if (externalTransactionId === undefined) return amount;
  const recorded = context.paymentsOfTransaction(method, externalTransactionId);
  const said = totalSaidBy(command, context);
  const first = recorded.find(({ externalTransactionTotal }) => externalTransactionTotal !== null);
  const total = said ?? first?.externalTransactionTotal;
  if (first !== undefined && total !== first.externalTransactionTotal) {
    refuseUsed(first, command, context);
  }
  const sum = sumOf(recorded.map((part) => part.amount));
  const refuseExcess = () =>
    context.refuse({
      type: 'ExceedsTransactionTotal',
      ...{ method, externalTransactionId, total: context.money(total as number) },
      ...{ recordedAmount: context.money(sum), amount: command.amount },
    });
  if (said !== undefined && amount > said) refuseExcess();
  const named = new Set(feesNamedIn(command));
  const same = recorded.filter((part) => part.amount === amount && namesExactly(part, named));
  const isOtherMoney = command.part === 'rest' && said !== undefined;
  if (same.length > 0 && !isOtherMoney) return repeat(same, command, context);
  if (total === undefined || total === null) {
    refuseUnclear(command, named, recorded, context);
    return amount;
  }
  const room = total - sum;
  if (amount <= room) return amount;
  if (said === undefined || room < 0) refuseExcess();
  return room > 0 ? room : repeatAll(recorded, command, named, context);
}

/** Returns the fees that a payment names, by its allocations or in a list; empty if it names none. */
export function feesNamedIn({ allocations, feeIds }: ReceivePayment): readonly string[] {
  return allocations?.map(({ feeId }) => feeId) ?? feeIds ?? [];
}

/** Returns the total of its transaction that a payment says. */
export function totalSaidBy(
  { part, amount, externalTransactionTotal }: ReceivePayment,
  context: DecisionContext,
): number | undefined {
  const text = part === 'whole' ? amount : externalTransactionTotal;
  return text === undefined ? undefined : context.minor(text);
}

/** Refuses a part without a total, unless its fees and its amount show that it repeats no recorded part. */
function refuseUnclear(
  command: ReceivePayment,
  named: ReadonlySet<string>,
  recorded: readonly Payment[],
  context: DecisionContext,
): void {
  const amount = context.minor(command.amount);
  const sum = sumOf(recorded.map((part) => part.amount));
  if (named.size === 0) {
    const nameless = recorded.find(({ feesNamed }) => feesNamed.length === 0);
    if (nameless !== undefined) refuseUsed(nameless, command, context);
    // Less than what is recorded cannot be the whole, so it is the rest.
    const maybeWhole = recorded.length > 0 && amount >= sum;
    if (maybeWhole && command.part !== 'rest') refuseAmbiguous(command, sum, context);
    return;
  }
  for (const part of recorded) {
    if (part.part === 'rest') continue;
    if (concerns(part, named)) refuseUsed(part, command, context);
    // A part without names that is smaller cannot be the whole with this one in it.
    if (part.feesNamed.length === 0 && amount <= part.amount) refuseAmbiguous(command, sum, context);
  }
}

/** Whether a payment named or paid one of the fees. */
function concerns({ feesNamed, allocations }: Payment, named: ReadonlySet<string>): boolean {
  return feesNamed.some((feeId) => named.has(feeId)) || allocations.some(({ feeId }) => named.has(feeId));
}

function namesExactly({ feesNamed }: Payment, named: ReadonlySet<string>): boolean {
  return feesNamed.length === named.size && feesNamed.every((feeId) => named.has(feeId));
}

/**
 * Records that a payment repeats the first of some parts that was not reversed. Refuses it if all of them were
 * reversed, so that the user knows before entering the payment again.
 */
function repeat(parts: readonly Payment[], command: ReceivePayment, context: DecisionContext): 0 {
  const unreversed = parts.find((part) => !isReversedWhole(part));
  if (unreversed === undefined) return refuseUsed(parts[0] as Payment, command, context);
  context.repeat(unreversed.paymentId, 'payment');
  return 0;
}

/**
 * Records that a payment is in the parts of a transaction that is recorded whole: in the last one that names the same
 * fees, if any. Refuses it if a part was reversed.
 */
function repeatAll(
  recorded: readonly Payment[],
  command: ReceivePayment,
  named: ReadonlySet<string>,
  context: DecisionContext,
): 0 {
  const reversed = recorded.find(isReversedWhole);
  if (reversed !== undefined) return refuseUsed(reversed, command, context);
  const newestFirst = [...recorded].reverse();
  const part = newestFirst.find((one) => namesExactly(one, named)) ?? (newestFirst[0] as Payment);
  return repeat([part], command, context);
}

/** Returns whether a payment was reversed whole. */
export function isReversedWhole(payment: Payment): boolean {
  return reversedOf(payment) === payment.amount;
}

function refuseAmbiguous(command: ReceivePayment, sum: number, context: DecisionContext): never {
  const { method, externalTransactionId, amount } = command;
  return context.refuse({
    type: 'TransactionAmbiguous',
    method,
    externalTransactionId: externalTransactionId as string,
    recordedAmount: context.money(sum),
    amount,
  });
}

function refuseUsed(part: Payment, command: ReceivePayment, context: DecisionContext): never {
  return context.refuse(transactionUsed(part, command.amount, (minor) => context.money(minor)));
}

/** Returns the refusal of a payment whose transaction is recorded with another amount or total, or was reversed. */
export function transactionUsed(
  part: Payment,
  amount: string,
  money: (minor: number) => string,
  recorded: number = part.amount,
): Omit<ExternalTransactionAlreadyUsed, 'kind'> {
  const { externalTransactionTotal: total } = part;
  return {
    type: 'ExternalTransactionAlreadyUsed',
    method: part.method,
    externalTransactionId: part.externalTransactionId as string,
    paymentId: part.paymentId,
    recordedAmount: money(recorded),
    amount,
    feesNamed: part.feesNamed,
    recordedTotal: total === null ? null : money(total),
    reversed: isReversedWhole(part),
  };
}
