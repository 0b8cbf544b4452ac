import { csvTable } from '../../job/csv.js';
import { lastColumns, type SealedCsvOptions } from '../../office/seals/sealMark.js';
import type { TillReport } from './runTillReport.js';
import type { TillReportRow } from './tillReportRow.js';

const columns = [
  'till',
  'sessionId',
  'openedAt',
  'openedBy',
  'closedAt',
  'closedBy',
  'method',
  'float',
  'moved',
  'payments',
  'takings',
  'recordedLater',
  'expected',
  'counted',
  'difference',
  'deposit',
  'depositReference',
  'undeclared',
] as const satisfies readonly (keyof TillReportRow)[];

/**
 * Formats a till report as CSV: a header, then one line for each session and method.
 *
 * @param report - the report
 * @param options - the format of ids and codes; the seal of the month, named in a last column
 * @returns the file's text, with line ends as in RFC 4180
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` for invalid options
 *
 * @example
 * ```ts
 * import { definePolicy } from 'patron-fees';
 * import { memoryEventStore } from 'patron-fees/history';
 * import { executeTill, officeEvents, runTillReport, tillReportCsv } from 'patron-fees/office';
 *
 * const at = '2026-03-02T14:00:00Z';
 * const stores = {
 *   accounts: memoryEventStore({ now: () => at }),
 *   office: memoryEventStore({ now: () => at, codec: officeEvents }),
 * };
 * const policy = definePolicy({ currency: 'USD' });
 * const by = { channel: 'desk', userId: 'kim' } as const;
 * const open = { type: 'OpenTill', id: 's1', float: '50.00', at, by } as const;
 * await executeTill(stores.office, policy, { institution: 'north', till: 'CIRC' }, open);
 * const form = { institution: 'north', timeZone: 'America/New_York', from: '2026-03-02', through: '2026-03-02' };
 * const [, line] = tillReportCsv(await runTillReport(stores, policy, form)).split('\r\n');
 * line?.split(',').slice(0, 4); //=> ['CIRC', 's1', '2026-03-02T14:00:00Z', 'kim']
 * ```
 */
export function tillReportCsv(
  { rows, currency }: TillReport,
  { seal, ...options }: SealedCsvOptions = {},
): string {
  const { head, format } = csvTable([...columns, ...lastColumns(currency, seal)], options);
  return head + format(rows);
}
