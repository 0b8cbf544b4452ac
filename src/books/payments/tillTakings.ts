import type { MethodAmount } from '../../office/till/tillCommands.js';
import { groupedPayments, type PaymentsReport } from './paymentsReport.js';

/**
 * Returns what a till session took by method, for {@link CloseTill}.
 *
 * @param report - a payments report with the columns `tillSession` and `method`
 * @param sessionId - the session
 * @returns payments less reversals less refunds, by method; without methods that sum to nothing and had no payments
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` if a column is missing in the report
 *
 * @example
 * ```ts
 * import { definePolicy } from 'patron-fees';
 * import { tillTakings } from 'patron-fees/office';
 * import { paymentsReport } from 'patron-fees/reports';
 *
 * const form = { timeZone: 'UTC', from: '2026-03-02', through: '2026-03-02', columns: ['tillSession', 'method'] as const };
 * tillTakings(paymentsReport([], definePolicy({ currency: 'USD' }), form), 'CIRC/1'); //=> []
 * ```
 */
export function tillTakings(report: PaymentsReport, sessionId: string): MethodAmount[] {
  const { rows } = groupedPayments(report, ['tillSession', 'method']);
  return rows
    .filter(({ tillSession }) => tillSession === sessionId)
    .map(({ method = '', net }) => ({ method, amount: net }));
}
