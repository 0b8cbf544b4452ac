import { minorDigits } from '../../money/currency.js';
import { formatAmount, parseAmount } from '../../money/money.js';
import type { BulkWaiveEntry, BulkWaiveResult } from './bulkWaiveEntry.js';
import type { NotWaived } from './notWaived.js';

/** The sums of a bulk waive's entries. Amounts are decimal strings. */
export type BulkWaiveTotals = {
  /** ISO 4217 code of all amounts. */
  readonly currency: string;
  /** How many patrons the directory names. Who is named twice counts once. */
  readonly patrons: number;
  /** Of how many patrons something is waived, those included whom the directory does not name any more. */
  readonly patronsWaived: number;
  /** How many fees are waived. */
  readonly feesWaived: number;
  /** What is waived altogether, in earlier runs of this job too. */
  readonly waived: string;
  /** The part of it that earlier runs of this job waived. */
  readonly waivedEarlier: string;
  /** The part of it that became credits of lost items' fees. */
  readonly waivedAsCredit: string;
  /** How many entries waive nothing, by the name of the reason. */
  readonly notWaived: Readonly<Partial<Record<NotWaived['type'], number>>>;
  /** How many patrons came otherwise than planned. */
  readonly differing: number;
  /**
   * How many accounts of the institution the directory does not name: nothing new of them is waived. Counted at the end
   * of the job; null before.
   */
  readonly accountsNotInDirectory: number | null;
};

/** Adds up entries as they come. */
export type BulkWaiveTally = {
  /** Takes in one entry. */
  readonly add: (entry: BulkWaiveEntry & Partial<BulkWaiveResult>) => void;
  /** Sets how many accounts the directory does not name, at the end. */
  readonly setAccountsNotInDirectory: (count: number) => void;
  /** What the entries so far add up to. */
  readonly totals: () => BulkWaiveTotals;
};

/** Begins to add up. Sums are kept whole, however many accounts there are. */
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
