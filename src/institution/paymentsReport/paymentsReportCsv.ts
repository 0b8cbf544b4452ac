import { type CsvOptions, checkedCsvOptions, csvLines } from '../csv.js';
import type { PaymentsReport } from './paymentsReport.js';

const figures = ['payments', 'gross', 'reversed', 'refunded', 'refundsReversed', 'net'] as const;

/**
 * A payments report as a CSV file: the names of the columns, then one line for each row. What a row does not have (a
 * desk of an online payment) is an empty cell. There is no line with the total, which would be counted twice.
 *
 * @param report - a payments report
 * @param options - how ids and codes are written
 * @returns the file's text; lines end as RFC 4180 says
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` for options with faults
 *
 * @example
 * ```ts
 * import { definePolicy } from 'patron-fees';
 * import { paymentsReport, paymentsReportCsv } from 'patron-fees/institution';
 *
 * const form = { timeZone: 'UTC', from: '2026-03-01', to: '2026-03-31', by: ['day', 'method'] as const };
 * paymentsReportCsv(paymentsReport([], definePolicy({ currency: 'USD' }), form));
 * //=> 'day,method,payments,gross,reversed,refunded,refundsReversed,net,currency\r\n'
 * ```
 */
export function paymentsReportCsv({ by, rows, currency }: PaymentsReport, options: CsvOptions = {}): string {
  const { identifiers } = checkedCsvOptions(options);
  const lines = rows.map((row) => [
    ...by.map((column) => row[column]),
    ...figures.map((figure) => row[figure]),
    currency,
  ]);
  const isKept = (column: number) => identifiers === 'asIs' && column < by.length;
  return csvLines([[...by, ...figures, 'currency'], ...lines], isKept);
}
