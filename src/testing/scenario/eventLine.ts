import type { AccountEvent } from '../../account/events/accountEvent.js';

/** The fields that identify an event's subject, its own id first. The others distract a reader who compares events. */
const telling = [
  'returnId',
  'disputeId',
  'cancellationId',
  'reversalId',
  'settlementId',
  'recallId',
  'paymentId',
  'waiverId',
  'transferId',
  'refundId',
  'applicationId',
  'creditId',
  'feeId',
  'amount',
  'feeType',
  'method',
  'cause',
  'purpose',
  'outcome',
  'destination',
] as const;

/** The fields that hold parts of an amount. */
const parts = ['allocations', 'overpayment', 'shortfall', 'setOff'] as const;

/** Formats an event in one line, e.g. `PaymentReceived p1 5.00 CASH allocations: f1 4.00, f2 1.00`. */
export function eventLine(event: AccountEvent): string {
  const data = Object(event.data) as Readonly<Record<string, unknown>>;
  const words = telling.filter((name) => data[name] !== undefined).map((name) => shown(data[name]));
  const amounts = parts
    .filter((name) => data[name] !== undefined)
    .map((name) => `${name}: ${[data[name]].flat().map(shownPart).join(', ') || 'none'}`);
  return [event.type, ...words, ...amounts].join(' ');
}

function shownPart(part: unknown): string {
  const { feeId, creditId, amount } = Object(part) as Readonly<Record<string, unknown>>;
  return `${shown(feeId ?? creditId)} ${shown(amount)}`;
}

/** Formats a value. Quotes an id that could be mistaken for something else. */
function shown(value: unknown): string {
  return typeof value === 'string' && /^[\w.:#/-]+$/.test(value) ? value : (JSON.stringify(value) ?? '?');
}
