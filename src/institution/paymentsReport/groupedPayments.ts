import { checkedArgument } from '../../input/checkedArgument.js';
import { minorDigits } from '../../money/currency.js';
import type { PaymentsReport } from './paymentsReport.js';
import { columnsField, type PaymentsColumn } from './paymentsReportForm.js';
import { tillMovementKinds } from './tillMovements.js';
import { openTillTally } from './tillTally.js';

/**
 * Groups a report by fewer columns, e.g. by method only or by day only. The total and the number of payments stay the
 * same.
 *
 * @param report - a payments report
 * @param by - columns of the report, in the wanted order
 * @returns a report with these columns
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` for a column that the report does not
 * have, or a repeated one
 *
 * @example
 * ```ts
 * import { definePolicy } from 'patron-fees';
 * import { groupedPayments, paymentsReport } from 'patron-fees/institution';
 *
 * const form = { timeZone: 'America/New_York', from: '2026-03-01', to: '2026-03-31' };
 * const report = paymentsReport([], definePolicy({ currency: 'USD' }), form);
 * groupedPayments(report, ['method']).total.net; //=> '0.00'
 * groupedPayments(report, ['owner']); //=> throws INVALID_ARGUMENT
 * ```
 */
export function groupedPayments(report: PaymentsReport, by: readonly PaymentsColumn[]): PaymentsReport {
  const columns = checkedArgument(columnsField(report.by), by, 'by');
  const tally = openTillTally(columns, minorDigits(report.currency) as number);
  for (const row of report.rows) {
    const place = columns.map((column) => row[column] as string | null);
    for (const kind of tillMovementKinds) tally.add(place, kind, minorUnits(row[kind]));
    tally.count(place, row.payments);
  }
  return { ...report, by: columns, rows: tally.rows() };
}

/** Parses an amount of any size to minor units: its digits. */
function minorUnits(amount: string): bigint {
  return BigInt(amount.replace('.', ''));
}
