import type { ActivityReport, LibraryFees, ReportBalances } from './activityReport.js';
import {
  type ActivityReportFormat,
  type ActivityReportOptions,
  activityReportFormat,
} from './activityReportFormat.js';
import type { FinesAndFeesRow } from './finesAndFeesRow.js';
import { describedMarkup, type Markup, markup, optionalCell, tableMarkup, textMarkup } from './markup.js';
import { plansMarkup } from './planFormat.js';
import { shownText } from './shownText.js';

/**
 * Formats an activity report as a complete HTML document, for an e-mail or a page, without scripts or external styles.
 *
 * All text is escaped, and titles and names cannot change the writing direction of the text around them. Screen readers
 * find a language, headings, captions and headers for every cell. No meaning depends on colour.
 *
 * @param report - the report
 * @param options - the reader's locale and time zone, and words other than English
 * @returns the HTML document
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` if the runtime does not know the locale or the time zone,
 * or if the words are not in the language of the locale or not complete
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
 * html.includes('<h1>Activity report: <bdi>Ada &lt;Lovelace&gt;</bdi></h1>'); //=> true
 * ```
 */
export function activityReportHtml(report: ActivityReport, options: ActivityReportOptions): string {
  const format = activityReportFormat(report.currency, options);
  const { words, moment, amount } = format;
  const { patron, libraries, balances } = report;
  const barcode =
    patron.barcode === undefined ? [] : [describedMarkup(words.barcode, textMarkup(patron.barcode))];
  const { html } = markup`<!DOCTYPE html>
<html lang="${words.language}" dir="${words.direction}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${words.activityReport}: ${shownText(patron.name)}</title>
</head>
<body>
<main>
<h1>${words.activityReport}: ${textMarkup(patron.name)}</h1>
<dl>${barcode}${describedMarkup(words.date, markup`${moment(report.at)}`)}
</dl>
<h2>${words.loans}</h2>
${loansMarkup(report, format)}
<h2>${words.fees}</h2>
${libraries.length === 0 ? markup`<p>${words.noFees}</p>` : libraries.map((library) => feesMarkup(library, format))}
${plansMarkup(report.paymentPlans, format)}<h2>${words.total}</h2>
<dl>${balancesMarkup(balances, format)}${describedMarkup(words.payable, markup`${amount(balances.payable)}`)}
</dl>
</main>
</body>
</html>
`;
  return html;
}

function loansMarkup({ loans }: ActivityReport, { words, moment }: ActivityReportFormat): Markup {
  if (loans.length === 0) return markup`<p>${words.noLoans}</p>`;
  const rows = loans.map(
    ({ title, barcode, library, dueAt, overdue }) => markup`
<tr><th scope="row">${textMarkup(title)}</th>${optionalCell(barcode)}${optionalCell(library)}<td>${
      dueAt === undefined ? '' : moment(dueAt)
    }${overdue ? markup` <strong>${words.overdue}</strong>` : ''}</td></tr>`,
  );
  return tableMarkup(markup`${words.loans}`, [words.title, words.barcode, words.library, words.due], rows);
}

function feesMarkup({ name, rows, balances }: LibraryFees, format: ActivityReportFormat): Markup {
  const { words } = format;
  const library = name === null ? markup`${words.noLibrary}` : textMarkup(name);
  const { original, remaining, transferPending } = words;
  const columns = [words.type, words.title, words.barcode, words.date, words.status];
  return markup`<h3>${library}</h3>
${tableMarkup(
  markup`${words.fees}: ${library}`,
  [...columns, original, remaining, transferPending, words.comment],
  rows.map((row) => feeMarkup(row, format)),
)}
<dl>${balancesMarkup(balances, format)}
</dl>
`;
}

function feeMarkup(row: FinesAndFeesRow, { words, amount, moment }: ActivityReportFormat): Markup {
  const amounts = [row.original, row.remaining, row.transferPending];
  const cells = [
    optionalCell(row.item?.title),
    optionalCell(row.item?.barcode),
    markup`<td>${moment(row.at)}</td>`,
    markup`<td>${words.statuses[row.status]}${
      row.kind === 'fee' && row.accruing ? markup` <em>${words.accruing}</em>` : ''
    }</td>`,
    ...amounts.map((text) => markup`<td>${amount(text)}</td>`),
    optionalCell(row.comment),
  ];
  return markup`
<tr><th scope="row">${textMarkup(row.kind === 'credit' ? words.credit : row.typeLabel)}</th>${cells}</tr>`;
}

function balancesMarkup(balances: ReportBalances, { words, amount }: ActivityReportFormat): Markup[] {
  return [
    describedMarkup(words.activeBalance, markup`${amount(balances.active)}`),
    describedMarkup(words.disputedBalance, markup`${amount(balances.disputed)}`),
    describedMarkup(words.transferredBalance, markup`${amount(balances.transferred)}`),
  ];
}
