import type { Accrual } from './accrual.js';
import type { CreditPurpose, Item } from './circumstances.js';
import type { UnpaidOnReturn } from './events/feeEvents.js';
import type { Transaction } from './transaction.js';

/** The terms on which a lost item was returned. */
export type ReturnTerms = {
  /** The percentage of the fee that the patron gets back, from 0 to 100. */
  readonly refundPercent: number;
  /** Whether the unpaid part is treated like the paid part (`percent`) or forgiven (`all`). */
  readonly unpaid: UnpaidOnReturn;
};

/** The current state of one fee. All amounts are integer minor units; absent details are null. */
export type Fee = {
  /** The fee's id. */
  readonly feeId: string;
  /** The code of the fee type. */
  readonly feeType: string;
  /** The library that owns the fee. */
  readonly owner: string;
  /** Whether it was charged for a lost item. */
  readonly lostItem: boolean;
  /** The item that it was charged for. */
  readonly item: Item | null;
  /** The loan that it was charged for. */
  readonly loanId: string | null;
  /** Groups the fees of one incident. */
  readonly incidentId: string | null;
  /** The rate of the value-added tax that its amounts include, in percent; null without tax. */
  readonly vatPercent: number | null;
  /** When it was assessed: ISO 8601 with a zone. */
  readonly assessedAt: string;
  /** The amount charged, including every increase of a growing fine. Never decreases. */
  readonly original: number;
  /** Paid, less reversed payments. */
  readonly paid: number;
  /** Waived, less reversed waivers. Excludes waivers of lost-item fees, which are credits. */
  readonly waived: number;
  /** Paid by credits, by the credit's purpose. */
  readonly settledByCredit: Readonly<Record<CreditPurpose, number>>;
  /** Transferred to an external system, less what was recalled. */
  readonly transferred: number;
  /** Cancelled because it was charged in error, or because a growing fine was reduced. */
  readonly cancelled: number;
  /** The part of `transferred` that the external system has not settled yet. */
  readonly transferPending: number;
  /** Money paid for this fee and given back as refundable credit. */
  readonly givenBack: number;
  /** Unused `setOff` credits of this fee. */
  readonly reserved: number;
  /** External credits of this fee, less the part cancelled or used up by a recall. */
  readonly transferReversed: number;
  /** Whether the patron disputes it. Stays true when the fee closes, so that undoing restores the dispute. */
  readonly disputed: boolean;
  /** The open dispute. */
  readonly disputeId: string | null;
  /** Whether the lost item was returned. */
  readonly returned: boolean;
  /** The terms of the return. */
  readonly returnTerms: ReturnTerms | null;
  /** The overpayment or surplus credit, if the fee was charged for the shortfall of its reversal. */
  readonly shortfallCreditId: string | null;
  /** The growth of a fine; null for a fee that was charged once. */
  readonly accrual: Accrual | null;
  /** The payment plan that the fee is in; null after the plan was ended. */
  readonly planId: string | null;
  /** The fee's history, in stream order. */
  readonly transactions: readonly Transaction[];
};

/**
 * The status of a fee or a credit. Derived, never stored.
 *
 * - `disputed`: something remains and the patron disputes it.
 * - `active`: something remains.
 * - `transferred`: nothing remains, and the external system has not settled everything transferred.
 * - `closed`: nothing is open, here or in the external system.
 */
export type Status = 'active' | 'disputed' | 'transferred' | 'closed';

/**
 * Returns what remains of a fee.
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
export function remaining(fee: Fee): number {
  const { setOff, refundable, external, goodwill } = fee.settledByCredit;
  const settled = setOff + refundable + external + goodwill;
  return fee.original - fee.paid - fee.waived - settled - fee.transferred - fee.cancelled;
}

/**
 * Returns what is owed on a fee: what can still be paid, waived, transferred or covered by another credit. This is what
 * remains, less the fee's unused `setOff` credits.
 *
 * @param fee - a fee of an account
 * @returns integer minor units, 0 or more
 *
 * @example
 * ```ts
 * import { findFee, fold, owed } from 'patron-fees';
 *
 * const at = '2026-03-02T09:00:00Z';
 * const account = fold([
 *   { type: 'FeeAssessed', data: { feeId: 'f1', feeType: 'OTHER', amount: '25.00', currency: 'USD', owner: 'MAIN', at } },
 *   {
 *     type: 'PaymentReceived',
 *     data: { paymentId: 'p1', amount: '10.00', currency: 'USD', method: 'CASH', allocations: [{ feeId: 'f1', amount: '10.00' }], at },
 *   },
 * ]);
 * const fee = findFee(account, 'f1');
 * fee && owed(fee); //=> 1500
 * ```
 */
export function owed(fee: Fee): number {
  return remaining(fee) - fee.reserved;
}

