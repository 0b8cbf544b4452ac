import type { AccountEvent } from '../../account/events.js';

/** The fields that say what an event is about, its own id first; the rest is in the way of a person who compares. */
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

/** An event in one line, e.g. `PaymentReceived p1 5.00 CASH allocations: f1 4.00, f2 1.00`. */
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

/** An id that could be taken for something else stands in quotation marks. */
function shown(value: unknown): string {
  return typeof value === 'string' && /^[\w.:#/-]+$/.test(value) ? value : (JSON.stringify(value) ?? '?');
}
