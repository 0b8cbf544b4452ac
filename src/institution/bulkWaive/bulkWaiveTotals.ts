import { minorDigits } from '../../money/currency.js';
import { formatAmount, parseAmount } from '../../money/money.js';
import type { BulkWaiveEntry, BulkWaiveResult } from './bulkWaiveEntry.js';
import type { NotWaived } from './notWaived.js';

/** The sums of a bulk waive's entries. Amounts are decimal strings. */
export type BulkWaiveTotals = {
  /** ISO 4217 code of all amounts. */
  readonly currency: string;
  /** The number of patrons in the directory. Duplicates count once. */
  readonly patrons: number;
  /** The number of patrons with a waiver, including patrons who are no longer in the directory. */
  readonly patronsWaived: number;
  /** The number of waived fees. */
  readonly feesWaived: number;
  /** The amount waived, earlier runs of this job included. */
  readonly waived: string;
  /** The part of `waived` from earlier runs of this job. */
  readonly waivedEarlier: string;
  /** The part of `waived` that became credits of lost items' fees. */
  readonly waivedAsCredit: string;
  /** The number of entries that waive nothing, by type of the reason. */
  readonly notWaived: Readonly<Partial<Record<NotWaived['type'], number>>>;
  /** The number of patrons whose result differs from the plan. */
  readonly differing: number;
  /**
   * The number of accounts of the institution that are missing from the directory, of which nothing new is waived.
   * Counted at the end of the job; null before.
   */
  readonly accountsNotInDirectory: number | null;
};

/** Sums entries one by one. */
export type BulkWaiveTally = {
  /** Adds one entry. */
  readonly add: (entry: BulkWaiveEntry & Partial<BulkWaiveResult>) => void;
  /** Sets the number of accounts missing from the directory, at the end. */
  readonly setAccountsNotInDirectory: (count: number) => void;
  /** Returns the totals so far. */
  readonly totals: () => BulkWaiveTotals;
};

/** Starts a tally. The sums are exact for any number of accounts. */
export function bulkWaiveTally(currency: string): BulkWaiveTally {
  const digits = minorDigits(currency) as number;
  const sums = { waived: 0n, waivedEarlier: 0n, waivedAsCredit: 0n };
  const counts = { patrons: 0, patronsWaived: 0, feesWaived: 0, differing: 0 };
  const notWaived: Partial<Record<NotWaived['type'], number>> = {};
  let accountsNotInDirectory: number | null = null;
  return {
    add: ({ group, because, fees, earlier, differs }) => {
      if (because?.type === 'PatronInvalid' || (group !== null && because?.type !== 'PatronRepeated')) {
        counts.patrons += 1;
      }
      if (differs) counts.differing += 1;
      if (because !== null) {
        notWaived[because.type] = (notWaived[because.type] ?? 0) + 1;
        return;
      }
      counts.patronsWaived += 1;
      for (const fee of fees) {
        if (fee.because !== null) continue;
        const minor = BigInt(parseAmount(fee.waived, digits));
        counts.feesWaived += 1;
        sums.waived += minor;
        if (earlier) sums.waivedEarlier += minor;
        if (fee.asCredit) sums.waivedAsCredit += minor;
      }
    },
    setAccountsNotInDirectory: (count) => {
      accountsNotInDirectory = count;
    },
    totals: () => ({
      currency,
      patrons: counts.patrons,
      patronsWaived: counts.patronsWaived,
      feesWaived: counts.feesWaived,
      waived: formatAmount(sums.waived, digits),
      waivedEarlier: formatAmount(sums.waivedEarlier, digits),
      waivedAsCredit: formatAmount(sums.waivedAsCredit, digits),
      notWaived: { ...notWaived },
      differing: counts.differing,
      accountsNotInDirectory,
    }),
  };
}
