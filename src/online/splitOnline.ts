import { digitsOf } from '../money/currency.js';
import { formatAmount } from '../money/money.js';
import { fillInOrder } from '../money/split.js';
import {
  amountIn,
  leftOfCapture,
  type OnlinePayment,
  serviceFeeLeft,
  units,
} from '../office/onlinePayments/onlinePayment.js';
import type {
  CapturedAccount,
  OnlinePaymentCaptured,
  OnlinePaymentReturned,
} from '../office/onlinePayments/onlinePaymentEvents.js';

/** An amount of one account. */
type AccountAmount = { readonly patronId: string; readonly amount: string };

/**
 * Divides money that the provider took: first the service fee, as far as it is not kept yet; then the parts in their
 * order, less what earlier captures brought; what is above goes to the payer. Depends on the payment's own events only.
 *
 * @param amount - what was taken, in minor units
 */
export function splitCapture(
  payment: OnlinePayment,
  amount: number,
): Pick<OnlinePaymentCaptured['data'], 'serviceFee' | 'accounts'> {
  const money = moneyOf(payment);
  const serviceFee = Math.min(amount, serviceFeeLeft(payment));
  const rest = amount - serviceFee;
  const limits = payment.parts.map((part) => Math.max(0, units(part.amount) - brought(payment, part)));
  const shares = fillInOrder(rest, limits);
  const surplus = rest - shares.reduce((sum, share) => sum + share, 0);
  const payer = payment.parts[0]?.patronId;
  const patrons = [...new Set(payment.parts.map(({ patronId }) => patronId))];
  const accounts = patrons.flatMap((patronId): CapturedAccount[] => {
    const allocations = payment.parts.flatMap((part, index) => {
      const share = shares[index] as number;
      return part.patronId === patronId && share > 0 ? [{ feeId: part.feeId, amount: money(share) }] : [];
    });
    const total = amountIn(allocations) + (patronId === payer ? surplus : 0);
    return total === 0 ? [] : [{ patronId, amount: money(total), allocations }];
  });
  return { serviceFee: money(serviceFee), accounts };
}

/** Returns what captures brought to a part and returns did not take back, in minor units. */
function brought(payment: OnlinePayment, { patronId, feeId }: OnlinePayment['parts'][number]): number {
  return payment.captures.reduce((sum, { externalTransactionId, accounts }) => {
    const account = accounts.find((one) => one.patronId === patronId);
    if (account === undefined) return sum;
    const left = leftOfCapture(payment, externalTransactionId)?.accounts.get(patronId) ?? 0;
    // As in the account: what became a credit goes back first, then the allocations, last to first.
    const limits = account.allocations.map((allocation) => units(allocation.amount));
    const kept = fillInOrder(left, limits);
    const index = account.allocations.findIndex((allocation) => allocation.feeId === feeId);
    return sum + (kept[index] ?? 0);
  }, 0);
}

/**
 * Divides money that went back: first what the caller names, then what became a credit, then the accounts, last to
 * first, and the service fee last. Depends on the payment's own events only.
 *
 * @param returned - the capture, the amount in minor units, and the accounts that the caller names
 * @returns null if more went back than is left of the capture
 */
export function splitReturn(
  payment: OnlinePayment,
  returned: { readonly of: string; readonly amount: number; readonly accounts?: readonly AccountAmount[] },
): Pick<OnlinePaymentReturned['data'], 'serviceFee' | 'accounts'> | null {
  const money = moneyOf(payment);
  const { of, amount, accounts: named = [] } = returned;
  const left = leftOfCapture(payment, of);
  if (left === undefined) return null;
  const limits = new Map(left.accounts);
  const shares = new Map<string, number>();
  let rest = amount;
  const take = (patronId: string, most: number) => {
    const limit = limits.get(patronId) ?? 0;
    const share = Math.max(0, Math.min(most, limit, rest));
    limits.set(patronId, limit - share);
    shares.set(patronId, (shares.get(patronId) ?? 0) + share);
    rest -= share;
  };
  const lastToFirst = [...left.accounts.keys()].reverse();
  for (const one of named) take(one.patronId, units(one.amount));
  for (const patronId of lastToFirst)
    take(patronId, creditLeft(payment, of, patronId) - (shares.get(patronId) ?? 0));
  for (const patronId of lastToFirst) take(patronId, rest);
  if (rest > left.serviceFee) return null;
  const accounts = [...left.accounts.keys()].flatMap((patronId) => {
    const share = shares.get(patronId) ?? 0;
    return share > 0 ? [{ patronId, amount: money(share) }] : [];
  });
  return { serviceFee: money(rest), accounts };
}

/** Returns the part of a capture that became a credit of an account and was not returned, in minor units. */
function creditLeft(payment: OnlinePayment, of: string, patronId: string): number {
  const capture = payment.captures.find((one) => one.externalTransactionId === of);
  const account = capture?.accounts.find((one) => one.patronId === patronId);
  if (account === undefined) return 0;
  const recorded = payment.recorded.find(
    (one) => one.kind === 'capture' && one.externalTransactionId === of && one.patronId === patronId,
  );
  const amount = units(account.amount);
  // What no fee of the payment gets is going to be a credit.
  const credited =
    recorded === undefined ? amount - amountIn(account.allocations) : units(recorded.credited ?? '0');
  const left = leftOfCapture(payment, of)?.accounts.get(patronId) ?? 0;
  return Math.max(0, credited - (amount - left));
}

function moneyOf({ currency }: OnlinePayment): (minor: number) => string {
  const digits = digitsOf(currency);
  return (minor) => formatAmount(minor, digits);
}
