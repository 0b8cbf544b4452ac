import { type CsvOptions, checkedCsvOptions, csvLines } from '../csv.js';
import type { PaymentsReport } from './paymentsReport.js';

const figures = ['payments', 'gross', 'reversed', 'refunded', 'refundsReversed', 'net'] as const;

/**
 * Formats a payments report as CSV: a header, then one line for each row. Missing values (the desk of an online
 * payment) are empty cells. There is no line for the total, since a program that sums the lines would count it twice.
 *
 * @param report - a payments report
 * @param options - the format of ids and codes
 * @returns the file's text, with line ends as in RFC 4180
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` for invalid options
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
