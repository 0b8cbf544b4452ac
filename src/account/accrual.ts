/** The reasons why a fine stops growing. */
export const accrualEndCauses = ['returned', 'renewed', 'lost', 'other'] as const;

/**
 * Why a fine stopped growing.
 *
 * - `returned`: the item was returned.
 * - `renewed`: the loan was renewed.
 * - `lost`: the item was lost.
 * - `other`: something else, such as a dispute won by the patron or a correction.
 */
export type AccrualEndCause = (typeof accrualEndCauses)[number];

/** The growth of a fine. Amounts are integer minor units. */
export type Accrual = {
  /** The amount charged so far: first charge and increases, less reductions by the accrual itself. */
  readonly accrued: number;
  /** The last reported total. What was charged can be less (a limit) or more (waived amounts are not given back). */
  readonly reportedTotal: number;
  /** When the last event of the accrual happened. Earlier reports are ignored as outdated. */
  readonly reportedAt: string;
  /** The fine's final total; null while it grows. */
  readonly total: number | null;
  /** When it stopped growing; null while it grows. The age of the fee counts from here. */
  readonly endedAt: string | null;
  /** Why it stopped growing; null while it grows. */
  readonly endCause: AccrualEndCause | null;
};

/**
 * Returns whether a fee is a fine that is still growing. It can be paid and waived, but not transferred.
 *
 * @param fee - a fee of an account
 * @returns false for a fee that was charged once and for a fine that has stopped growing
 *
 * @example
 * ```ts
 * import { findFee, fold, isAccruing } from 'patron-fees';
 *
 * const at = '2026-03-02T09:00:00Z';
 * const fine = { feeId: 'f1', feeType: 'OVERDUEFINE', owner: 'MAIN', amount: '2.50', total: '2.50', currency: 'USD', accruing: true };
 * const fee = findFee(fold([{ type: 'FeeAssessed', data: { ...fine, at } }]), 'f1');
 * fee && isAccruing(fee); //=> true
 * ```
 */
export function isAccruing({
  accrual,
}: {
  /** The growth of the fine; null for a fee that was charged once. */
  readonly accrual: Accrual | null;
}): boolean {
  return accrual !== null && accrual.endedAt === null;
}

/**
 * Returns the current amount of a fine: its last reported total, or what was charged if that is less. A fine that ends
 * without a total ends at this amount.
 *
 * @returns integer minor units
 */
export function standsAt({ reportedTotal, accrued }: Accrual): number {
  return Math.min(reportedTotal, accrued);
}

/**
 * Returns the amount shown as the original amount of a fee: for a growing fine what accrual has charged, otherwise what
 * was charged.
 *
 * @param fee - a fee of an account
 * @returns integer minor units
 *
 * @example
 * ```ts
 * import { amountCharged, findFee, fold } from 'patron-fees';
 *
 * const at = '2026-03-02T09:00:00Z';
 * const [feeId, currency] = ['f1', 'USD'];
 * const account = fold([
 *   {
 *     type: 'FeeAssessed',
 *     data: { feeId, feeType: 'OVERDUEFINE', owner: 'MAIN', amount: '2.50', total: '2.50', currency, accruing: true, at },
 *   },
 *   { type: 'FeeCancelled', data: { cancellationId: 'n2', feeId, amount: '1.00', total: '1.50', currency, accrual: true, at } },
 * ]);
 * const fee = findFee(account, feeId);
 * fee && [fee.original, amountCharged(fee)]; //=> [250, 150]
 * ```
 */
export function amountCharged(fee: {
  /** The growth of the fine; null for a fee that was charged once. */
  readonly accrual: Accrual | null;
  /** The amount charged, in minor units. */
  readonly original: number;
}): number {
  return fee.accrual === null ? fee.original : fee.accrual.accrued;
}

/**
 * Returns the time from which a fee's age counts: the end of its growth, or its assessment if it does not grow.
 *
 * @param fee - a fee of an account
 * @returns an ISO 8601 instant, or null while the fee still grows
 */
export function agesFrom(fee: {
  /** The growth of the fine; null for a fee that was charged once. */
  readonly accrual: Accrual | null;
  /** When it was charged: ISO 8601 with a zone. */
  readonly assessedAt: string;
}): string | null {
  return fee.accrual === null ? fee.assessedAt : fee.accrual.endedAt;
}
