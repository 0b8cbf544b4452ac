import type { CreditCause, CreditPurpose, Item } from './circumstances.js';
import type { Transaction } from './transaction.js';

/** Where one credit stands. All amounts are integer minor units; absent details are null. */
export type Credit = {
  /** The credit's id. */
  readonly creditId: string;
  /** Why it exists. */
  readonly cause: CreditCause;
  /** What it may be used for. */
  readonly purpose: CreditPurpose;
  /** The fee it comes from. */
  readonly feeId: string | null;
  /** The payment it comes from, for an overpayment. */
  readonly paymentId: string | null;
  /** The library that owes it, if it is not the fee's owner. */
  readonly owner: string | null;
  /** The item it is about, if it is not the fee's item. */
  readonly item: Item | null;
  /** The percentage that was applied when the item came back. */
  readonly refundPercent: number | null;
  /** When it was issued. */
  readonly issuedAt: string;
  /** The credit's amount. Never changes. */
  readonly amount: number;
  /** Used to settle fees, less what was undone. */
  readonly applied: number;
  /** Paid out, less what was undone. */
  readonly refunded: number;
  /** Handed to an external system, less what was recalled. */
  readonly transferred: number;
  /** Withdrawn by a cancellation, less what of that a reversed payment withdrew. */
  readonly cancelled: number;
  /** Withdrawn because the payment it came from was reversed. */
  readonly withdrawn: number;
  /** The part of `transferred` that the external system has not settled yet. */
  readonly transferPending: number;
  /** The fees to which its reversed payment's shortfall was charged. */
  readonly shortfallFeeIds: readonly string[];
  /** What happened, in the stream's order. */
  readonly transactions: readonly Transaction[];
};

/**
 * What of a credit is still unused.
 *
 * @param credit - a credit of an account
 * @returns integer minor units, from 0 to the credit's amount
 */
export function unused(credit: Credit): number {
  return (
    credit.amount -
    credit.applied -
    credit.refunded -
    credit.transferred -
    credit.cancelled -
    credit.withdrawn
  );
}
