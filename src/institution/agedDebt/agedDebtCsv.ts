import { type CsvOptions, checkedCsvOptions, csvLines } from '../csv.js';
import type { AgedDebt } from './agedDebt.js';

/** The columns of codes, which come first. */
const identifying = ['owner', 'feeType'];

/**
 * Aged debt as a CSV file: the names of the columns, then one line for each library and type of fee, a column for each
 * band. There is no line with the total, which would be counted twice.
 *
 * @param report - aged debt
 * @param options - how ids and codes are written
 * @returns the file's text; lines end as RFC 4180 says
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` for options with faults
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
    // By itself `0-30` or `1-7` would become a date in a spreadsheet.
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
