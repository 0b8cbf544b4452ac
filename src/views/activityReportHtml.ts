import type { ActivityReport } from './activityReport.js';
import { type ActivityReportOptions, activityReportLetter } from './activityReportLetter.js';
import { letterHtml } from './letterHtml.js';

/**
 * Formats an activity report as a complete HTML document, for an e-mail, a page or a printer: without scripts, external
 * styles or pictures, at most 600 pixels wide, in light or dark colours as the reader prefers.
 *
 * All text is escaped, and titles and names cannot change the writing direction of the text around them. Screen readers
 * find a language, headings and headers for every cell. No meaning depends on colour. Amounts are at the end of the
 * line, in right-to-left languages at the left.
 *
 * @param report - the report
 * @param options - the reader's locale and time zone, and words other than English
 * @returns the HTML document
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` if the runtime does not know the locale or
 * the time zone, or if the words are not in the language of the locale or not complete
 *
 * @example
 * ```ts
 * import { definePolicy, emptyAccount } from 'patron-fees';
 * import { activityReport, activityReportHtml } from 'patron-fees/views';
 *
 * const report = activityReport(emptyAccount(), definePolicy({ currency: 'USD' }), {
 *   at: '2026-03-02T09:00:00Z',
 *   patron: { name: 'Ada <Lovelace>' },
 *   loans: [],
 * });
 * const html = activityReportHtml(report, { locale: 'en-US', timeZone: 'America/New_York' });
 * html.includes('Activity report: <bdi>Ada &lt;Lovelace&gt;</bdi></h1>'); //=> true
 * ```
 */
export function activityReportHtml(report: ActivityReport, options: ActivityReportOptions): string {
  return letterHtml(activityReportLetter(report, options));
}
