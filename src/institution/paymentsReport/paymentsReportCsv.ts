import { csvLines } from '../csv.js';
import type { PaymentsReport } from './paymentsReport.js';

const figures = ['gross', 'reversed', 'refunded', 'refundsReversed', 'net'] as const;

/**
 * A payments report as a CSV file: the names of the columns, then one line for each row. What a row does not have (a
 * desk of an online payment) is an empty cell. There is no line with the total, which would be counted twice.
 *
 * @param report - a payments report
 * @returns the file's text; lines end as RFC 4180 says, and no cell can become a formula
 *
 * @example
 * ```ts
 * import { definePolicy } from 'patron-fees';
 * import { paymentsReport, paymentsReportCsv } from 'patron-fees/institution';
 *
 * const form = { timeZone: 'UTC', from: '2026-03-01', to: '2026-03-31', by: ['day', 'method'] as const };
 * paymentsReportCsv(paymentsReport([], definePolicy({ currency: 'USD' }), form));
 * //=> 'day,method,gross,reversed,refunded,refundsReversed,net,currency\r\n'
 * ```
 */
export function paymentsReportCsv({ by, rows, currency }: PaymentsReport): string {
  return csvLines([
    [...by, ...figures, 'currency'],
    ...rows.map((row) => [
      ...by.map((column) => row[column]),
      ...figures.map((figure) => row[figure]),
      currency,
    ]),
  ]);
}