/**
 * Returns the money that came in for a fee: payments and refundable credits applied to it.
 *
 * @param fee - a fee of an account
 * @returns integer minor units
 *
 * @example
 * ```ts
 * import { findFee, fold, moneyIn } from 'patron-fees';
 *
 * const at = '2026-03-02T09:00:00Z';
 * const account = fold([
 *   { type: 'FeeAssessed', data: { feeId: 'f1', feeType: 'OTHER', amount: '25.00', currency: 'USD', owner: 'MAIN', at } },
 *   {
 *     type: 'PaymentReceived',
 *     data: { paymentId: 'p1', amount: '10.00', currency: 'USD', method: 'CASH', allocations: [{ feeId: 'f1', amount: '10.00' }], at },
 *   },
 * ]);
 * const fee = findFee(account, 'f1');
 * fee && moneyIn(fee); //=> 1000
 * ```
 */
export function moneyIn(fee: Fee): number {
  return fee.paid + fee.settledByCredit.refundable;
}

/**
 * Returns the money of a fee that can still be given back: what came in, less what was given back already.
 *
 * @param fee - a fee of an account
 * @returns integer minor units, 0 or more
 *
 * @example
 * ```ts
 * import { findFee, fold, refundableMoney } from 'patron-fees';
 *
 * const at = '2026-03-02T09:00:00Z';
 * const account = fold([
 *   { type: 'FeeAssessed', data: { feeId: 'f1', feeType: 'OTHER', amount: '25.00', currency: 'USD', owner: 'MAIN', at } },
 *   {
 *     type: 'PaymentReceived',
 *     data: { paymentId: 'p1', amount: '10.00', currency: 'USD', method: 'CASH', allocations: [{ feeId: 'f1', amount: '10.00' }], at },
 *   },
 * ]);
 * const fee = findFee(account, 'f1');
 * fee && refundableMoney(fee); //=> 1000
 * ```
 */
export function refundableMoney(fee: Fee): number {
  return Math.max(0, moneyIn(fee) - fee.givenBack);
}

/**
 * Returns how much more of a fee was given back than came in: money that left the library and is owed for that reason.
 *
 * @param fee - a fee of an account
 * @returns integer minor units, 0 or more
 */
export function givenBackAboveMoneyIn(fee: Fee): number {
  return Math.max(0, fee.givenBack - moneyIn(fee));
}

/** The amounts of a fee that are charges, in integer minor units. */
type Charge = {
  /** What is owed here. */
  readonly owed: number;
  /** Money that came in and was not given back. */
  readonly money: number;
  /** What was transferred to an external system and not reversed there. */
  readonly transferred: number;
};

/**
 * Returns the amounts of a fee that are charges. Leaves out what is owed or transferred only because more was given
 * back than came in: that money was handed out, and the patron owes it whether the charge was right or not.
 */
export function chargeOf(fee: Fee): Charge {
  const handedOut = givenBackAboveMoneyIn(fee);
  return {
    owed: Math.max(0, owed(fee) - handedOut),
    money: refundableMoney(fee),
    transferred: Math.max(0, transferredAndNotReversed(fee) - Math.max(0, handedOut - owed(fee))),
  };
}

/**
 * Returns the amount of a fee that is open in external systems: transferred, and not reported as paid there.
 *
 * @param transactions - the fee's history, in stream order
 * @returns integer minor units, 0 or more
 */
export function openElsewhere({ transferred }: Fee, transactions: readonly Transaction[]): number {
  return transactions.reduce((open, { kind, amount }) => {
    if (kind === 'settlement') return open - amount;
    return kind === 'settlementReversed' ? open + amount : open;
  }, transferred);
}

/**
 * Returns the part of a fee that was transferred to an external system and not reversed there by an external credit.
 *
 * @param fee - a fee of an account
 * @returns integer minor units, 0 or more
 *
 * @example
 * ```ts
 * import { findFee, fold, transferredAndNotReversed } from 'patron-fees';
 *
 * const at = '2026-03-02T09:00:00Z';
 * const account = fold([
 *   { type: 'FeeAssessed', data: { feeId: 'f1', feeType: 'OTHER', amount: '25.00', currency: 'USD', owner: 'MAIN', at } },
 *   { type: 'FeeTransferred', data: { transferId: 't1', feeId: 'f1', amount: '25.00', currency: 'USD', expectsSettlement: true, at } },
 * ]);
 * const fee = findFee(account, 'f1');
 * fee && transferredAndNotReversed(fee); //=> 2500
 * ```
 */
export function transferredAndNotReversed(fee: Fee): number {
  return fee.transferred - fee.transferReversed;
}

/**
 * Returns the status of a fee.
 *
 * @param fee - a fee of an account
 * @returns its status, derived from the figures
 *
 * @example
 * ```ts
 * import { feeStatus, findFee, fold } from 'patron-fees';
 *
 * const at = '2026-03-02T09:00:00Z';
 * const account = fold([
 *   { type: 'FeeAssessed', data: { feeId: 'f1', feeType: 'OTHER', amount: '25.00', currency: 'USD', owner: 'MAIN', at } },
 *   { type: 'FeeTransferred', data: { transferId: 't1', feeId: 'f1', amount: '25.00', currency: 'USD', expectsSettlement: true, at } },
 * ]);
 * const fee = findFee(account, 'f1');
 * fee && feeStatus(fee); //=> 'transferred'
 * ```
 */
export function feeStatus(fee: Fee): Status {
  if (remaining(fee) > 0) return fee.disputed ? 'disputed' : 'active';
  return fee.transferPending > 0 ? 'transferred' : 'closed';
}
