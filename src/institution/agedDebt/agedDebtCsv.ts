import { csvLines } from '../csv.js';
import type { AgedDebt } from './agedDebt.js';

/**
 * Aged debt as a CSV file: the names of the columns, then one line for each library and type of fee, a column for each
 * band. There is no line with the total, which would be counted twice.
 *
 * @param report - aged debt
 * @returns the file's text; lines end as RFC 4180 says, and no cell can become a formula
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
export function agedDebtCsv({ bands, rows, currency }: AgedDebt): string {
  return csvLines([
    [
      ...['owner', 'feeType', 'feeTypeLabel', 'fees', 'owed', 'disputed'],
      // By itself `0-30` or `1-7` would become a date in a spreadsheet.
      ...bands.map(({ label }) => `days ${label}`),
      'currency',
    ],
    ...rows.map(({ owner, feeType, feeTypeLabel, fees, owed, disputed, byBand }) => [
      ...[owner, feeType, feeTypeLabel, fees, owed, disputed],
      ...byBand,
      currency,
    ]),
  ]);
}
