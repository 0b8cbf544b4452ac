import { compareInstants } from '../../history/instants.js';
import { amountIn, type OnlinePayment, unrecordedParts } from './onlinePayment.js';

/**
 * The state of an online payment.
 *
 * - `started`: nothing was taken, and its fees are held for it.
 * - `ended`: nothing was taken, and its fees are free again: it ended or expired.
 * - `captured`: money was taken or went back that an account has not recorded yet.
 * - `recorded`: the accounts have recorded all that was taken.
 * - `returned`: all that was taken went back, and the accounts have recorded it.
 */
export type OnlinePaymentStatus = 'started' | 'ended' | 'captured' | 'recorded' | 'returned';

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
 * const rest = { captures: [], returns: [], recorded: [], payouts: [], ended: null, eventCount: 1 };
 * const payment = { ...common, ...amounts, parts, expiresAt: '2026-03-02T10:00:00Z', ...rest };
 * onlinePaymentStatus(payment, at); //=> 'started'
 * onlinePaymentStatus(payment, '2026-03-02T10:00:00Z'); //=> 'ended'
 * ```
 */
export function onlinePaymentStatus(payment: OnlinePayment, at: string): OnlinePaymentStatus {
  const { captures, returns, ended, expiresAt } = payment;
  if (captures.length === 0) {
    return ended !== null || compareInstants(at, expiresAt) >= 0 ? 'ended' : 'started';
  }
  if (unrecordedParts(payment).length > 0) return 'captured';
  return amountIn(returns) === amountIn(captures) ? 'returned' : 'recorded';
}

/** Returns whether a payment holds its fees, so that no other payment may be started for them. */
export function holdsItsFees(payment: OnlinePayment, at: string): boolean {
  const status = onlinePaymentStatus(payment, at);
  return status === 'started' || status === 'captured';
}
