import type { ActivityReport, LibraryFees, ReportBalances } from './activityReport.js';
import {
  type ActivityReportFormat,
  type ActivityReportOptions,
  activityReportFormat,
} from './activityReportFormat.js';
import type { FinesAndFeesRow } from './finesAndFeesRow.js';
import { planLines } from './planFormat.js';
import { isolatedText, listedText } from './shownText.js';

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
  const format = activityReportFormat(report.currency, options);
  const { words } = format;
  const { patron, libraries, balances } = report;
  const sections = [
    [
      `${words.activityReport}: ${isolatedText(patron.name)}`,
      ...(patron.barcode === undefined ? [] : [`${words.barcode}: ${isolatedText(patron.barcode)}`]),
      `${words.date}: ${format.moment(report.at)}`,
    ],
    loanLines(report, format),
    ...(libraries.length === 0
      ? [[words.fees, words.noFees]]
      : libraries.map((library) => feeLines(library, format))),
    ...planLines(report.paymentPlans, format),
    [words.total, ...balanceLines(balances, format), `${words.payable}: ${format.amount(balances.payable)}`],
  ];
  return `${sections.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

function loanLines({ loans }: ActivityReport, { words, moment }: ActivityReportFormat): string[] {
  if (loans.length === 0) return [words.loans, words.noLoans];
  const lines = loans.map(({ title, barcode, library, dueAt, overdue }) =>
    listedText([
      isolatedText(title),
      barcode !== undefined && `${words.barcode} ${isolatedText(barcode)}`,
      library !== undefined && isolatedText(library),
      dueAt !== undefined && `${words.due} ${moment(dueAt)}`,
      overdue && words.overdue,
    ]),
  );
  return [words.loans, ...lines];
}

function feeLines({ name, rows, balances }: LibraryFees, format: ActivityReportFormat): string[] {
  const { words } = format;
  return [
    `${words.fees}: ${name === null ? words.noLibrary : isolatedText(name)}`,
    ...rows.map((row) => feeLine(row, format)),
    ...balanceLines(balances, format),
  ];
}

function feeLine(row: FinesAndFeesRow, { words, amount, moment }: ActivityReportFormat): string {
  const { item, comment } = row;
  return listedText([
    isolatedText(row.kind === 'credit' ? words.credit : row.typeLabel),
    item?.title !== undefined && isolatedText(item.title),
    item?.barcode !== undefined && `${words.barcode} ${isolatedText(item.barcode)}`,
    moment(row.at),
    words.statuses[row.status],
    row.kind === 'fee' && row.accruing && words.accruing,
    `${words.original} ${amount(row.original)}`,
    `${words.remaining} ${amount(row.remaining)}`,
    `${words.transferPending} ${amount(row.transferPending)}`,
    comment !== null && `${words.comment}: ${isolatedText(comment)}`,
  ]);
}

function balanceLines(balances: ReportBalances, { words, amount }: ActivityReportFormat): string[] {
  return [
    `${words.activeBalance}: ${amount(balances.active)}`,
    `${words.disputedBalance}: ${amount(balances.disputed)}`,
    `${words.transferredBalance}: ${amount(balances.transferred)}`,
  ];
}
