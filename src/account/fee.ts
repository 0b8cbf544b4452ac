import type { Accrual } from './accrual.js';
import type { CreditPurpose, Item } from './circumstances.js';
import type { UnpaidOnReturn } from './events/feeEvents.js';
import type { Transaction } from './transaction.js';

/** What the return of a lost item entitles the patron to. */
export type ReturnTerms = {
  /** The percentage of the fee that the return brings, from 0 to 100. */
  readonly refundPercent: number;
  /** Whether the part still unpaid is treated like the paid one (`percent`) or forgiven (`all`). */
  readonly unpaid: UnpaidOnReturn;
};

/** Where one fee stands. All amounts are integer minor units; absent details are null. */
export type Fee = {
  /** The fee's id. */
  readonly feeId: string;
  /** The type's code. */
  readonly feeType: string;
  /** The library that owns it. */
  readonly owner: string;
  /** Whether it was charged for a lost item. */
  readonly lostItem: boolean;
  /** The item it was charged for. */
  readonly item: Item | null;
  /** The loan it was charged for. */
  readonly loanId: string | null;
  /** What groups the fees of one incident. */
  readonly incidentId: string | null;
  /** When it was assessed. */
  readonly assessedAt: string;
  /** The amount charged, with every increase of a fine that grows. Never shrinks. */
  readonly original: number;
  /** Paid, less reversed payments. */
  readonly paid: number;
  /** Waived, less reversed waivers. Waivers of lost-item fees are credits and not in here. */
  readonly waived: number;
  /** Settled by credits that were applied, by the credit's purpose. */
  readonly settledByCredit: Readonly<Record<CreditPurpose, number>>;
  /** Handed to an external system, less what was recalled. */
  readonly transferred: number;
  /** Cancelled as assessed in error. */
  readonly cancelled: number;
  /** The part of `transferred` that the external system has not settled yet. */
  readonly transferPending: number;
  /** Money of this fee that was given back as refundable credit. */
  readonly givenBack: number;
  /** Unused `setOff` credits of this fee. */
  readonly reserved: number;
  /** External credits of this fee, less what of them was cancelled or used up by a recall. */
  readonly transferReversed: number;
  /** Whether the patron disputes it. Stays when the fee closes, so that undoing restores it. */
  readonly disputed: boolean;
  /** The open dispute. */
  readonly disputeId: string | null;
  /** Whether the lost item came back. */
  readonly returned: boolean;
  /** The terms on which it came back. */
  readonly returnTerms: ReturnTerms | null;
  /** Of a fee that a reversed payment's shortfall was charged to: that payment's overpayment credit. */
  readonly shortfallCreditId: string | null;
  /** How a fine grows; null for a fee that was charged once. */
  readonly accrual: Accrual | null;
  /** What happened, in the stream's order. */
  readonly transactions: readonly Transaction[];
};

/**
 * Where a fee or a credit stands. Derived, never stored.
 *
 * - `disputed`: something remains and the patron disputes it.
 * - `active`: something remains.
 * - `transferred`: nothing remains, and the external system has not settled all that was handed over.
 * - `closed`: nothing is open anywhere.
 */
export type Status = 'active' | 'disputed' | 'transferred' | 'closed';

/** The figures of a fee that {@link remaining} needs. */
export type FeeFigures = Pick<
  Fee,
  'original' | 'paid' | 'waived' | 'settledByCredit' | 'transferred' | 'cancelled'
>;

/**
 * What of a fee is still open.
 *
 * @param fee - a fee of an account
 * @returns integer minor units, always from 0 to `original`
 *
 * @example
 * ```ts
 * import { findFee, fold, remaining } from 'patron-fees';
 *
 * const at = '2026-03-02T09:00:00Z';
 * const account = fold([
 *   { type: 'FeeAssessed', data: { feeId: 'f1', feeType: 'OTHER', amount: '25.00', currency: 'USD', owner: 'MAIN', at } },
 *   { type: 'FeeWaived', data: { waiverId: 'w1', feeId: 'f1', amount: '22.23', currency: 'USD', at } },
 * ]);
 * const fee = findFee(account, 'f1');
 * fee && remaining(fee); //=> 277
 * ```
 */
export function remaining(fee: FeeFigures): number {
  const { setOff, refundable, external, goodwill } = fee.settledByCredit;
  const settled = setOff + refundable + external + goodwill;
  return fee.original - fee.paid - fee.waived - settled - fee.transferred - fee.cancelled;
}

/**
 * What of a fee can still be paid, waived, transferred or covered by another credit: what remains, less what unused
 * `setOff` credits of the fee have reserved.
 *
 * @param fee - a fee of an account
 * @returns integer minor units, 0 or more
 */
export function owed(fee: FeeFigures & Pick<Fee, 'reserved'>): number {
  return remaining(fee) - fee.reserved;
}

/**
 * The money that came in for a fee: payments and refundable credits that were applied.
 *
 * @param fee - a fee of an account
 * @returns integer minor units
 */
export function moneyIn(fee: Pick<Fee, 'paid' | 'settledByCredit'>): number {
  return fee.paid + fee.settledByCredit.refundable;
}

/**
 * The money of a fee that can still be given back: what came in, less what was given back already.
 *
 * @param fee - a fee of an account
 * @returns integer minor units, 0 or more
 */
export function refundableMoney(fee: Pick<Fee, 'paid' | 'settledByCredit' | 'givenBack'>): number {
  return Math.max(0, moneyIn(fee) - fee.givenBack);
}

/**
 * What of a fee was given back beyond the money that came in: money that left the library and is owed for that reason.
 *
 * @param fee - a fee of an account
 * @returns integer minor units, 0 or more
 */
export function givenBackAboveMoneyIn(fee: Pick<Fee, 'paid' | 'settledByCredit' | 'givenBack'>): number {
  return Math.max(0, fee.givenBack - moneyIn(fee));
}

/**
 * What of a fee was handed to an external system and has not been reversed there by an external credit.
 *
 * @param fee - a fee of an account
 * @returns integer minor units, 0 or more
 */
export function transferredAndNotReversed(fee: Pick<Fee, 'transferred' | 'transferReversed'>): number {
  return fee.transferred - fee.transferReversed;
}

/**
 * Where a fee stands.
 *
 * @param fee - a fee of an account
 * @returns its status, derived from the figures
 */
export function feeStatus(fee: Fee): Status {
  if (remaining(fee) > 0) return fee.disputed ? 'disputed' : 'active';
  return fee.transferPending > 0 ? 'transferred' : 'closed';
}
