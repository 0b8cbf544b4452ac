import type { AccountEvent } from '../../account/events/accountEvent.js';
import { formatAmount } from '../../money/money.js';
import type { Episode, PaymentPart } from './explainRow.js';
import { omitUndefined } from './omitUndefined.js';

/** Combines all parts with the same id to one payment: three fees paid with one card are one payment. */
export function paymentsOf(parts: readonly PaymentPart[]): Episode[] {
  const byId = new Map<string, PaymentPart[]>();
  for (const part of parts) {
    const others = byId.get(part.paymentId);
    if (others === undefined) byId.set(part.paymentId, [part]);
    else others.push(part);
  }
  return [...byId.values()].map(paymentOf);
}

function paymentOf(parts: PaymentPart[]): Episode {
  const first = parts.reduce((a, b) => (b.transaction.time.ms < a.transaction.time.ms ? b : a));
  const { method, externalTransactionId, time, by } = first.transaction;
  const amount = (minor: number) => formatAmount(minor, first.minorDigits);
  const byFee = new Map<string, number>();
  for (const part of parts) byFee.set(part.feeId, (byFee.get(part.feeId) ?? 0) + part.amount);
  const comments = new Set(parts.flatMap(({ transaction }) => transaction.comment ?? []));
  const event: AccountEvent = {
    type: 'PaymentReceived',
    data: {
      paymentId: first.paymentId,
      amount: amount(parts.reduce((sum, part) => sum + part.amount, 0)),
      currency: first.currency,
      method: method as string,
      allocations: [...byFee].map(([feeId, minor]) => ({ feeId, amount: amount(minor) })),
      ...omitUndefined({
        externalTransactionId,
        feesNamed: externalTransactionId === undefined ? undefined : [...byFee.keys()],
        comment: [...comments].join('; ') || undefined,
      }),
      at: time.at,
      by,
    },
  };
  return { ms: parts.reduce((latest, { ms }) => Math.max(latest, ms), 0), opens: false, events: [event] };
}
