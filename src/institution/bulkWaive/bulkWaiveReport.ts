import { type CsvOptions, checkedCsvOptions, csvLines } from '../csv.js';
import type { BulkWaiveEntry, BulkWaiveFee, BulkWaiveResult } from './bulkWaiveEntry.js';

const columns = [
  ...['institution', 'patronId', 'group', 'hasOverdueLoans', 'owed', 'feeId', 'feeType', 'feeOwed', 'waived'],
  ...['asCredit', 'because', 'earlier', 'plannedWaived', 'plannedBecause', 'differs', 'details'],
];

/** The columns of ids and codes. */
const identifying: ReadonlySet<string | undefined> = new Set([
  'institution',
  'patronId',
  'group',
  'feeId',
  'feeType',
]);

/**
 * Formats a plan or a run of a bulk waive as JSON lines, one for each patron. The lines of a plan can be parsed one by
 * one and passed to {@link runBulkWaive}.
 *
 * @param entries - the entries of a plan or of a run
 * @returns the lines, each with its line end, for {@link writeTextFile}
 *
 * @example
 * ```ts
 * import { bulkWaiveJsonLines } from 'patron-fees/institution';
 *
 * const lines = bulkWaiveJsonLines([]);
 * (await lines.next()).done; //=> true
 * ```
 */
export async function* bulkWaiveJsonLines(
  entries: AsyncIterable<BulkWaiveEntry> | Iterable<BulkWaiveEntry>,
): AsyncGenerator<string> {
  for await (const entry of entries) yield `${JSON.stringify(entry)}\n`;
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
 * import { bulkWaiveCsv } from 'patron-fees/institution';
 *
 * const header = (await bulkWaiveCsv([]).next()).value as string;
 * header.split(',').slice(0, 3); //=> ['institution', 'patronId', 'group']
 * ```
 */
export async function* bulkWaiveCsv(
  entries: AsyncIterable<BulkWaiveEntry> | Iterable<BulkWaiveEntry>,
  options: CsvOptions = {},
): AsyncGenerator<string> {
  const { identifiers } = checkedCsvOptions(options);
  const isKept = (column: number) => identifiers === 'asIs' && identifying.has(columns[column]);
  yield csvLines([columns]);
  for await (const entry of entries) {
    const rows = entry.fees.length === 0 ? [row(entry)] : entry.fees.map((fee) => row(entry, fee));
    yield csvLines(rows, isKept);
  }
}

function row(entry: BulkWaiveEntry & Partial<BulkWaiveResult>, fee?: BulkWaiveFee) {
  const { institution, patronId, group, hasOverdueLoans, owed, because, earlier, planned, differs } = entry;
  const { type, ...details } = because ?? {};
  return [
    ...[institution, patronId, group, hasOverdueLoans, owed],
    ...[fee?.feeId, fee?.feeType, fee?.owed, fee?.waived ?? entry.waived, fee?.asCredit],
    ...[fee?.because ?? type, earlier, planned?.waived, planned?.because, differs],
    Object.keys(details).length > 0 ? JSON.stringify(details) : undefined,
  ];
}
