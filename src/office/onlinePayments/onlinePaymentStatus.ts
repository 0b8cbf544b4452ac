import { compareInstants } from '../../history/instants.js';
import { unrecordedParts } from './onlineParts.js';
import { amountIn, type OnlinePayment } from './onlinePayment.js';
import type { OnlinePaymentPending } from './onlinePaymentEvents.js';

/**
 * The state of an online payment.
 *
 * - `started`: nothing was taken, and its fees are held for it.
 * - `pending`: the payer's bank takes days for it (a debit), and its fees are held until then.
 * - `ended`: nothing was taken, and its fees are free again: it ended or expired.
 * - `captured`: money was taken or went back that an account has not recorded yet.
 * - `recorded`: the accounts have recorded all that was taken.
 * - `returned`: all that was taken went back, and the accounts have recorded it.
 */
export type OnlinePaymentStatus = 'started' | 'pending' | 'ended' | 'captured' | 'recorded' | 'returned';

/**
 * Returns the state of an online payment at a time.
 *
 * @param payment - the online payment
 * @param at - the time, ISO 8601 with a zone: a payment that has not ended may have expired
 * @returns the state
 *
 * @example
 * ```ts
 * import { onlinePaymentStatus } from 'patron-fees/online';
 *
 * const at = '2026-03-02T09:00:00Z';
 * const common = { onlinePaymentId: 'o1', currency: 'USD', method: 'ONLINE', at, by: { channel: 'online' } } as const;
 * const amounts = { amount: '5.00', serviceFee: '0.00', total: '5.00' };
 * const parts = [{ patronId: 'dverma', feeId: 'f1', amount: '5.00' }];
 * const none = { captures: [], returns: [], recorded: [], payouts: [], settled: [], pendings: [] };
 * const rest = { ...none, failedAt: null, ended: null, eventCount: 1 };
 * const payment = { ...common, ...amounts, parts, expiresAt: '2026-03-02T10:00:00Z', ...rest };
 * onlinePaymentStatus(payment, at); //=> 'started'
 * onlinePaymentStatus(payment, '2026-03-02T10:00:00Z'); //=> 'ended'
 * ```
 */
export function onlinePaymentStatus(payment: OnlinePayment, at: string): OnlinePaymentStatus {
  const { captures, returns, ended, expiresAt } = payment;
  if (captures.length === 0) {
    if (pendingUntil(payment, at) !== null) return 'pending';
    return ended !== null || compareInstants(at, expiresAt) >= 0 ? 'ended' : 'started';
  }
  if (unrecordedParts(payment).length > 0) return 'captured';
  return amountIn(returns) === amountIn(captures) ? 'returned' : 'recorded';
}

/** Returns whether a payment holds its fees, so that no other payment may be started for them. */
export function holdsItsFees(payment: OnlinePayment, at: string): boolean {
  const status = onlinePaymentStatus(payment, at);
  return status === 'started' || status === 'pending' || status === 'captured';
}

/**
 * Returns until when a debit is under way at the payer's bank, of several the latest time; null if none is. A capture, a
 * final end, a failure of its own time or later, or its time ends it: another end does not, since it may come from
 * another tab, nor does a later debit that ends sooner.
 */
export function pendingUntil(
  { captures, ended, failedAt, pendings }: OnlinePayment,
  at: string,
): string | null {
  if (captures.length > 0 || ended?.final === true) return null;
  const open = pendings.filter(
    (one) =>
      (failedAt === null || compareInstants(failedAt, one.at) < 0) && compareInstants(at, one.until) < 0,
  );
  return latestUntil(open) ?? null;
}

/** Returns the latest time until which debits are under way; undefined without debits. */
export function latestUntil(
  pendings: readonly Pick<OnlinePaymentPending['data'], 'until'>[],
): string | undefined {
  return pendings
    .map(({ until }) => until)
    .sort(compareInstants)
    .at(-1);
}

/**
 * Returns whether a provider's message that a debit is under way says something new. Messages come late, twice and in
 * any order.
 */
export function isNewPending(
  { captures, ended, failedAt, pendings }: OnlinePayment,
  { at, until }: Pick<OnlinePaymentPending['data'], 'at' | 'until'>,
): boolean {
  if (captures.length > 0 || ended?.final === true || compareInstants(until, at) <= 0) return false;
  if (failedAt !== null && compareInstants(at, failedAt) < 0) return false;
  const last = pendings.at(-1);
  if (last === undefined) return true;
  const isTold = pendings.some((one) => compareInstants(one.until, until) === 0);
  return !isTold && (compareInstants(until, last.until) > 0 || compareInstants(at, last.at) > 0);
}
