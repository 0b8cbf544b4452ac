import { minorDigits } from '../../money/currency.js';
import { formatAmount, parseAmount } from '../../money/money.js';
import type { BulkWaiveEntry, BulkWaiveResult } from './bulkWaiveEntry.js';
import type { NotWaived } from './notWaived.js';

/**
 * What the entries of a bulk waive add up to. Amounts are decimal strings. A patron whom the directory names twice is
 * waived once, but counted twice.
 */
export type BulkWaiveTotals = {
  /** ISO 4217 code of all amounts. */
  readonly currency: string;
  /** How many entries the directory had. */
  readonly patrons: number;
  /** Of how many patrons something is waived. */
  readonly patronsWaived: number;
  /** How many fees are waived. */
  readonly feesWaived: number;
  /** What is waived altogether, in earlier runs of this job too. */
  readonly waived: string;
  /** The part of it that was waived before: in earlier runs, or for an earlier entry of the same patron. */
  readonly waivedEarlier: string;
  /** The part of it that became credits of lost items' fees. */
  readonly waivedAsCredit: string;
  /** Of how many patrons nothing is waived, by the name of the reason. */
  readonly notWaived: Readonly<Partial<Record<NotWaived['type'], number>>>;
  /** How many patrons came otherwise than planned. */
  readonly differing: number;
  /**
   * How many accounts of the institution the directory does not name: nothing of them is waived. Counted when the job
   * has come to its end; null before.
   */
  readonly accountsNotInDirectory: number | null;
};

/** Adds up entries as they come. */
export type BulkWaiveTally = {
  /** Takes in one entry. */
  readonly add: (entry: BulkWaiveEntry & Partial<BulkWaiveResult>) => void;
  /** Takes in how many accounts there are, at the end. */
  readonly setAccounts: (count: number) => void;
  /** What the entries so far add up to. */
  readonly totals: () => BulkWaiveTotals;
};

/** Entries for which no account was seen. */
const withoutAccount: readonly NotWaived['type'][] = ['NoAccount', 'OtherInstitution', 'PatronInvalid'];

/** Begins to add up. Sums are kept whole, however many accounts there are. */
export function bulkWaiveTally(currency: string): BulkWaiveTally {
  const digits = minorDigits(currency) as number;
  const sums = { waived: 0n, waivedEarlier: 0n, waivedAsCredit: 0n };
  const counts = { patrons: 0, patronsWaived: 0, feesWaived: 0, differing: 0 };
  const notWaived: Partial<Record<NotWaived['type'], number>> = {};
  let accounts: number | null = null;
  return {
    add: ({ because, fees, earlier, differs }) => {
      counts.patrons += 1;
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
    setAccounts: (count) => {
      accounts = count;
    },
    totals: () => {
      const unseen = withoutAccount.reduce((sum, type) => sum + (notWaived[type] ?? 0), 0);
      const named = counts.patrons - unseen;
      return {
        currency,
        patrons: counts.patrons,
        patronsWaived: counts.patronsWaived,
        feesWaived: counts.feesWaived,
        waived: formatAmount(sums.waived, digits),
        waivedEarlier: formatAmount(sums.waivedEarlier, digits),
        waivedAsCredit: formatAmount(sums.waivedAsCredit, digits),
        notWaived: { ...notWaived },
        differing: counts.differing,
        accountsNotInDirectory: accounts === null ? null : Math.max(0, accounts - named),
      };
    },
  };
}
