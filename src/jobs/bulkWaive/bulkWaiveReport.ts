import { type Columns, type CsvOptions, csvTable, type Lines, textOf } from '../../job/csv.js';
import type { JobReport } from '../../job/jobHead.js';
import { digitsOf } from '../../money/currency.js';
import { formatAmount, parseAmount } from '../../money/money.js';
import type { BulkWaiveEntry, BulkWaiveFee, BulkWaiveResult } from './bulkWaiveEntry.js';
import type { BulkWaiveFinding } from './chosenRows.js';
import type { NotWaivedType } from './notWaived.js';

/** A line of the CSV file: one fee of an entry; no fee for a patron who is left out as a whole. */
type Row = BulkWaiveEntry & Partial<BulkWaiveResult> & { readonly fee?: BulkWaiveFee };

const columns: Columns<Row> = [
  'institution',
  'patronId',
  'group',
  'hasOverdueLoans',
  'owed',
  { name: 'feeId', cellOf: ({ fee }) => fee?.feeId, identifies: true },
  { name: 'feeType', cellOf: ({ fee }) => fee?.feeType, identifies: true },
  { name: 'feeOwed', cellOf: ({ fee }) => fee?.owed },
  { name: 'waived', cellOf: ({ fee, waived }) => fee?.waived ?? waived },
  { name: 'asCredit', cellOf: ({ fee }) => fee?.asCredit },
  { name: 'writeOff', cellOf: ({ fee }) => fee?.writeOff },
  { name: 'because', cellOf: ({ fee, because }) => fee?.because ?? because?.type },
  { name: 'earlier', cellOf: ({ earlier }) => earlier },
  { name: 'plannedWaived', cellOf: ({ planned }) => planned?.waived },
  { name: 'plannedBecause', cellOf: ({ planned }) => planned?.because },
  { name: 'differs', cellOf: ({ differs }) => differs },
  { name: 'details', cellOf: detailsOf },
];

function detailsOf({ because }: Row): string | undefined {
  const { type: _, ...details } = because ?? {};
  return Object.keys(details).length > 0 ? JSON.stringify(details) : undefined;
}

/**
 * Formats a plan or a run of a bulk waive as JSON lines, one for each patron. The lines of a plan can be parsed one by
 * one and passed to {@link runBulkWaive}.
 *
 * @param entries - the entries of a plan or of a run
 * @returns the lines, each with its line end, for {@link writeTextFile}
 *
 * @example
 * ```ts
 * import { bulkWaiveJsonLines } from 'patron-fees/jobs';
 *
 * const lines = bulkWaiveJsonLines([]);
 * (await lines.next()).done; //=> true
 * ```
 */
export async function* bulkWaiveJsonLines<Report>(
  entries: Lines<BulkWaiveEntry, Report>,
): AsyncGenerator<string, Report, undefined> {
  return yield* textOf(entries, (entry) => `${JSON.stringify(entry)}\n`);
}

/**
 * Formats a plan or a run of a bulk waive as CSV: one line for every fee with an amount owed, and one for every patron
 * who is left out as a whole. The sum of the column `waived` is the amount waived.
 *
 * @param entries - the entries of a plan or of a run
 * @param options - the format of ids and codes
 * @returns the lines, header first, for {@link writeTextFile}
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` for invalid options
 *
 * @example
 * ```ts
 * import { bulkWaiveCsv } from 'patron-fees/jobs';
 *
 * const header = (await bulkWaiveCsv([]).next()).value as string;
 * header.split(',').slice(0, 3); //=> ['institution', 'patronId', 'group']
 * ```
 */
export async function* bulkWaiveCsv<Report>(
  entries: Lines<BulkWaiveEntry, Report>,
  options: CsvOptions = {},
): AsyncGenerator<string, Report, undefined> {
  const { head, format } = csvTable(columns, options);
  yield head;
  return yield* textOf(entries, (entry) =>
    format(entry.fees.length === 0 ? [entry] : entry.fees.map((fee) => ({ ...entry, fee }))),
  );
}

/**
 * The report of a bulk waive. Amounts are decimal strings. Its findings are the accounts that cannot be read, are busy,
 * or are in another currency, each of which is an entry too, and the rows of the set and the file that waive nothing.
 */
export type BulkWaiveTotals = JobReport<BulkWaiveFinding> & {
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
  /** The part of `waived` that is written off: the reason's kind is a write-off. */
  readonly writtenOff: string;
  /** The number of entries that waive nothing, by type of the reason. */
  readonly notWaived: Readonly<Partial<Record<NotWaivedType, number>>>;
  /** The number of patrons whose result differs from the plan. */
  readonly differing: number;
  /**
   * The number of accounts of the institution that are missing from the directory; nothing new is waived in them.
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
  readonly totals: () => Omit<BulkWaiveTotals, keyof JobReport>;
};

/** Starts a tally. The sums are exact for any number of accounts. */
export function bulkWaiveTally(currency: string): BulkWaiveTally {
  const digits = digitsOf(currency);
  const sums = { waived: 0n, waivedEarlier: 0n, waivedAsCredit: 0n, writtenOff: 0n };
  const counts = { patrons: 0, patronsWaived: 0, feesWaived: 0, differing: 0 };
  const notWaived: Partial<Record<NotWaivedType, number>> = {};
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
        if (fee.writeOff) sums.writtenOff += minor;
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
      writtenOff: formatAmount(sums.writtenOff, digits),
      notWaived: { ...notWaived },
      differing: counts.differing,
      accountsNotInDirectory,
    }),
  };
}
