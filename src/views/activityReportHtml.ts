import type { ActivityReport, LibraryFees, ReportBalances } from './activityReport.js';
import {
  type ActivityReportFormat,
  type ActivityReportOptions,
  activityReportFormat,
} from './activityReportFormat.js';
import type { FinesAndFeesRow } from './finesAndFeesRow.js';
import {
  mailAmounts,
  mailDocument,
  mailEntries,
  mailHeading,
  mailParagraph,
  mailTable,
} from './mailFrame.js';
import { type Markup, markup, textMarkup } from './markup.js';
import { plansMarkup } from './planFormat.js';

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
  const format = activityReportFormat(report.currency, options);
  const { words, moment, amount } = format;
  const { patron, libraries, balances } = report;
  const { direction } = words;
  return mailDocument(words, {
    title: `${words.activityReport}: ${patron.name}`,
    heading: markup`${words.activityReport}: ${textMarkup(patron.name)}`,
    below: [
      mailEntries(direction, [
        ...(patron.barcode === undefined ? [] : [[words.barcode, textMarkup(patron.barcode)] as const]),
        [words.date, moment(report.at)],
      ]),
      mailHeading(2, words.loans),
      loansMarkup(report, format),
      mailHeading(2, words.fees),
      libraries.length === 0
        ? mailParagraph(words.noFees)
        : libraries.flatMap((library) => feesMarkup(library, format)),
      plansMarkup(report.paymentPlans, format),
      mailHeading(2, words.total),
      mailAmounts(
        direction,
        [...balancesOf(balances, format), [words.payable, amount(balances.payable)]],
        'sum',
      ),
    ],
  });
}

function loansMarkup({ loans }: ActivityReport, { words, moment }: ActivityReportFormat): Markup {
  if (loans.length === 0) return mailParagraph(words.noLoans);
  const rows = loans.map(({ title, barcode, library, dueAt, overdue }) => ({
    head: textMarkup(title),
    details: [...labelled(words.barcode, barcode), ...(library === undefined ? [] : [textMarkup(library)])],
    cells: [dueAt === undefined ? '' : moment(dueAt)],
    ...(overdue && { alert: words.overdue }),
  }));
  return mailTable(words.direction, [words.title, words.due], rows, { wraps: true });
}

function feesMarkup({ name, rows, balances }: LibraryFees, format: ActivityReportFormat): readonly Markup[] {
  const { words } = format;
  return [
    mailHeading(3, name === null ? words.noLibrary : textMarkup(name)),
    mailTable(
      words.direction,
      [words.type, words.original, words.remaining],
      rows.map((row) => feeRow(row, format)),
    ),
    mailAmounts(words.direction, balancesOf(balances, format)),
  ];
}

function feeRow(row: FinesAndFeesRow, { words, amount, moment }: ActivityReportFormat) {
  const { item, comment, status, transferPending } = row;
  const isAccruing = row.kind === 'fee' && row.accruing;
  return {
    head: textMarkup(row.kind === 'credit' ? words.credit : row.typeLabel),
    details: [
      ...(item?.title ? [textMarkup(item.title)] : []),
      ...labelled(words.barcode, item?.barcode),
      markup`${moment(row.at)}, ${words.statuses[status]}${isAccruing ? `, ${words.accruing}` : ''}`,
      ...(/[1-9]/.test(transferPending) ? [markup`${words.transferPending} ${amount(transferPending)}`] : []),
      ...labelled(words.comment, comment),
    ],
    cells: [amount(row.original), amount(row.remaining)],
  };
}

/** Returns a free text after its label; nothing without a text. */
function labelled(label: string, text: string | null | undefined): readonly Markup[] {
  return text ? [markup`${label}: ${textMarkup(text)}`] : [];
}

function balancesOf(
  balances: ReportBalances,
  { words, amount }: ActivityReportFormat,
): readonly (readonly [string, string])[] {
  return [
    [words.activeBalance, amount(balances.active)],
    [words.disputedBalance, amount(balances.disputed)],
    [words.transferredBalance, amount(balances.transferred)],
  ];
}
