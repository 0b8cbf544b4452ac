import type { Rejection } from '../../src/index.js';
import type { Fact } from './fact.js';
import { centsOf } from './folioAmount.js';
import { type Desk, type DeskCommand, mustAsk } from './ourDesk.js';

/** Koha's words for refusals. */
const errors: Partial<Record<Rejection['type'], string>> = {
  AmountExceedsCredit: 'ParameterTooHigh',
  CancellationExceedsFee: 'ParameterTooHigh',
  FeeNotFound: 'IsNotDebit',
  InvalidCommand: 'AmountNotPositive',
  PaymentNotFound: 'IsNotCredit',
};

/** The refusal of a command, in Koha's words. */
export function errorOf(desk: Desk, command: DeskCommand): string | undefined {
  const rejection = desk.ask(command);
  return rejection === undefined ? undefined : (errors[rejection.type] ?? rejection.type);
}

export function only(fact: Fact): { readonly id: string; readonly amount: number } {
  const [first] = [...(fact.given.debits ?? []), ...(fact.given.credits ?? [])];
  if (first === undefined) throw new Error(`${fact.id} gives nothing`);
  return first;
}

/** The uses of a payment or of a credit, as Koha's offsets. */
export function lastOffsets(desk: Desk) {
  const event = desk.events().at(-1);
  if (event?.type === 'CreditApplied') {
    const { creditId, allocations } = event.data;
    return allocations.map(({ feeId, amount }) => ({
      credit: creditId,
      debit: feeId,
      type: 'APPLY',
      amount: -centsOf(amount),
    }));
  }
  if (event?.type !== 'PaymentReceived') return [];
  const applied = event.data.allocations.map(({ feeId, amount }) => ({
    type: 'APPLY',
    amount: -centsOf(amount),
    debit: feeId,
  }));
  return [{ type: 'CREATE', amount: centsOf(event.data.amount) }, ...applied];
}

/** Uses a credit, oldest fee first. */
export function apply(desk: Desk, creditId: string, feeIds: readonly string[]): void {
  mustAsk(desk, { type: 'ApplyCredit', creditId, feeIds });
}

/** The amount of the last cancellation, and the part of it that came back as an unused credit. */
export function takenOff(desk: Desk) {
  const events = desk.events();
  const last = events.map(({ type }) => type).lastIndexOf('FeeCancelled');
  const [event, back] = events.slice(last);
  const available = back?.type === 'CreditIssued' ? centsOf(back.data.amount) : 0;
  const off = event?.type === 'FeeCancelled' ? centsOf(event.data.amount) : 0;
  return { amount: -(off + available), available };
}
