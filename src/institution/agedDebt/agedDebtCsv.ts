import { type CsvOptions, checkedCsvOptions, csvLines } from '../csv.js';
import type { AgedDebt } from './agedDebt.js';

/** The columns of codes, which come first. */
const identifying = ['owner', 'feeType'];

/**
 * Formats aged debt as CSV: a header, then one line for each library and fee type, with a column for each band. There
 * is no line for the total, since a program that sums the lines would count it twice.
 *
 * @param report - the aged debt
 * @param options - the format of ids and codes
 * @returns the file's text, with line ends as in RFC 4180
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` for invalid options
 *
 * @example
 * ```ts
 * import { definePolicy } from 'patron-fees';
 * import { agedDebt, agedDebtCsv } from 'patron-fees/institution';
 *
 * const form = { asOf: '2026-03-31T12:00:00Z', timeZone: 'America/New_York', bandEndDays: [30, 90] };
 * agedDebtCsv(agedDebt([], definePolicy({ currency: 'USD' }), form));
 * //=> 'owner,feeType,feeTypeLabel,fees,owed,disputed,days 0-30,days 31-90,days 91+,currency\r\n'
 * ```
 */
export function agedDebtCsv({ bands, rows, currency }: AgedDebt, options: CsvOptions = {}): string {
  const { identifiers } = checkedCsvOptions(options);
  const header = [
    ...identifying,
    'feeTypeLabel',
    'fees',
    'owed',
    'disputed',
    // On its own, `0-30` or `1-7` would become a date in a spreadsheet.
    ...bands.map(({ label }) => `days ${label}`),
    'currency',
  ];
  const lines = rows.map(({ owner, feeType, feeTypeLabel, fees, owed, disputed, byBand }) => [
    owner,
    feeType,
    feeTypeLabel,
    fees,
    owed,
    disputed,
    ...byBand,
    currency,
  ]);
  const isKept = (column: number) => identifiers === 'asIs' && column < identifying.length;
  return csvLines([header, ...lines], isKept);
}
