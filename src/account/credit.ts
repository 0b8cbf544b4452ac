import type { CreditCause, CreditPurpose, Item } from './circumstances.js';
import type { Transaction } from './transaction.js';

/** The current state of one credit. All amounts are integer minor units; absent details are null. */
export type Credit = {
  /** The credit's id. */
  readonly creditId: string;
  /** Why it was issued. */
  readonly cause: CreditCause;
  /** What it may be used for. */
  readonly purpose: CreditPurpose;
  /** The fee that it comes from. */
  readonly feeId: string | null;
  /** The payment that it comes from, for an overpayment. */
  readonly paymentId: string | null;
  /** The library that owes it, if different from the fee's owner. */
  readonly owner: string | null;
  /** The item that it is about, if different from the fee's item. */
  readonly item: Item | null;
  /** The percentage applied when the item was returned. */
  readonly refundPercent: number | null;
  /** Whether it comes from a waiver that is a write-off. */
  readonly writeOff: boolean;
  /** When it was issued: ISO 8601 with a zone. */
  readonly issuedAt: string;
  /** The credit's amount, which never changes. */
  readonly amount: number;
  /** Used to pay fees, less what was undone. */
  readonly applied: number;
  /** Paid out, less what was undone. */
  readonly refunded: number;
  /** Transferred to an external system, less what was recalled. */
  readonly transferred: number;
  /** Withdrawn by cancellations, less the part that a reversed payment withdrew later. */
  readonly cancelled: number;
  /** Withdrawn because the payment or the settlement that it came from was reversed. */
  readonly withdrawn: number;
  /** The part of `transferred` that the external system has not settled yet. */
  readonly transferPending: number;
  /** The fees to which the shortfall of its reversed payment or settlement was charged. */
  readonly shortfallFeeIds: readonly string[];
  /** The credit's history, in stream order. */
  readonly transactions: readonly Transaction[];
};

/**
 * Returns the unused amount of a credit.
 *
 * @param credit - a credit of an account
 * @returns integer minor units, from 0 to the credit's amount
 *
 * @example
 * ```ts
 * import { findCredit, fold, unused } from 'patron-fees';
 *
 * const data = { creditId: 'c1', amount: '5.00', currency: 'USD', cause: 'manual', purpose: 'goodwill' } as const;
 * const account = fold([{ type: 'CreditIssued', data: { ...data, at: '2026-03-02T09:00:00Z' } }]);
 * const credit = findCredit(account, 'c1');
 * credit && unused(credit); //=> 500
 * ```
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
