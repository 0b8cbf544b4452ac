import type { AccountEvent } from '../../account/events/accountEvent.js';
import { formatAmount, parseAmount } from '../../money/money.js';
import type { ReceiptKind } from './receiptIssued.js';

/** What a receipt can be issued for, as one event tells it. */
type EventSubject = {
  readonly kind: ReceiptKind;
  /** The `subjectId` of its receipt. */
  readonly subjectId: string;
  /** The id by which an event that undoes it names it. */
  readonly id: string;
};

/** Returns what receipt an event belongs to, or undefined. One receipt may have several events of one command. */
export function subjectOf({ type, data, metadata }: AccountEvent): EventSubject | undefined {
  const own = (kind: ReceiptKind, id: string) => ({ kind, subjectId: id, id });
  const ofCommand = (kind: ReceiptKind, id: string) => ({ kind, subjectId: metadata?.commandId ?? id, id });
  switch (type) {
    case 'PaymentReceived':
      return own('payment', data.paymentId);
    case 'CreditRefunded':
      return own('refund', data.refundId);
    case 'FeeWaived':
      return ofCommand('waiver', data.waiverId);
    case 'LostItemCreditIssued':
      return ofCommand(data.cause === 'waived' ? 'waiver' : 'return', data.creditId);
    case 'CreditIssued':
      if (data.cause === 'waived') return ofCommand('waiver', data.creditId);
      return data.cause === 'cancelled' ? ofCommand('cancellation', data.creditId) : undefined;
    case 'FeeCancelled':
      return ofCommand('cancellation', data.cancellationId);
    case 'CreditApplied':
      return own('application', data.applicationId);
    case 'PaymentReversed':
    case 'WaiverReversed':
    case 'CreditApplicationReversed':
    case 'RefundReversed':
      return own('reversal', data.reversalId);
    case 'CreditCancelled':
      return own(data.forfeited === true ? 'forfeiture' : 'reversal', data.cancellationId);
    default:
      return undefined;
  }
}

/** An event that undid something, or a part of it. */
type Undoing = {
  /** The id of the payment, refund, waiver, use or credit. */
  readonly of: string;
  readonly id: string;
  readonly at: string;
  readonly amount: string;
};

function undoingIn({ type, data }: AccountEvent, digits: number): Undoing | undefined {
  const { at } = data;
  switch (type) {
    case 'PaymentReversed':
      return { of: data.paymentId, id: data.reversalId, at, amount: data.amount };
    case 'WaiverReversed':
      return { of: data.waiverId, id: data.reversalId, at, amount: data.amount };
    case 'RefundReversed':
      return { of: data.refundId, id: data.reversalId, at, amount: data.amount };
    case 'CreditCancelled':
      // A forfeited credit was rightly given.
      if (data.forfeited === true) return undefined;
      return { of: data.creditId, id: data.cancellationId, at, amount: data.amount };
    case 'CreditApplicationReversed': {
      const parts = data.allocations.map(({ amount }) => parseAmount(amount, digits));
      const amount = formatAmount(
        parts.reduce((sum, part) => sum + part, 0),
        digits,
      );
      return { of: data.applicationId, id: data.reversalId, at, amount };
    }
    default:
      return undefined;
  }
}

/** Returns the events that undid what a receipt is for, in their order. */
export function undoingsOf(
  events: readonly AccountEvent[],
  kind: ReceiptKind,
  subjectId: string,
  digits: number,
): readonly Omit<Undoing, 'of'>[] {
  const ids = new Set<string>();
  return events.flatMap((event) => {
    const subject = subjectOf(event);
    if (subject?.kind === kind && subject.subjectId === subjectId) ids.add(subject.id);
    const undoing = undoingIn(event, digits);
    if (undoing === undefined || !ids.has(undoing.of)) return [];
    const { of: _, ...rest } = undoing;
    return [rest];
  });
}

/**
 * Returns what a reversal undid; undefined for a credit of which there is no receipt, and for anything but a reversal.
 */
export function undoneBy(
  events: readonly AccountEvent[],
  reversalId: string,
  digits: number,
): Pick<EventSubject, 'kind' | 'subjectId'> | undefined {
  const undoing = events
    .map((event) => undoingIn(event, digits))
    .find((each) => each !== undefined && each.id === reversalId);
  if (undoing === undefined) return undefined;
  const undone = events.map(subjectOf).find((subject) => subject?.id === undoing.of);
  return undone && { kind: undone.kind, subjectId: undone.subjectId };
}
