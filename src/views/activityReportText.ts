import type { ActivityReport } from './activityReport.js';
import { type ActivityReportOptions, activityReportLetter } from './activityReportLetter.js';
import { letterText } from './letterText.js';

/**
 * Formats an activity report as plain text, for an e-mail or a printer.
 *
 * Titles, names and comments are kept on one line and cannot change the writing direction of the text around them.
 *
 * @param report - the report
 * @param options - the reader's locale and time zone, and words other than English
 * @returns lines, each ended by `\n`
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` if the runtime does not know the locale or
 * the time zone, or if the words are not in the language of the locale or not complete
 *
 * @example
 * ```ts
 * import { definePolicy, emptyAccount } from 'patron-fees';
 * import { activityReport, activityReportText } from 'patron-fees/views';
 *
 * const report = activityReport(emptyAccount(), definePolicy({ currency: 'USD' }), {
 *   at: '2026-03-02T09:00:00Z',
 *   patron: { name: 'Ada Lovelace' },
 *   loans: [],
 * });
 * const text = activityReportText(report, { locale: 'en-GB', timeZone: 'Europe/London' });
 * text.split('\n')[0]; //=> 'Activity report: Ada Lovelace'
 * ```
 */
export function activityReportText(report: ActivityReport, options: ActivityReportOptions): string {
  return letterText(activityReportLetter(report, options));
}
