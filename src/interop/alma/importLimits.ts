import { AMOUNT_DIGITS_MAX } from '../../money/money.js';
import { type AlmaFinding, findingOfRow } from './almaFinding.js';
import type { PaymentPart } from './explainRow.js';
import type { FeeRow } from './feeRow.js';

/** The limits of an account during an import. Rows are admitted one after the other. */
export type ImportLimits = {
  /** Counts a row and its payments, or returns a finding if they exceed a limit. */
  readonly admit: (row: FeeRow, payments: readonly PaymentPart[]) => AlmaFinding | undefined;
};

/** Starts with an empty account: a turnover within the safe integers, and twelve digits for each payment. */
export function importLimits(): ImportLimits {
  let turnover = 0;
  const paid = new Map<string, number>();
  return {
    admit: (row, payments) => {
      // The charge, and the same amount again, which may have been paid or credited.
      const after = turnover + 2 * Math.abs(row.original);
      const sums = new Map<string, number>();
      for (const { paymentId, amount } of payments) {
        sums.set(paymentId, (sums.get(paymentId) ?? paid.get(paymentId) ?? 0) + amount);
      }
      if (
        after > Number.MAX_SAFE_INTEGER ||
        [...sums.values()].some((sum) => sum >= 10 ** AMOUNT_DIGITS_MAX)
      ) {
        const expected = `payments within ${AMOUNT_DIGITS_MAX} digits and an account within the safe integers`;
        return findingOfRow(row.origin, 'TotalTooLarge', '', expected, 'more');
      }
      turnover = after;
      for (const [paymentId, sum] of sums) paid.set(paymentId, sum);
      return undefined;
    },
  };
}
